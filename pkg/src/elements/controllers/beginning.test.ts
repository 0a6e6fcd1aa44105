import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { FakeHost } from '../../test-support/fake-host.js';
import { ClozeError } from '../../border/errors.js';
import type { Schema } from '../state.js';
import { Beginning, type BeginningHost } from './beginning.js';

interface State {
  text: string;
  top_k: number;
  seed: number | null;
}
const schema: Schema<State> = {
  text: { kind: 'text', default: '' },
  top_k: { kind: 'number', default: 5, min: 1, max: 50, whole: true },
  seed: { kind: 'seed', default: null },
};
const EXAMPLES = [{ name: 'One', state: { text: 'An example.', seed: 3 } }];

let host: FakeHost & { examples?: unknown; written?: string | undefined };
let beginning: Beginning<State>;
const warn = vi.fn();

beforeEach(() => {
  warn.mockClear();
  vi.stubGlobal('console', { warn });
  host = Object.assign(new FakeHost(), { examples: undefined });
  Object.assign(host, { querySelector: () => (host.written === undefined ? null : { textContent: host.written }) });
  beginning = new Beginning<State>(host as unknown as BeginningHost, schema, { examples: () => EXAMPLES });
});
afterEach(() => vi.unstubAllGlobals());

test('the first example, where no attribute says otherwise', () => {
  expect(beginning.state).toEqual({ text: 'An example.', seed: 3 });
});

test('settings go with the example; a text of the page’s own puts it away, whatever stands first', () => {
  expect(beginning.take('top-k', '7')).toEqual({ top_k: 7 });
  expect(beginning.state).toEqual({ text: 'An example.', seed: 3, top_k: 7 });
  expect(beginning.take('text', 'Mine.')).toEqual({ text: 'Mine.' });
  expect(beginning.state).toEqual({ text: 'Mine.', top_k: 7 });
  expect(beginning.take('text', null)).toEqual({ text: '' });
  expect(beginning.state).toEqual({ text: 'An example.', seed: 3, top_k: 7 });
});

test('a value that cannot be used is said, told and warned of, until it is right', async () => {
  expect(beginning.take('top-k', '900')).toBeUndefined();
  const message = 'cloze-fake: top-k must be a whole number from 1 to 50, not “900”';
  expect(beginning.problems).toEqual([message]);
  expect(warn).toHaveBeenCalledExactlyOnceWith(message);
  await Promise.resolve();
  expect(host.told).toEqual([['cloze-error', expect.objectContaining({ code: 'invalid_option', message })]]);
  expect(host.told[0]![1]).toBeInstanceOf(ClozeError);
  beginning.take('top-k', '9');
  expect(beginning.problems).toEqual([]);
});

test.each([
  ['theme', 'drak', 'auto, light, dark'],
  ['explain', 'no', 'show, none'],
  ['threads', 'many', 'from 1'],
])('so it is with %s="%s"', (name, text, why) => {
  beginning.take(name, text);
  expect(beginning.problems.join()).toContain(why);
});

test('what is no setting is left alone', () => {
  expect(beginning.take('model', '/models/x/')).toBeUndefined();
  expect(beginning.take('heading', '')).toBeUndefined();
  expect(beginning.problems).toEqual([]);
});

test('examples of the page’s own, as a list or as JSON within the element', () => {
  host.examples = [{ name: 'Own', state: { text: 'Ours.' } }];
  expect(beginning.changed).toBe(true);
  expect(beginning.examples).toEqual(host.examples);
  expect(beginning.changed).toBe(false);
  expect(beginning.state).toEqual({ text: 'Ours.' });
  host.examples = undefined;
  host.written = '[{"name": "Written", "state": {"text": "In HTML."}}]';
  expect(beginning.examples[0]!.name).toBe('Written');
  expect(beginning.state).toEqual({ text: 'In HTML.' });
});

test.each([
  ['{', 'examples must be a list'],
  ['[{"state": {}}]', 'examples must be a list'],
  ['[{"name": "A", "state": {"txt": "x"}}]', 'the example “A”: txt does not exist; did you mean text?'],
])('examples that cannot be used are said: %s', (written, why) => {
  host.written = written;
  void beginning.examples;
  expect(beginning.problems.join()).toContain(why);
});
