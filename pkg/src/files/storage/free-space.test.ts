import { afterEach, expect, test, vi } from 'vitest';
import { fakeNavigator } from '../../test-support/fake-navigator.js';
import { memoryStore } from '../../test-support/memory-store.js';
import { makeSpace } from './free-space.js';
import { lockFile } from './lock.js';

afterEach(() => void vi.unstubAllGlobals());

const modelOf = (id: string) => ({ id, name: id, source: 'url', url: id, revision: null }) as const;

/** Three models' parts of 100 bytes each; 20 bytes are free. */
function parts() {
  const store = memoryStore();
  for (const [key, saved] of [
    ['old', 1],
    ['middle', 2],
    ['new', 3],
  ] as const)
    store.put({ key, version: 'v', model: modelOf(key), complete: false, saved }, new Uint8Array(100));
  store.put({ key: 'whole', version: 'v', model: modelOf('whole') }, new Uint8Array(100));
  vi.stubGlobal(
    'navigator',
    fakeNavigator(() => ({ quota: 420, usage: store.entries.size * 100 })),
  );
  return store;
}

test('no more is removed than is needed, the oldest first', async () => {
  const store = parts();
  expect(await makeSpace(store, 150, 'mine')).toBe(true);
  expect([...store.entries.keys()]).toEqual(['new', 'whole']);
});

test('nothing is removed that would not suffice', async () => {
  const store = parts();
  expect(await makeSpace(store, 1000, 'mine')).toBe(false);
  expect(store.entries.size).toBe(4);
});

test('what a tab fetches stays, and so do the model’s own parts', async () => {
  const store = parts();
  const lock = await lockFile('old', () => undefined);
  expect(await makeSpace(store, 100, 'middle')).toBe(true);
  expect([...store.entries.keys()]).toEqual(['old', 'middle', 'whole']);
  lock.release();
});
