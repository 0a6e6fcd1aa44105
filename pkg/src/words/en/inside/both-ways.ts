/** The view Both ways. */
import { isolated } from '../../mixed.js';

/** The view Both ways in English. */
export const bothWays = {
  label: 'Both ways',
  about:
    'One gap, four readers: GPT from what stands on the left; BERT from the left alone, from the right alone, and from both sides at once.',
  help: {
    term: 'reading both ways',
    text: 'ELMo read a text twice, from the left and from the right, with two networks that knew nothing of each other, and laid their answers side by side: BERT’s authors call that a shallow concatenation of two directions. In BERT every layer sees both sides at once, so that a word on the left can change what one on the right means. The row “pasted together” multiplies the two one-sided answers, which is the most that two separate readers can do; compare it with the one that reads jointly. For one side alone, BERT’s other side is masked, word for word.',
  },
  empty: ['The answers of each reader to the same gap will stand here, side by side.'],
  examples: {
    cold: 'The water froze',
    ball: 'After the ball',
    boat: 'Across the river',
    key: 'Where two halves are enough',
    side: 'Where the left is enough',
  },

  noMask: 'Write [MASK] once, where the gap is, or click a word below the box.',
  severalMasks: 'This view is about one gap: write [MASK] once.',
  clickAWord: 'Click a word to put the gap there',
  answer: 'The word that stood there',
  answerAbout:
    'If you name it, each reader says how likely it finds it. A word that you click away is filled in for you.',

  reading: (reader: string) => `Reading: ${reader}.`,
  readers: {
    gpt: { name: 'Left, GPT', about: 'what it would write next' },
    left: { name: 'Left, BERT', about: 'the right side is masked' },
    right: { name: 'Right, BERT', about: 'the left side is masked' },
    pasted: { name: 'Left and right pasted together', about: 'both one-sided answers of BERT multiplied' },
    both: { name: 'Both at once, BERT', about: 'the whole sentence' },
  },
  sees: 'Reads',
  noText: 'no text, but the two answers before',
  nothing: 'nothing: the gap is at the edge',
  word: 'Word',
  answerIs: (probability: string, rank: string) => `${probability}, guess number ${rank}`,
  notAmong: (most: string) => `not among the first ${most}`,
  answerRow: (word: string) => `“${isolated(word)}”`,
  summary: (both: string, gpt: string | undefined) =>
    `From both sides: “${isolated(both)}”${gpt === undefined ? '' : `; from the left, GPT: “${isolated(gpt)}”`}.`,

  columns: ['reader', 'rank', 'token', 'probability'],
  picture: (sentence: string) => `What stands in the gap of “${isolated(sentence)}”, by four readers`,
  table: 'All answers as a table',
};
