import { expect, test } from 'vitest';
import { DARKEST, joins, ranked, sentencesOf, SHADES, shadeOf, shown, type Scored, type Sentence } from './score.js';

const sentence = (text: string, perplexity: number | null, total: number, perByte: number | null): Sentence => ({
  text,
  tokens: [],
  perplexity,
  total,
  perByte,
});

test('one sentence a line', () => expect(sentencesOf(' One.\n\n  \nTwo. ')).toEqual(['One.', 'Two.']));

test('sentences are ranked by any of their figures, those without last', () => {
  const sentences = [sentence('a', 9, 30, 1), sentence('b', null, 0, null), sentence('c', 4, 40, 2)];
  const order = (by: Parameters<typeof ranked>[1]): string =>
    ranked(sentences, by)
      .map(({ sentence: { text } }) => text)
      .join('');
  expect([order('perplexity'), order('total'), order('bytes'), order('text')]).toEqual(['cab', 'bac', 'acb', 'abc']);
  expect(ranked(sentences, 'perplexity').map(({ index }) => index)).toEqual([2, 0, 1]);
});

test('shades are of absolute bits', () => {
  expect([NaN, 0, DARKEST / 2, DARKEST, 99].map(shadeOf)).toEqual([0, 0, SHADES / 2, SHADES, SHADES]);
});

test('tokens of one word join; the blank that byte-level offsets begin with parts them', () => {
  const token = (text: string, start: number): Scored => ({
    ...{ text, token: text, start, end: start + text.length, bits: 1, rank: 1, top: [] },
  });
  const tokens = [token('W', 0), token('ent', 1), token(' moon', 4), token('the', 10)];
  expect(tokens.map((_, at) => joins(tokens, at))).toEqual([false, true, false, false]);
  expect(tokens.map(shown)).toEqual(['W', 'ent', 'moon', 'the']);
  expect(shown(token('  ', 0))).toBe('␣␣');
});
