/** The lesson on GPT. */
import type { LessonWords } from './lesson.js';

/** The lesson on GPT in English. */
export const gpt: LessonWords = {
  title: 'GPT: what comes next',
  aim: 'You train a model that writes, see words come out of noise, and find out where its sentences come from.',
  question:
    'A small language model writes: “The capital of France is the Emerald City.” Nobody programmed that sentence. Why does it write it?',
  answer:
    'It has only ever seen the Oz books: there, cities are called the Emerald City. It continues with what was likely in its training text; France and the real world were not in it. (Two thoughts: the training data, and that it predicts rather than knows.)',
  steps: [
    {
      title: 'What is predicted',
      task: 'Set up the run: take the text of the link, press Start, and Pause after a few steps. Open “The batch at hand”.',
      look: 'Each token is to be predicted from those before it, at every place of the text at once. Cover the end of a row: what would you say comes next?',
      expect:
        'The text is its own answer key: nobody wrote questions or labels. A class often expects “it learns grammar rules”; there is only the next token.',
    },
    {
      title: 'Out of noise',
      task: 'Press Resume and let it run for at least 300 steps. Look at “Words out of noise”.',
      look: 'Compare the samples of step 1, 10, 100 and 300. What did it learn first, what later, what not at all?',
      expect:
        'Blanks and common letters, then short words (the, and, said), then names and phrases. Sentences sound right; a plot or a thought is not there. The order is that of frequency in the text.',
    },
    {
      title: 'How good is that?',
      task: 'Look at the plot until the bold line (held-out text) lies below the bigram level.',
      look: 'The dashed lines are tables that count tokens. What must a model know to be better than a table of which token follows which? Why is it measured on text that it has not read?',
      expect:
        'It must use more than one token before: longer words, names, quotation marks that close. On text it has read it could have learnt by heart; the faint line falls below the bold one in long runs.',
    },
    {
      title: 'Another text',
      task: 'Set up the same model for the facts about countries, and let it run for 300 steps. Give both runs the same “Beginning”, such as “The king”.',
      look: 'Model, size and seed are the same. What is different in the samples, and where does the difference come from?',
      expect:
        'Only the text was changed, so all of the difference comes from it: subject, style, even punctuation. This is the step that moves answers from “it thinks” to “it was trained on”.',
    },
    {
      title: 'What went wrong',
      task: 'Ask the run on countries for something false: let it continue “France is a country in Europe. Its capital is” and “The largest city in Italy is” a few times.',
      look: 'The sentences are fluent and mostly wrong. Find in the text how often the right answer stands there, and how often the pattern does. Is the model lying?',
      expect:
        'The pattern stands there almost two hundred times, each answer once or twice. The model learns what is frequent: the form. Lying would need knowing better.',
    },
  ],
};
