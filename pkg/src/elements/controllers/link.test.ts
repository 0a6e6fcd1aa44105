import { beforeEach, expect, test, vi } from 'vitest';
import { FakeHost } from '../../test-support/fake-host.js';
import type { Schema } from '../state.js';
import { LinkController } from './link.js';

interface State {
  text: string;
  top_k: number;
}
const schema: Schema<State> = {
  text: { kind: 'text', default: '' },
  top_k: { kind: 'number', default: 5, min: 1, max: 50, whole: true },
};
const changed = vi.fn();
let host: FakeHost;
let link: LinkController<State>;

beforeEach(() => {
  vi.clearAllMocks();
  host = new FakeHost();
  link = new LinkController<State>(
    host.asHost,
    { task: 'fake', schema },
    { start: () => ({ text: 'An example.' }), changed },
  );
});

test('begins with the defaults and what the screen begins with', () => {
  expect(link.current).toEqual({ text: 'An example.', top_k: 5 });
});

test('a change is told, to the screen with what was before', () => {
  link.change({ top_k: 7 });
  expect(changed).toHaveBeenCalledExactlyOnceWith({ text: 'An example.', top_k: 5 });
  expect(host.told).toEqual([['cloze-change', { text: 'An example.', top_k: 7 }]]);
});

test('a state from the page: known keys within their limits; what cannot be used is an error, the rest is taken', () => {
  link.merge({ top_k: 900 });
  expect(link.current.top_k).toBe(50);
  expect(() => link.merge({ text: 1 as never, top_k: 2 })).toThrow('cloze-fake: text must be a text');
  expect(link.current).toEqual({ text: 'An example.', top_k: 2 });
  expect(() => link.merge({ topK: 3, text: 'Mine.' } as never)).toThrow(
    expect.objectContaining({
      code: 'invalid_option',
      message: 'cloze-fake: topK does not exist; did you mean top_k?',
    }),
  );
  expect(link.current).toEqual({ text: 'Mine.', top_k: 2 });
});

test('the page gets a copy', () => {
  link.state.text = 'changed outside';
  expect(link.current.text).toBe('An example.');
});

test('what is no value is refused until it is one', () => {
  link.refuse('top_k', 'A whole number from 1 to 50.');
  expect(link.refusal('top_k')).toBe('A whole number from 1 to 50.');
  expect(link.firstRefusal).toEqual({ key: 'top_k', why: 'A whole number from 1 to 50.' });
  link.change({ text: 'x' });
  expect(link.firstRefusal).toBeDefined();
  link.change({ top_k: 3 });
  expect(link.firstRefusal).toBeUndefined();
});

test('beginning anew leaves nothing of what was set', () => {
  link.change({ top_k: 9 });
  link.refuse('top_k', 'no');
  link.restart({ text: 'Another.' });
  expect(link.current).toEqual({ text: 'Another.', top_k: 5 });
  expect(link.firstRefusal).toBeUndefined();
});

test('its address names what differs from the defaults', () => {
  vi.stubGlobal('location', { href: 'https://example.org/page#old' });
  expect(link.address({ text: 'A [MASK].', top_k: 5 })).toBe('https://example.org/page#task=fake&text=A+[MASK].');
});
