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
    ['what can be done here', coded('empty_input', 'The text is empty.'), 'The text is empty. Type something first.'],
    [
      'after a sentence that has no end',
      coded('no_mask', 'There is no [MASK]'),
      'There is no [MASK]. Or click a word.',
    ],
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
