import { expect, test } from 'vitest';
import { words, type Words } from './index.js';
import { insideWords } from './inside.js';
import { trainWords } from './train.js';

/** All of the screens. */
const ALL = { ...words, inside: insideWords, train: trainWords };

/** All plain sentences of a language, by the path of their keys. */
function* sentences(part: unknown, path = ''): Generator<[string, string]> {
  if (typeof part === 'string') yield [path, part];
  else if (typeof part === 'object' && part !== null)
    for (const [key, value] of Object.entries(part)) yield* sentences(value, path === '' ? key : `${path}.${key}`);
}

test('every key has words', () => {
  for (const [path, text] of sentences(ALL)) expect(text.trim(), path).not.toBe('');
});

test('no sentence has straight apostrophes, or blanks that are lost', () => {
  for (const [path, text] of sentences(ALL)) {
    if (/examples/u.test(path)) continue;
    expect(text, path).not.toMatch(/\w'\w| {2}|\n/u);
  }
});

test('a sentence keeps what is set apart where it stands', () => {
  const [before, token, after] = words.frame.nowWith({ name: 'x' });
  expect([before, token, after]).toEqual(['Now with the model ', { name: 'x' }, '.']);
});

test('a language that lacks a key is a type error', () => {
  const { stop: _, ...lacking } = words.frame;
  // @ts-expect-error: `stop` is not there
  const other: Words = { ...words, frame: lacking };
  expect(Object.keys(other.frame)).not.toContain('stop');
});
