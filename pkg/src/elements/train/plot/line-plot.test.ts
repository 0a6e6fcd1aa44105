import { expect, test } from 'vitest';
import { brief, linePlot, spread, tableOf, thinned, type LinePlot, type Point } from './line-plot.js';

const plot: LinePlot = {
  title: 'Loss',
  x: 'step',
  y: 'nats a token',
  width: 600,
  series: [
    {
      name: 'one, training',
      kind: 'faint',
      points: [
        [0, 7],
        [10, 5],
        [20, Number.NaN],
      ],
    },
    {
      name: 'one',
      points: [
        [1, 7],
        [20, 4],
      ],
    },
    {
      name: 'two',
      points: [
        [1, 6],
        [20, 4.01],
      ],
    },
  ],
  levels: [{ name: 'unigram', y: 5 }],
};

test('each line and level is named at its end, and lines are told apart by dashes', () => {
  const { shapes, title, width } = linePlot(plot);
  expect([title, width]).toEqual(['Loss', 600]);
  const texts = shapes.flatMap((shape) => (shape.kind === 'text' ? [shape.text] : []));
  expect(texts).toEqual(expect.arrayContaining(['one', 'two', 'unigram', 'nats a token', 'step']));
  expect(texts).not.toContain('one, training');
  const lines = shapes.filter((shape) => shape.kind === 'path' && shape.width === 2);
  expect(lines.map((shape) => shape.kind === 'path' && shape.dash)).toEqual([undefined, [7, 4]]);
  for (const shape of shapes) if (shape.kind === 'path') expect(shape.d).not.toContain('NaN');
  // Names of lines that end beside each other stand apart.
  const [one, two] = ['one', 'two'].map((name) => shapes.find((it) => it.kind === 'text' && it.text === name)!);
  expect(Math.abs((one as { y: number }).y - (two as { y: number }).y)).toBeGreaterThanOrEqual(15);
});

test('names that are cut at the ends of their lines stand whole below', () => {
  const names = ['GPT small, seed 5, steps 6, a text with a long title', 'GPT small, a text with a long title'];
  const series = names.map((name) => ({ name, points: [[0, 1] as Point, [5, 2] as Point] }));
  const { shapes, height } = linePlot({ ...plot, series, levels: [] });
  const below = shapes.flatMap((shape) => (shape.kind === 'text' && shape.y > 340 ? [shape.text] : []));
  expect(below).toEqual(names);
  expect(height).toBeGreaterThan(340 + 2 * 15);
});

test('without a point there are axes alone', () => {
  const { shapes } = linePlot({ ...plot, series: [], levels: [] });
  for (const shape of shapes) expect(JSON.stringify(shape)).not.toMatch(/NaN|Infinity|null/u);
});

test('long curves are thinned to means', () => {
  const points = Array.from({ length: 1000 }, (_, at): Point => [at, at % 2]);
  const few = thinned(points, 100);
  expect(few).toHaveLength(100);
  expect(few[0]).toEqual([4.5, 0.5]);
});

test('names stay within the plot', () => {
  expect(spread([10, 11, 12], 15, [0, 100])).toEqual([10, 25, 40]);
  expect(spread([98, 99], 15, [0, 100])).toEqual([85, 100]);
});

test('the table has every point, and the levels', () => {
  const { columns, rows } = tableOf(plot);
  expect(columns).toEqual(['name', 'step', 'nats a token']);
  expect(rows).toHaveLength(8);
  expect(rows.at(-1)).toEqual(['unigram', '', 5]);
});

test('numbers are written briefly', () => {
  expect([0, 0.00002, 0.0031, 0.25, 4.123, 12.34, 1234].map(brief)).toEqual([
    '0',
    '2.0e-5',
    '0.0031',
    '0.25',
    '4.12',
    '12.3',
    '1,234',
  ]);
});
