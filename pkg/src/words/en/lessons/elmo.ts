/** The lesson on ELMo. */
import type { LessonWords } from './lesson.js';

/** The lesson on ELMo in English. */
export const elmo: LessonWords = {
  title: 'ELMo: a word in its sentence',
  aim: 'You train two language models that read in opposite directions, and see how a word gets another vector in another sentence.',
  question:
    'In a model’s vectors, the “bank” of a river and a “bank” that lends money are nearly the same. Why can it not tell them apart?',
  answer:
    'In the text that it was trained on, “bank” stood in one of the two meanings only, or hardly at all. It had no examples from which to learn that there are two. A vector is made of the neighbours that were seen, not of a dictionary.',
  steps: [
    {
      title: 'What is predicted',
      task: 'Set up the run: take the text of the link, press Start, and Pause after a few steps. Open “The batch at hand”.',
      look: 'One model predicts each token from those before it, the other from those behind it. Why are two models needed, and not one that sees both sides?',
      expect:
        'A language model that saw the other side would see the answer. Each of the two reads honestly, and their states are laid side by side.',
    },
    {
      title: 'Two losses',
      task: 'Let it run for at least 300 steps. Look at the loss on held-out text.',
      look: 'The loss is that of both directions together. Is it harder to guess the word before than the word behind? Read a sentence backwards and try.',
      expect:
        'Both are about equally hard for a model: the information between neighbours is the same from either side. It only feels harder to us.',
    },
    {
      title: 'It writes, too',
      task: 'Look at “Words out of noise”: the forward model continues a beginning.',
      look: 'Compare with what a GPT writes after as many steps. What do LSTMs forget?',
      expect:
        'Short phrases are alike. An LSTM carries all it read in one vector, so that quotation marks and names from far back are lost sooner.',
    },
    {
      title: 'One word, two places',
      task: 'Open “One word in two contexts”. Take “well” in “She drew water from the well.” and “The Scarecrow could walk very well.” Go through the layers.',
      look: 'In the lowest layer the two vectors are the same point. Where do they part, and whose neighbours do they come to lie beside?',
      expect:
        'Embeddings know the word alone; from the first LSTM layer on, the neighbours are in it. This is what ELMo brought in 2018.',
    },
    {
      title: 'What went wrong',
      task: 'Now take a word of which the text knows one meaning only: “bank” in “They rested on the bank of the river.” and “The bank lent him the money.”',
      look: 'They part less, or for the wrong reason. Look how often each meaning stands in the text. What would you have to give the model?',
      expect:
        'The text has river banks alone (or none). The fault is not in the arithmetic: it lacks examples. More and other text is the remedy, not a better word list.',
    },
  ],
};
