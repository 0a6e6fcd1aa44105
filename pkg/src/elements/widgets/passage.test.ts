import { expect, test } from 'vitest';
import { piecesOf } from './passage.js';

const cut = (text: string, ...places: [number, number][]): string[] =>
  piecesOf(
    text,
    places.map(([start, end]) => ({ start, end })),
  ).map(({ text: part, mark }) => (mark ? `[${part}]` : part));

test('places are marked, the rest stays', () => {
  expect(cut('Ada met Bea.', [0, 3], [8, 11])).toEqual(['[Ada]', ' met ', '[Bea]', '.']);
  expect(cut('Ada', [0, 3])).toEqual(['[Ada]']);
  expect(cut('Ada')).toEqual(['Ada']);
  expect(cut('')).toEqual([]);
});

test('offsets are UTF-16 units', () => {
  expect(cut('👩‍👧 Ada', [6, 9])).toEqual(['👩‍👧 ', '[Ada]']);
});

test('of places that overlap the first counts, and empty ones do not', () => {
  expect(cut('abcdef', [2, 4], [0, 3], [4, 4], [5, 6])).toEqual(['[abc]', 'de', '[f]']);
});
