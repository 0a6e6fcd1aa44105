/** The view Tokenizer. */
import type { Mixed } from '../../mixed.js';
import { isolated } from '../../mixed.js';

/** The view Tokenizer in English. */
export const tokenizer = {
  label: 'Tokenizer',
  about:
    'A model reads no letters and no words but pieces, each a number. Three ways to cut the same text, side by side; choose a word to see how each comes to its pieces.',
  help: {
    term: 'a tokenizer',
    text: 'WordPiece (BERT) takes the longest piece of its vocabulary that a word begins with, then goes on with the rest; ## marks a piece inside a word. Byte-level BPE (GPT-2) begins with single bytes and joins the pair that was learned first, again and again; Ġ is a blank, and no text is unknown to it. Unigram (one of SentencePiece’s ways) gives each piece a probability and takes the cut whose product is greatest; ▁ is a blank. Try a long word, an accent, an emoji, another script. No model is needed: only the tokenizers’ files are fetched.',
  },
  empty: ['The text will stand here, cut in three ways.'],
  examples: {
    words: 'Rare words',
    accents: 'Accents and emoji',
    scripts: 'Other scripts',
    numbers: 'Numbers and code',
  },
  fetching: (name: string) => `Fetching the tokenizer: ${name}.`,

  names: {
    bert: 'WordPiece, of the small BERT',
    gpt: 'Byte-level BPE, of the small GPT-2',
    unigram: 'Unigram, as SentencePiece makes it',
    given: (kind: string, model: string) => `${kind}, of ${isolated(model)}`,
  },
  kinds: {
    wordpiece: 'WordPiece',
    bpe: 'BPE',
    byteBpe: 'Byte-level BPE',
    unigram: 'Unigram',
    wordlevel: 'Whole words',
  },
  summary: (counts: readonly string[]) => `Tokens: ${counts.join(', ')}.`,
  countBy: (tokens: string, kind: string) => `${tokens} by ${kind}`,
  countOf: (tokens: string, bytes: string, perByte: string) => `${tokens} for ${bytes}: ${perByte} bytes per token`,
  another: 'A model that the tab Models gives to Inside shows its own tokenizer here as well.',
  notFetched: (why: string) => `This tokenizer could not be opened. ${why}`,
  again: 'Try again',

  chooseWord: 'Choose a word',
  step: 'Step',
  stepOf: (step: string, steps: string) => `${step} of ${steps}`,
  previous: 'Previous step',
  next: 'Next step',
  start: 'First step',
  end: 'Last step',
  stepAbout: 'The arrow keys move step by step through all three at once; one that is done waits.',
  done: 'Done.',
  normalized: 'Normalised first',
  bytes: 'Bytes',
  ids: 'Numbers',
  whole: 'Taken whole: it is a token of its own.',
  notShown: 'Its steps are too many to show; these are its pieces.',

  tried: <T>(piece: T, found: boolean): Mixed<T> =>
    found ? ['Look for ', piece, ': in the vocabulary, taken.'] : ['Look for ', piece, ': not in the vocabulary.'],
  begin: 'The word as it is. Go on step by step.',
  symbols: 'Begin with single symbols.',
  bytesFirst: 'Begin with single bytes.',
  merge: <T>(left: T, right: T, rank: string): Mixed<T> => ['Join ', left, ' and ', right, `: merge number ${rank}.`],
  noMerge: 'No pair in it was learned: it stays as it is.',
  lattice: <T>(piece: T, score: string, total: string, best: boolean): Mixed<T> => [
    'Up to here by ',
    piece,
    `: ln p = ${score}, ${total} in all. ${best ? 'The best so far.' : 'A better way is known.'}`,
  ],
  path: 'Go back along the best ways: these are the pieces.',
  unknown: 'Not in the vocabulary: one token for the unknown.',
  soFar: 'So far',
  history: 'The steps before',

  columns: ['tokenizer', 'index', 'token', 'id', 'start', 'end', 'text', 'bytes (hex)'],
  table: 'All tokens as a table',
  picture: (text: string) => `“${isolated(text)}”, cut in pieces`,
};
