import { describe, expect, test } from 'vitest';
import { aborted, ClozeError, fromData, invalidOption, toData } from './errors.js';

describe('ClozeError', () => {
  test('is an Error with a code, details and cause', () => {
    const cause = new TypeError('Failed to fetch');
    const error = new ClozeError('network', 'model.gguf could not be fetched.', { url: 'http://a/' }, { cause });
    expect(error).toBeInstanceOf(Error);
    expect(error).toMatchObject({ name: 'ClozeError', code: 'network', details: { url: 'http://a/' }, cause });
    expect(String(error)).toBe('ClozeError: model.gguf could not be fetched.');
  });

  test('names the option that is wrong', () => {
    expect(invalidOption('top_k', 'must be at least 1')).toMatchObject({
      code: 'invalid_option',
      details: { option: 'top_k' },
    });
    expect(invalidOption('top_k', 'must be at least 1').message).toContain('"top_k"');
  });

  test('says what was stopped', () => {
    expect(aborted('Loading')).toMatchObject({ code: 'aborted', message: 'Loading was stopped.' });
  });
});

describe('crossing the border of a worker', () => {
  test('keeps code, message and details of the core’s errors', () => {
    const thrown = Object.assign(new Error('600 tokens, but 512 fit.'), {
      code: 'input_too_long',
      details: { tokens: 600, max: 512 },
    });
    const error = fromData(structuredClone(toData(thrown)));
    expect(error).toBeInstanceOf(ClozeError);
    expect(error).toMatchObject({
      code: 'input_too_long',
      message: '600 tokens, but 512 fit.',
      details: { tokens: 600, max: 512 },
    });
  });

  test.each([
    [new TypeError('x is undefined'), 'TypeError: x is undefined'],
    ['a string', 'a string'],
    [undefined, 'undefined'],
  ])('anything else is internal: %s', (thrown, said) => {
    const data = toData(thrown);
    expect(data.code).toBe('internal');
    expect(data.message).toContain(said);
  });
});
