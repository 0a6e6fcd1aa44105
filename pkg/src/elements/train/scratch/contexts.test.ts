import { expect, test } from 'vitest';
import { layerOf, layersOf } from './contexts.js';

test('the vectors of a layer are cut out of the whole', () => {
  const vectors = { tokens: ['a', 'b'], hidden_size: 1, layers: Float32Array.from({ length: 12 }, (_, at) => at) };
  expect(layersOf(vectors)).toBe(3);
  expect(layerOf(vectors, 1).map((vector) => [...vector])).toEqual([
    [4, 5],
    [6, 7],
  ]);
  expect(layersOf({ ...vectors, tokens: [] })).toBe(0);
});
