import { describe, expect, test } from 'vitest';
import { FakeHost } from '../../test-support/fake-host.js';
import { isStop, ProblemController, problemText, sentence } from './problem.js';

test('stands beside its control alone, and the focus goes there with the next update', () => {
  const host = new FakeHost();
  const problem = new ProblemController(host.asHost);
  problem.show({ at: 'text', code: 'empty_input', message: 'Nothing there.' }, 'text');
  expect([problem.at('text'), problem.at('run')]).toEqual(['Nothing there.', undefined]);
  expect(host.focused).toBeUndefined();
  host.update();
  expect(host.focused).toBe('text');
  host.focused = undefined;
  host.update();
  expect(host.focused).toBeUndefined();
  problem.clear();
  expect(problem.current).toBeUndefined();
});

const coded = (code: string, message: string, details = {}): Error =>
  Object.assign(new Error(message), { code, details });

describe('what an error says', () => {
  test.each([
    ['its message', coded('internal', 'Something broke'), 'Something broke'],
    ['no error at all', 'just so', 'just so'],
    ['what can be done here', coded('truncated_weights', 'It ends early.'), 'It ends early. Download it again.'],
    [
      'after a sentence that has no end',
      coded('no_mask', 'There is no [MASK]'),
      'There is no [MASK]. Or click a word.',
    ],
    ['a file without a broken checksum', coded('invalid_weights', 'Wrong.', { reason: 'its header' }), 'Wrong.'],
    [
      'a broken checksum',
      coded('invalid_weights', 'Wrong.', { reason: 'the CRC-32 of x' }),
      'Wrong. Download it again.',
    ],
    [
      'no memory for a model',
      coded('out_of_memory', 'No memory.', { what: 'x', model_bytes: 1, dtype: 'q8' }),
      'No memory. Close other tabs, load it as q4, or choose a smaller model.',
    ],
    [
      'no memory for one that is as small as it gets',
      coded('out_of_memory', 'No memory.', { what: 'x', model_bytes: 1, dtype: 'q4' }),
      'No memory. Close other tabs, or choose a smaller model.',
    ],
    ['no memory, of a worker that is gone', coded('out_of_memory', 'Try a shorter text.'), 'Try a shorter text.'],
  ])('%s', (_, error, text) => expect(problemText(error)).toBe(text));
});

test('a stop is no problem', () => {
  expect(isStop(new DOMException('', 'AbortError'))).toBe(true);
  expect(isStop(coded('aborted', 'x'))).toBe(true);
  expect(isStop(coded('network', 'x'))).toBe(false);
});

test('sentences end', () => {
  expect([sentence('So'), sentence('So?'), sentence('So …')]).toEqual(['So.', 'So?', 'So …']);
});
