import { expect, it } from 'vitest';
import { rovingTarget } from './roving.js';

it.each([
  ['ArrowRight', 1, 2],
  ['ArrowDown', 1, 2],
  ['ArrowLeft', 1, 0],
  ['ArrowUp', 0, 0],
  ['ArrowRight', 4, 4],
  ['Home', 3, 0],
  ['End', 0, 4],
])('%s from %d goes to %d', (key, from, to) => expect(rovingTarget(key, from, 5)).toBe(to));

it('leaves other keys and empty rows alone', () => {
  expect(rovingTarget('a', 0, 5)).toBeNull();
  expect(rovingTarget('Home', 0, 0)).toBeNull();
});

it('mirrors the horizontal keys when the text runs right to left', () => {
  expect(rovingTarget('ArrowLeft', 1, 5, true)).toBe(2);
  expect(rovingTarget('ArrowRight', 1, 5, true)).toBe(0);
});
