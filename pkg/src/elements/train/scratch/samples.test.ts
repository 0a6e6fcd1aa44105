import { expect, test } from 'vitest';
import { growing, sampleEvery } from './samples.js';

test('samples grow rarer: at 10, 30, 100, 300 steps', () => {
  expect([0, 1, 9, 10, 29, 30, 99, 100, 5000].map(growing)).toEqual([10, 10, 10, 30, 30, 100, 100, 300, 10_000]);
  expect(sampleEvery('each', 7)).toBe(100);
});
