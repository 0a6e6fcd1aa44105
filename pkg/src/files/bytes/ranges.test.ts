import { describe, expect, test } from 'vitest';
import { Ranges, spansOf, type Span } from './ranges.js';

describe('adding', () => {
  test.each<[string, Span[], Span[]]>([
    [
      'apart',
      [
        [0, 2],
        [4, 6],
      ],
      [
        [0, 2],
        [4, 6],
      ],
    ],
    [
      'out of order',
      [
        [4, 6],
        [0, 2],
      ],
      [
        [0, 2],
        [4, 6],
      ],
    ],
    [
      'touching',
      [
        [0, 2],
        [2, 4],
      ],
      [[0, 4]],
    ],
    [
      'filling a gap',
      [
        [0, 2],
        [4, 6],
        [2, 4],
      ],
      [[0, 6]],
    ],
    [
      'overlapping several',
      [
        [0, 2],
        [4, 6],
        [8, 9],
        [1, 8],
      ],
      [[0, 9]],
    ],
    [
      'inside',
      [
        [0, 9],
        [3, 4],
      ],
      [[0, 9]],
    ],
    ['nothing', [[3, 3]], []],
  ])('%s', (_, added, spans) => expect(new Ranges(added).spans).toEqual(spans));

  test('agrees with a list of single bytes', () => {
    let seed = 1;
    const random = (below: number): number => (seed = (seed * 48271) % 2147483647) % below;
    for (let round = 0; round < 200; round++) {
      const ranges = new Ranges();
      const bytes = new Array<boolean>(40).fill(false);
      for (let i = 0; i < 6; i++) {
        const start = random(40);
        const end = Math.min(40, start + random(10));
        ranges.add(start, end);
        bytes.fill(true, start, end);
      }
      expect(ranges.bytes).toBe(bytes.filter(Boolean).length);
      const most = 1 + random(9);
      const gaps = ranges.missing(40, most);
      expect(bytes.map((there, at) => there !== gaps.some(([start, end]) => start <= at && at < end))).not.toContain(
        false,
      );
      expect(gaps.every(([start, end]) => end > start && end - start <= most)).toBe(true);
      for (let at = 0; at < 40; at++) {
        const end = bytes.indexOf(false, at);
        expect(ranges.endFrom(at)).toBe(end < 0 ? 40 : end);
      }
    }
  });
});

test('of an empty file nothing is missing', () => expect(new Ranges().missing(0)).toEqual([]));

test.each([null, 'x', [[1]], [[2, 1]], [[0, 1.5]], [[-1, 2]], [[0, '9']]])('%j from a file are no spans', (value) =>
  expect(spansOf(value)).toEqual([]),
);
