import { expect, test } from 'vitest';
import type { LossPart } from '../../../training/core-types.js';
import type { RunHistory, StepPoint } from '../../../training/types.js';
import { bitsPerByte, evaluationPoints, levelsOf, measured, speed, stepPoints } from './curves.js';

const part = (name: string, loss: number, accuracy: number | null = null): LossPart => ({
  name,
  loss,
  predictions: 9,
  accuracy,
  margin: null,
});
const point = (step: number, parts: LossPart[]): StepPoint => ({
  step,
  parts,
  loss: parts.reduce((sum, { loss }) => sum + loss, 0),
  learning_rate: 0.001,
  gradient_norm: 2,
  tokens: 100,
  ms: 50,
});
const bert = [part('mlm', 4, 0.25), part('nsp', 0.7, 0.6)];
const history: RunHistory = {
  steps: [point(0, bert), point(1, bert)],
  evaluations: [{ step: 2, loss: 4.7, parts: bert }],
  samples: [],
};
const levels = { uniform: Math.log(256), unigram: 4, bigram: 2, bytes_per_token: 1 };

test('the loss that is compared with the levels is that of tokens alone', () => {
  expect(measured(bert, 'loss', 1)).toBe(4);
  expect(measured(bert, 'accuracy', 1)).toBe(0.25);
  expect(measured(bert, 'nsp', 1)).toBe(0.6);
  expect(measured([part('forward', 3), part('backward', 5)], 'loss', 1)).toBe(4);
  expect(measured([part('lm', 3)], 'accuracy', 1)).toBeNaN();
});

test('a byte that is one of 256 costs 8 bits', () => {
  expect(bitsPerByte(Math.log(256), 1)).toBeCloseTo(8, 12);
  expect(levelsOf({ levels }, 'bits')[0]!.y).toBeCloseTo(8, 12);
  expect(levelsOf({ levels }, 'loss').map(({ key }) => key)).toEqual(['uniform', 'unigram', 'bigram']);
  expect(levelsOf({ levels }, 'nsp')).toEqual([{ key: 'chance', y: 0.5 }]);
  expect(levelsOf({ levels }, 'gradient_norm')).toEqual([]);
});

test('points are of steps done', () => {
  expect(stepPoints(history, 'loss', 1)).toEqual([
    [1, 4],
    [2, 4],
  ]);
  expect(stepPoints(history, 'speed', 1)[0]).toEqual([1, 2000]);
  expect(evaluationPoints(history, 'nsp', 1)).toEqual([[2, 0.6]]);
});

test('the speed is that of the last steps', () => {
  expect(speed(history)).toEqual({ tokens: 2000, steps: 20 });
  expect(speed({ ...history, steps: [] })).toBeUndefined();
});
