import { expect, test } from 'vitest';
import { labelsOf, type Named } from './labels.js';

const point = (x: number, y: number, name: string, always = false): Named => ({
  x,
  y,
  radius: 3,
  name,
  size: 11,
  always,
});

test('a name stands right of its point, or where there is room', () => {
  expect(labelsOf([point(50, 50, 'cat')], 200, 100)).toEqual([{ x: 57, y: 50, anchor: 'start' }]);
  // At the edge.
  expect(labelsOf([point(190, 50, 'cat')], 200, 100)[0]).toMatchObject({ anchor: 'end' });
  // A point stands where the name would.
  expect(labelsOf([point(50, 50, 'cat'), point(70, 50, 'dog')], 200, 100)[0]).toMatchObject({ anchor: 'end' });
});

test('what finds no free place has no name, but for the points that are always named', () => {
  const crowd = Array.from({ length: 9 }, (_, at) =>
    point(40 + 12 * (at % 3), 40 + 12 * Math.floor(at / 3), 'crowded'),
  );
  expect(labelsOf(crowd, 200, 100)[4]).toBeUndefined();
  const named = crowd.map((one, at) => ({ ...one, always: at === 4 }));
  expect(labelsOf(named, 200, 100)[4]).toBeDefined();
});

test('no two names overlap', () => {
  const points = Array.from({ length: 30 }, (_, at) =>
    point(30 + ((at * 47) % 240), 20 + ((at * 31) % 150), `word${at}`),
  );
  const labels = labelsOf(points, 320, 200);
  const boxes = labels.flatMap((label, at) => {
    if (!label) return [];
    const width = 0.61 * 11 * points[at]!.name.length;
    const left = label.x - { start: 0, middle: width / 2, end: width }[label.anchor];
    return [{ left, right: left + width, y: label.y }];
  });
  expect(boxes.length).toBeGreaterThan(10);
  for (const [at, a] of boxes.entries())
    for (const b of boxes.slice(at + 1))
      expect(a.left < b.right && b.left < a.right && Math.abs(a.y - b.y) < 13).toBe(false);
});
