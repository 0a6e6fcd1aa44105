import { expect, test } from 'vitest';
import { moveGap, pasted, placeOf } from './readers.js';

const of = (words: Record<string, number>) =>
  Object.entries(words).map(([word, probability]) => ({ word, probability }));

test('two answers pasted together: the product over the words that both have, with a sum of 1', () => {
  const both = pasted(of({ door: 0.6, box: 0.3, sky: 0.1 }), of({ box: 0.5, door: 0.1, key: 0.4 }));
  expect(both.map(({ word }) => word)).toEqual(['box', 'door']);
  expect(both[0]!.probability).toBeCloseTo(0.15 / 0.21);
  expect(both[1]!.probability).toBeCloseTo(0.06 / 0.21);
  expect(pasted(of({ a: 1 }), of({ b: 1 }))).toEqual([]);
});

test('the place of a word, whose case may not be the model’s', () => {
  const answers = of({ paris: 0.5, Rome: 0.25 });
  expect(placeOf('Paris', answers)).toEqual({ word: 'Paris', probability: 0.5, rank: 1 });
  expect(placeOf('Rome', answers)).toEqual({ word: 'Rome', probability: 0.25, rank: 2 });
  expect(placeOf('Oslo', answers)).toEqual({ word: 'Oslo', probability: 0, rank: 0 });
});

test('the gap moves to another word, and what stood in it comes back', () => {
  const text = 'The cat sat on the [MASK].';
  expect(moveGap(text, { text: 'cat', start: 4, end: 7 }, 'mat')).toEqual({
    text: 'The [MASK] sat on the mat.',
    answer: 'cat',
  });
  expect(moveGap('A dog.', { text: 'dog', start: 2, end: 5 }, '')).toEqual({ text: 'A [MASK].', answer: 'dog' });
});
