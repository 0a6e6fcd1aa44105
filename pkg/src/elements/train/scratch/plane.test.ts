import { expect, test } from 'vitest';
import { cosine, plane } from './plane.js';

// numpy: centre, np.linalg.svd, u * s of the first two components; signs so that the first row is positive.
const VECTORS = [
  [2, 0.5, -1],
  [-1, 1.5, 0.25],
  [0.5, -2, 3],
  [1, 1, 1],
].map((row) => Float32Array.from(row));
const EXPECTED = [
  [1.6069226563, 1.6011674632],
  [1.1436420669, -1.7674834531],
  [-3.1310646503, 0.1750977526],
  [0.380499927, -0.0087817626],
];

test('the coordinates are those of the singular value decomposition', () => {
  const points = plane(VECTORS);
  EXPECTED.forEach((row, at) => row.forEach((value, axis) => expect(points[at]![axis]).toBeCloseTo(value, 4)));
});

test('equal vectors are one point, and their cosine is 1', () => {
  const [a, b] = plane([VECTORS[0]!, VECTORS[0]!, VECTORS[1]!]);
  expect(a).toEqual(b);
  expect(cosine(VECTORS[0]!, VECTORS[0]!)).toBeCloseTo(1, 12);
  expect(cosine(Float32Array.of(1, 0), Float32Array.of(0, 2))).toBe(0);
  expect(plane([])).toEqual([]);
});
