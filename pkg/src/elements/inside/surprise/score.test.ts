import { expect, test } from 'vitest';
import { DARKEST, ranked, sentencesOf, SHADES, shadeOf, type Sentence } from './score.js';

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
