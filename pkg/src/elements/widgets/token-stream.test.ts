import { expect, it } from 'vitest';
import { rampStep } from './token-stream.js';

it.each([
  [0, 0],
  [0.009, 0],
  [0.01, 1],
  [0.1, 2],
  [0.3, 3],
  [0.5, 4],
  [1, 4],
])('a token of probability %f is on step %d of the ramp', (probability, step) =>
  expect(rampStep(probability)).toBe(step),
);
