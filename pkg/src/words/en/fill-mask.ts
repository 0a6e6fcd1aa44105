/** The Fill mask screen. */
import { isolated, type Mixed, type SetApart } from '../mixed.js';

/** The Fill mask screen in English. */
export const fillMask = {
  verb: 'Predict',
  doing: 'Reading the text.',
  examples: {
    cake: 'The empty box',
    proverb: 'A proverb',
    grammar: 'Grammar',
    two: 'Two masks',
    compare: 'Compare words',
  },

  about: <T>(token: SetApart<T>): Mixed<T> => [
    'Some words are hidden behind ',
    token('[MASK]'),
    '. BERT reads what stands before and after them at once, and gives every word of its vocabulary a probability of being the hidden one.',
  ],
  help: {
    term: 'a masked language model',
    text: 'BERT learned by having one word in seven hidden and guessing it from both sides, on millions of sentences. The percentages are its whole belief: over all the words it knows they add up to 100 %.',
  },
  own: 'The model that comes with Cloze is small (30 million parameters): good at grammar and everyday things, patchy on facts. It has read English only; google-bert/bert-base-chinese has read Chinese.',

  text: 'Text',
  placeholder: 'Type a sentence; write [MASK] where a word is wanted.',
  noText: 'Type a sentence first, or choose an example above.',
  noMask: 'No word is masked. Click a word below the box to mask it, or type [MASK] where a word is wanted.',
  insert: <T>(token: T): Mixed<T> => ['Insert ', token],
  gaps: <T>(token: T): Mixed<T> => ['Gaps written as ', token, ' become masks too.'],
  clickAWord: 'Click a word to mask it',
  typedMask: (number: number) => `mask ${number}, select it in the text`,
  hidingMask: (number: number, word: string) => `mask ${number}, hides “${isolated(word)}”`,
  hides: (word: string) => `Hides “${isolated(word)}”: click to put it back`,

  orders: {
    legend: 'Several masks',
    help: {
      term: 'joint filling',
      text: 'BERT predicts each mask on its own, so that two good words need not go well together. Filling one and reading the text again, left to right or the surest first, lets later words agree with earlier ones.',
    },
    independent: { name: 'Independently', about: 'Each mask is predicted as if the others stayed masked.' },
    'left-to-right': { name: 'Left to right', about: 'Each fill is read when the next mask is predicted.' },
    'best-first': {
      name: 'Best first',
      about: 'The surest mask is filled first, then all are predicted again.',
    },
  },
  targets: 'Words to compare',
  targetsPlaceholder: 'for example: he, she, they',
  targetsAbout: 'Shows these words only, with the same absolute probabilities; masks filled independently.',
  candidates: 'Candidates',
  candidatesAbout: 'How many words each table shows.',
  settings: (order: string, shown: string) => `masks ${order.toLowerCase()}, ${shown}`,

  predicted: (masks: string, time: string, words: readonly string[]) =>
    `${masks} predicted in ${time}: ${words.join(', ')}.`,
  wordWith: (word: string, probability: string) => `“${isolated(word)}” ${probability}`,
  required: 'Predict first: the word in the sentence is what this form sends.',
  empty: [
    'The words that BERT expects will stand here, with their probabilities.',
    'Choose an example, or mask a word of your own sentence and press Predict.',
  ],
  stale: 'This is the answer to the text before your last change. ',
  chooseAWord: 'Choose a word in a table to put it into the sentence.',
  inTheSentence: (word: string, probability: string) => `In the sentence: “${isolated(word)}”, ${probability}.`,
  theMask: 'The mask',
  maskNumber: (number: number) => `Mask ${number}`,
  filledAt: (step: number) => `, filled at step ${step}`,
  word: 'Word',
  asRead: 'as BERT reads the text',
  tokensAbout: 'Each token with its number in the vocabulary.',
  tokenHelp: {
    term: 'a token',
    text: 'BERT knows about 30,000 pieces of words; rare words are put together from several, and ## marks a piece that continues a word. [CLS] and [SEP] are added at the beginning and the end.',
  },
  steps: 'Step by step',
  step: <T>(mask: number, word: T, probability: string): Mixed<T> => [`mask ${mask} is `, word, ` (${probability})`],
  allTogether: (probability: string) => `All together ${probability}: the product of the steps.`,
  filled: 'Filled sentences',
  filledAbout: 'Ranked as if the masks did not depend on one another; joint filling in the settings lets them.',
};
