import { describe, expect, test } from 'vitest';
import { fakeTokens } from '../../../test-support/fake-inspection.js';
import { defaults } from '../../state.js';
import { insideSchema, type InsideState } from '../schema.js';
import { linksOf, matrixOf, patternOf, type Side } from './compute.js';
import { arcs, cellsOf, grid, type Picture } from './draw.js';

/** [CLS] a b [SEP], two heads: the first looks at itself, the second at [CLS] and a little ahead. */
const tokens = fakeTokens('a b');
const first = [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1];
const second = [1, 0, 0, 0, 0.75, 0, 0.25, 0, 0.5, 0.25, 0, 0.25, 1, 0, 0, 0];
const side: Side = {
  model: { info: { reads: 'both' } } as Side['model'],
  text: 'a b',
  pair: '',
  tokens,
  names: tokens.map(({ token }) => token),
  num_layers: 1,
  num_heads: 2,
  layer: 0,
  mix: 'head',
  weights: Float32Array.from([...first, ...second]),
  grid: undefined as never,
};
const state = (change: Partial<InsideState>): InsideState => ({ ...defaults<InsideState>(insideSchema), ...change });

describe('the matrix that is shown', () => {
  test('is that of the head, or of the last one where there are fewer', () => {
    expect([...matrixOf(side, state({ head: 1 })).values]).toEqual(first);
    expect([...matrixOf(side, state({ head: 9 })).values]).toEqual(second);
  });
  test('is the one that was computed, whatever is asked for by now', () => {
    const mean = { ...side, mix: 'mean', weights: Float32Array.from(first) } as const;
    expect([...matrixOf(mean, state({ mix: 'head', head: 2 })).values]).toEqual(first);
  });
  test('lacks the special tokens that are hidden', () => {
    const { indexes, values, size } = matrixOf(side, state({ head: 2, specials: false }));
    expect([indexes, [...values], size]).toEqual([[1, 2], [0, 0.25, 0.25, 0], 2]);
  });
});

test('the pattern in shares of all attention', () => {
  const own = patternOf(matrixOf(side, state({ head: 1 })), tokens);
  expect(own).toEqual({ itself: 0.5, before: 0, after: 0, special: 0.5, distance: 0 });
  const other = patternOf(matrixOf(side, state({ head: 2 })), tokens);
  // Rows of 1: to [CLS] 1 + 0.75 + 0.5 + 1, to [SEP] 0.25; ahead 0.25, back 0.25.
  expect(other).toEqual({ itself: 0, before: 0.0625, after: 0.0625, special: 0.875, distance: 1.375 });
});

test('links from a threshold on; of too many the strongest', () => {
  const matrix = matrixOf(side, state({ head: 2 }));
  expect(linksOf(matrix, 0.5, 100)).toEqual([
    { row: 0, column: 0, weight: 1 },
    { row: 1, column: 0, weight: 0.75 },
    { row: 2, column: 0, weight: 0.5 },
    { row: 3, column: 0, weight: 1 },
  ]);
  expect(linksOf(matrix, 0, 3).map(({ weight }) => weight)).toEqual([1, 1, 0.75]);
});

describe('pictures', () => {
  const picture = (width: number, row = 1): Picture => ({
    side,
    matrix: matrixOf(side, state({ head: 2 })),
    row,
    threshold: 0.05,
    width,
    title: 'A head',
  });
  test('arcs: each token twice, the shares of the chosen one in figures, none wider than there is room', () => {
    for (const width of [300, 1200]) {
      const { shapes, ...drawing } = arcs(picture(width));
      expect(drawing.width).toBeLessThanOrEqual(width);
      const texts = shapes.flatMap((shape) => (shape.kind === 'text' ? [shape.text] : []));
      expect(texts).toEqual(['[CLS]', '[CLS]', '75 %', 'a', 'a', 'b', 'b', '25 %', '[SEP]', '[SEP]']);
    }
  });
  test('a matrix: one grid of cells, figures where they can be read', () => {
    const { shapes, width } = grid(picture(400));
    const { cell, left } = cellsOf(picture(400));
    expect([cell, width]).toEqual([34, Math.ceil(left + 4 * 34 + 1)]);
    expect(shapes.find(({ kind }) => kind === 'raster')).toMatchObject({ columns: 4, rows: 4 });
    expect(shapes.filter((shape) => shape.kind === 'text' && shape.text === '100')).toHaveLength(2);
  });
  test('a hidden token is marked nowhere', () => {
    const texts = arcs(picture(400, -1)).shapes.flatMap((shape) => (shape.kind === 'text' ? [shape.text] : []));
    expect(texts.filter((text) => text.includes('%'))).toEqual([]);
  });
});
