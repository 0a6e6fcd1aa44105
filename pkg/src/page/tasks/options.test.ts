import { describe, expect, test } from 'vitest';
import { LIMITS } from '../../border/core.js';
import { numbers, optionalNumber, optionalStrings, present, requireString } from './options.js';

const refused = (check: () => unknown, option: string, message: RegExp): void =>
  expect(check).toThrow(
    expect.objectContaining({
      code: 'invalid_option',
      details: { option },
      message: expect.stringMatching(message) as string,
    }),
  );

describe('numbers', () => {
  const limit = { min: 1, max: 5, whole: false, default: 1 };
  test.each([[1], [5], [2.5]])('%s is within', (value) => expect(optionalNumber('n', value, limit)).toBe(value));
  test('may be absent', () => expect(optionalNumber('n', undefined, limit)).toBeUndefined());
  test.each([[0], [6], [Number.NaN], ['3'], [null], [Number.POSITIVE_INFINITY]])('%s is not', (value) =>
    refused(() => optionalNumber('n', value, limit), 'n', /from 1 to 5, not/u),
  );
  test('half is no whole number', () => {
    const whole = { ...limit, max: Infinity, whole: true };
    refused(() => optionalNumber('n', 2.5, whole), 'n', /a whole number of at least 1, not 2\.5/u);
    refused(() => optionalNumber('n', Infinity, whole), 'n', /not Infinity/u);
  });
  test('an open end is not within', () => {
    const { temperature, top_p } = LIMITS['text-generation'];
    refused(() => optionalNumber('temperature', -1, temperature), 'temperature', /of at least 0, not -1$/u);
    refused(() => optionalNumber('top_p', 1.1, top_p), 'top_p', /a number from 0 to 1, not 1\.1$/u);
    expect(optionalNumber('top_p', 0, top_p)).toBe(0);
    expect(optionalNumber('temperature', 1e-9, temperature)).toBe(1e-9);
  });
  test('those with limits are taken, absent ones stay absent', () => {
    const options = { top_k: 0, temperature: undefined, stop: ['a'] };
    expect(numbers(LIMITS['text-generation'], options)).toEqual({ top_k: 0 });
    refused(() => numbers(LIMITS['fill-mask'], options), 'top_k', /at least 1, not 0/u);
  });
});

test('strings', () => {
  expect(requireString('text', '')).toBe('');
  refused(() => requireString('text', undefined), 'text', /must be a string, not undefined/u);
  refused(() => requireString('text', null), 'text', /not null/u);
  refused(() => requireString('text', ['a']), 'text', /not a list/u);
  expect(optionalStrings('stop', ['a'])).toEqual(['a']);
  refused(() => optionalStrings('stop', 'a'), 'stop', /list of strings/u);
  refused(() => optionalStrings('stop', [1]), 'stop', /list of strings/u);
});

test('present drops what is undefined and keeps what is false', () => {
  expect(present({ a: undefined, b: false, c: 0, d: null })).toEqual({ b: false, c: 0, d: null });
});
