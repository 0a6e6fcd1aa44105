import { describe, expect, test } from 'vitest';
import { optionalNumber, optionalStrings, present, requireString } from './options.js';

const refused = (check: () => unknown, option: string, message: RegExp): void =>
  expect(check).toThrow(
    expect.objectContaining({
      code: 'invalid_option',
      details: { option },
      message: expect.stringMatching(message) as string,
    }),
  );

describe('numbers', () => {
  test.each([[1], [5], [2.5]])('%s is within', (value) => expect(optionalNumber('n', value, 1, 5)).toBe(value));
  test('may be absent', () => expect(optionalNumber('n', undefined, 1)).toBeUndefined());
  test.each([[0], [6], [Number.NaN], ['3'], [null], [Number.POSITIVE_INFINITY]])('%s is not', (value) =>
    refused(() => optionalNumber('n', value, 1, 5), 'n', /from 1 to 5, not/u),
  );
  test('half is no whole number', () =>
    refused(() => optionalNumber('n', 2.5, 1, undefined, true), 'n', /a whole number of at least 1, not 2\.5/u));
});

test('strings', () => {
  expect(requireString('text', '')).toBe('');
  refused(() => requireString('text', undefined), 'text', /must be a string, not undefined/u);
  refused(() => requireString('text', null), 'text', /not null/u);
  expect(optionalStrings('stop', ['a'])).toEqual(['a']);
  refused(() => optionalStrings('stop', 'a'), 'stop', /list of strings/u);
  refused(() => optionalStrings('stop', [1]), 'stop', /list of strings/u);
});

test('present drops what is undefined and keeps what is false', () => {
  expect(present({ a: undefined, b: false, c: 0, d: null })).toEqual({ b: false, c: 0, d: null });
});
