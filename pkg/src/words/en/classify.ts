/** The Classify screen. */
import { isolated } from '../mixed.js';

/** The Classify screen in English. */
export const classify = {
  verb: 'Classify',
  doing: 'Reading the text.',
  examples: {
    praise: 'Praise',
    blame: 'Blame',
    irony: 'Irony',
    pair: 'A pair',
  },

  about:
    'A model that was fine-tuned for it puts a text into one of the classes it was taught: praise or blame, a topic, a feeling; of two texts, whether one follows from the other.',
  help: {
    term: 'text classification',
    text: 'The vector of the first token, [CLS], stands for the whole text (in GPT-2 that of the last token); a small layer makes one score a class of it. They become probabilities that add up to 100 % (softmax), or one for each class alone (sigmoid), as the model’s files say.',
  },
  needs: 'This screen takes a model that was fine-tuned to classify texts, and none comes with Cloze.',
  offers: {
    sst2: 'praise or blame, learned from film reviews',
    mnli: 'for pairs: does the second text follow from the first?',
  },

  text: 'Text',
  pair: 'Second text',
  pairAbout: 'Only for models that judge pairs; otherwise leave it empty.',
  noText: 'Type a text, or choose an example above.',

  top_k: { label: 'Classes', about: 'The best so many are shown.' },
  functions: {
    legend: 'Probabilities',
    auto: { name: 'As the model says', about: 'in its configuration' },
    softmax: { name: 'Softmax', about: 'The classes exclude each other: 100 % in all.' },
    sigmoid: { name: 'Sigmoid', about: 'Each class is judged alone.' },
  },
  settings: (name: string, classes: string) => `${name}, ${classes}`,

  empty: [
    'The classes of the text will stand here with their probabilities.',
    'Choose an example, or type a text and press Classify.',
  ],
  answered: (label: string, probability: string, time: string) => `${isolated(label)} with ${probability}, in ${time}.`,
  classes: 'Classes',
  label: 'Class',
  number: 'Number',
  functionAbout: {
    softmax: 'The probabilities of all classes add up to 100 %.',
    sigmoid: 'Each class is judged alone, so that the figures need not add up to 100 %.',
    none: 'This model was trained to give numbers (regression), not probabilities.',
  },
};
