/** The lesson on XLNet. */
import type { LessonWords } from './lesson.js';

/** The lesson on XLNet in English. */
export const xlnet: LessonWords = {
  title: 'XLNet: in any order',
  aim: 'You train a model that predicts words in orders drawn at random, and see what it can do that guessing each gap alone cannot.',
  question:
    'A model fills two gaps in “They sailed to [MASK] [MASK].” with “New” and “Francisco”. Each was often right in such a place, together they are wrong. Why does it write that?',
  answer:
    'It was trained to guess each hidden word by itself, from words that are not hidden. Both “New” and “San” (“York” and “Francisco”) were frequent in its training text; it never had to make two guesses fit. How it was trained and what was in the text explain it; nothing is broken.',
  steps: [
    {
      title: 'What is predicted',
      task: 'Set up the run: take the text of the link, press Start, and Pause after a few steps. Open “The batch at hand”.',
      look: 'The numbers are places in the order that was drawn. Choose a token: from which others is it predicted? Go to another row: why is the order another one?',
      expect:
        'From all with smaller numbers, left and right alike. Over many orders each word is predicted from every mixture of its neighbours.',
    },
    {
      title: 'Two streams',
      task: 'Compare the two masks below: content stream and query stream.',
      look: 'The content stream sees the token itself, the query stream does not. What would happen if the one that predicts saw its own token?',
      expect:
        'The answer would stand in the question, and the loss would fall to nothing without anything learnt. But the query must know where it is, or it could not tell which token to predict.',
    },
    {
      title: 'Let it learn',
      task: 'Let it run for at least 300 steps, and train a BERT of the same size on the same text.',
      look: 'Show both in the plot. Which learns from more predictions a step? Why may their losses not be compared as they are?',
      expect:
        'They predict other tokens from other contexts and cut the text otherwise. Fair comparisons need the same question: the next step has one.',
    },
    {
      title: 'Two gaps',
      task: 'Give both runs the same “Sentence with [MASK]” with two gaps, such as “The [MASK] [MASK] melted away.”',
      look: 'BERT guesses each gap as if the other were empty. XLNet guesses the second knowing the first. Do the pairs fit?',
      expect:
        'With so little training both are often wrong; what to look for is whether second guesses change with the first. BERT’s cannot.',
    },
    {
      title: 'What went wrong',
      task: 'Find a sentence for which one of them gives two words that do not fit together. Note both words, and look for them in the text.',
      look: 'How often does each word stand there, how often the pair? Is it the text, the training, or chance that made the mistake?',
      expect:
        'Mostly: each word is frequent, the pair is rare or absent. A wrong pair can come from the way it is trained (BERT) or from too little text (both); a good answer tells these apart.',
    },
  ],
};
