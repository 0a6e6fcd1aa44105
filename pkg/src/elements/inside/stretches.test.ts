import { expect, test } from 'vitest';
import { stretchAt, stretches } from './stretches.js';

test('words with their places, masks taken whole', () => {
  const text = 'Don’t [MASK], 東京!';
  const all = stretches(text);
  expect(all.map(({ text: word }) => word).slice(0, 3)).toEqual(['Don’t', '[MASK]', ',']);
  for (const { text: word, start, end } of all) expect(text.slice(start, end)).toBe(word);
});

test('the stretch at a place', () => {
  const all = stretches('one two');
  expect([0, 3, 4, 99].map((at) => stretchAt(all, at)?.text)).toEqual(['one', 'one', 'two', 'two']);
  expect(stretchAt([], 0)).toBeUndefined();
});
