import { createHash } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { bytesOf } from '../../test-support/fake-fetch.js';
import { fakeNavigator } from '../../test-support/fake-navigator.js';
import { memoryStore, type MemoryStore } from '../../test-support/memory-store.js';
import { lockFile } from './lock.js';
import { onChange } from './changes.js';
import { modelStorage, type StoredModels } from './models.js';
import type { FileRecord } from './record.js';

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
const WEIGHTS = bytesOf(3 << 20, 5);
const CONFIG = new TextEncoder().encode('{"model_type": "bert"}');
const modelOf = (id: string): FileRecord['model'] => ({ id, name: id, source: 'hub', url: id, revision: 'main' });

let store: MemoryStore;
let models: StoredModels;
beforeEach(() => {
  store = memoryStore();
  models = modelStorage(
    async () => store,
    (id) => (id === 'known' ? ['config.json', 'model.gguf'] : undefined),
  );
  vi.stubGlobal('navigator', fakeNavigator());
});
afterEach(() => void vi.unstubAllGlobals());

function put(model: string, name: string, bytes: Uint8Array, more: Partial<FileRecord> = {}): void {
  const key = `${model}/${name}`;
  store.put({ key, name, version: '"1"', model: modelOf(model), sha256: sha256(bytes), ...more }, bytes);
}
function putModel(model = 'a/b'): void {
  put(model, 'config.json', CONFIG);
  put(model, 'model.gguf', WEIGHTS);
}

describe('list', () => {
  test('names each model with its kind and its bytes', async () => {
    putModel();
    put('c/d', 'model.gguf', WEIGHTS, { used: 9 });
    expect(await models.list()).toMatchObject([
      { id: 'c/d', model_type: null, last_used: 9 },
      { id: 'a/b', model_type: 'bert', complete: true, bytes: CONFIG.length + WEIGHTS.length },
    ]);
  });

  test('knows what the package’s models need', async () => {
    put('known', 'model.gguf', WEIGHTS);
    put('unknown', 'model.gguf', WEIGHTS);
    const complete = Object.fromEntries((await models.list()).map((model) => [model.id, model.complete]));
    expect(complete).toEqual({ known: false, unknown: true });
  });

  test('is empty where nothing can be stored', async () => {
    const none = modelStorage(
      async () => undefined,
      () => undefined,
    );
    expect(await none.list()).toEqual([]);
    await expect(none.delete('a/b')).rejects.toMatchObject({ code: 'not_found' });
    expect(await none.estimate()).toMatchObject({ kind: 'memory' });
  });
});

describe('verify', () => {
  test('reads every byte of what is whole', async () => {
    putModel();
    put('a/b', 'part.gguf', WEIGHTS.slice(0, 100), { complete: false });
    const read: number[] = [];
    const found = await models.verify('a/b', { on_progress: ({ loaded }) => read.push(loaded) });
    expect(found).toEqual({
      good: false,
      files: [
        { name: 'config.json', result: 'good' },
        { name: 'model.gguf', result: 'good' },
        { name: 'part.gguf', result: 'incomplete' },
      ],
    });
    expect(read).toEqual([CONFIG.length, WEIGHTS.length]);
  });

  test.each<[string, Partial<FileRecord>]>([
    ['whose bytes changed', { sha256: sha256(CONFIG) }],
    ['that is shorter than recorded', { length: WEIGHTS.length + 1 }],
  ])('removes a file %s', async (_, more) => {
    putModel();
    put('a/b', 'model.gguf', WEIGHTS, more);
    expect((await models.verify('a/b')).files).toContainEqual({ name: 'model.gguf', result: 'damaged' });
    expect([...store.entries.keys()]).toEqual(['a/b/config.json']);
  });

  test('stops when asked', async () => {
    putModel();
    const stop = new AbortController();
    const verifying = models.verify('a/b', { signal: stop.signal, on_progress: () => stop.abort() });
    await expect(verifying).rejects.toMatchObject({ code: 'aborted' });
  });

  test('says that a model is gone', () => expect(models.verify('x/y')).rejects.toMatchObject({ code: 'not_found' }));
});

describe('delete', () => {
  test('removes one model, by its id or its entry', async () => {
    putModel();
    putModel('c/d');
    await models.delete('a/b');
    expect((await models.list()).map(({ id }) => id)).toEqual(['c/d']);
    await models.delete((await models.list())[0]!);
    expect(store.entries.size).toBe(0);
  });

  test('removes nothing while a tab fetches the weights', async () => {
    putModel();
    const lock = await lockFile('a/b/model.gguf', () => undefined);
    await expect(models.delete('a/b')).rejects.toMatchObject({ code: 'in_use', details: { file: 'model.gguf' } });
    expect(store.entries.size).toBe(2);
    lock.release();
    await models.delete('a/b');
  });

  test('removes nothing while the weights are open, and leaves them free', async () => {
    putModel();
    store.entries.get('a/b/model.gguf')!.open = true;
    await expect(models.delete('a/b')).rejects.toMatchObject({ code: 'in_use' });
    expect(store.entries.size).toBe(2);
    store.entries.get('a/b/model.gguf')!.open = false;
    await models.delete('a/b');
    expect(store.entries.size).toBe(0);
  });

  test('tells who listens', async () => {
    putModel();
    let heard = 0;
    const unlisten = onChange(() => heard++);
    await models.delete('a/b');
    await vi.waitFor(() => expect(heard).toBe(2));
    unlisten();
  });
});

describe('the browser’s storage', () => {
  test('is estimated', async () => {
    vi.stubGlobal(
      'navigator',
      fakeNavigator(() => ({ quota: 100, usage: 7 })),
    );
    expect(await models.estimate()).toEqual({ kind: 'opfs', quota: 100, usage: 7, persisted: false });
  });

  test('may say nothing', async () => {
    const refuse = () => Promise.reject(new TypeError('no'));
    vi.stubGlobal('navigator', { storage: { estimate: refuse, persisted: refuse, persist: refuse } });
    expect(await models.estimate()).toEqual({ kind: 'opfs', quota: null, usage: null, persisted: false });
    vi.stubGlobal('navigator', { storage: { persisted: async () => true } });
    expect((await models.estimate()).persisted).toBe(true);
  });
});
