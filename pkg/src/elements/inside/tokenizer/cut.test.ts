import { describe, expect, test } from 'vitest';
import type { TokenizedWord } from '../../../index.js';
import { bytesOf, hex } from '../../token-bytes.js';
import { stepsOf, wordsAt, type Step } from './cut.js';

const word = (text: string, rest: Partial<TokenizedWord>): TokenizedWord => ({
  text,
  start: 0,
  end: text.length,
  added: false,
  pieces: [],
  ids: [],
  bytes: [],
  shown: true,
  tried: [],
  symbols: [],
  merges: [],
  lattice: [],
  ...rest,
});
const pictured = ({ pieces }: Step): string =>
  pieces.map(({ text, state }) => ({ done: text, now: `[${text}]`, rest: `(${text})` })[state]).join(' ');

describe('steps', () => {
  test('WordPiece looks for the longest piece first', () => {
    const tried = [
      { piece: 'cats', found: false },
      { piece: 'cat', found: true },
      { piece: '##s', found: true },
    ];
    const steps = stepsOf([word('cats', { pieces: ['cat', '##s'], tried })], false);
    expect(steps.map(pictured)).toEqual(['(cats)', '[cats]', '[cat] (s)', 'cat [##s]']);
    expect(steps.map(({ deed }) => deed.kind)).toEqual(['start', 'try', 'try', 'try']);
  });

  test('WordPiece gives a word up whose rest is unknown', () => {
    const tried = [
      { piece: 'xy', found: false },
      { piece: 'x', found: true },
      { piece: '##y', found: false },
    ];
    const steps = stepsOf([word('xy', { pieces: ['[UNK]'], tried })], false);
    expect(pictured(steps.at(-1)!)).toBe('[UNK]');
    expect(steps.at(-1)!.deed.kind).toBe('unknown');
  });

  test('BPE joins pairs in the order in which they were learned', () => {
    const merges = [
      { left: 'a', right: 't', result: 'at', rank: 3, at: 1, pieces_after: ['c', 'at'] },
      { left: 'c', right: 'at', result: 'cat', rank: 90, at: 0, pieces_after: ['cat'] },
    ];
    const steps = stepsOf([word('cat', { pieces: ['cat'], symbols: ['c', 'a', 't'], merges })], true);
    expect(steps.map(pictured)).toEqual(['(cat)', 'c a t', 'c [at]', '[cat]']);
    expect(steps[2]!.deed).toEqual({ kind: 'merge', left: 'a', right: 't', rank: 3 });
    const alone = stepsOf([word('q', { pieces: ['q'], symbols: ['q'] })], true);
    expect(alone.map(({ deed }) => deed.kind)).toEqual(['start', 'symbols', 'stay']);
  });

  test('Unigram weighs each way, then goes back along the best', () => {
    const piece = { known: true, score: -1, total: -1, best: true, chosen: true };
    const lattice = [
      { start: 0, end: 1, piece: '▁', ...piece },
      { start: 0, end: 3, piece: '▁ca', ...piece },
      { start: 1, end: 4, piece: 'cat', ...piece },
    ];
    const steps = stepsOf([word('▁cat', { pieces: ['▁', 'cat'], lattice })], false);
    expect(steps.map(pictured)).toEqual(['(▁cat)', '[▁] (cat)', '[▁ca] (t)', '(▁) [cat]', '▁ cat']);
  });

  test('several words follow each other; an added token is taken whole, and steps may be too many', () => {
    const words = [
      word('[SEP]', { pieces: ['[SEP]'], added: true }),
      word('long', { pieces: ['lo', 'ng'], shown: false }),
    ];
    const steps = stepsOf(words, false);
    expect(steps.map(pictured)).toEqual(['([SEP]) (long)', '[SEP] (long)', '[SEP] lo ng']);
    expect(steps.map(({ deed }) => deed.kind)).toEqual(['start', 'whole', 'hidden']);
  });
});

test('the words of a tokenizer that a stretch touches', () => {
  const words = [
    word('Don', { start: 0, end: 3 }),
    word('’', { start: 3, end: 4 }),
    word('stop', { start: 6, end: 10 }),
  ];
  const found = wordsAt({ kind: 'wordpiece', byte_level: false, normalized: '', words }, 0, 5);
  expect(found.map(({ text }) => text)).toEqual(['Don', '’']);
});

// https://github.com/openai/gpt-2/blob/master/src/encoder.py, bytes_to_unicode
test('bytes of tokens: of a byte-level vocabulary its own, else those of the text', () => {
  expect(hex(bytesOf('Ġcaf', 'caf', true))).toBe('20 63 61 66');
  expect(hex(bytesOf('Ã©', 'é', true))).toBe('C3 A9');
  expect(hex(bytesOf('Ċ', '\n', true))).toBe('0A');
  expect(hex(bytesOf('ð', '🙂', true))).toBe('F0');
  expect(hex(bytesOf('##é', 'é', false))).toBe('C3 A9');
  expect(hex(bytesOf('<|東|>', '<|東|>', true))).toBe('3C 7C E6 9D B1 7C 3E');
});
