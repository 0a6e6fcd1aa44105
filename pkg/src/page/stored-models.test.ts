import { afterEach, expect, test, vi } from 'vitest';
import { models as packed } from '../../../models/index.js';
import { defaultFiles } from '../files/sources/default-models.js';
import type { StoredFile, StoredModel } from '../files/storage/types.js';
import { defaultModels, models } from './stored-models.js';

const REGISTRY = Symbol.for('cloze-models');

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

/** The files of a default model as the storage lists them. */
const stored = (change: (file: StoredFile) => Partial<StoredFile>): StoredModel => {
  const files = Object.entries(defaultFiles('bert')).map(([name, { url, size, expected }]) => {
    const bytes = size ?? null;
    const sha256 = expected?.sha256 ?? null;
    const file: StoredFile = { name, url, bytes, kept_bytes: 1, complete: true, sha256, verified: true, fetched: 1 };
    return { ...file, ...change(file) };
  });
  return { id: 'cloze:bert', files } as Partial<StoredModel> as StoredModel;
};

test.each<[string, (file: StoredFile) => Partial<StoredFile>, boolean]>([
  ['whole', () => ({}), true],
  ['under way', ({ name }) => (name === 'model.gguf' ? { complete: false } : {}), false],
  ['of an older version', ({ name }) => (name === 'model.gguf' ? { sha256: '0'.repeat(64) } : {}), false],
])('a model that is stored %s', async (_, change, whole) => {
  vi.spyOn(models, 'list').mockResolvedValue([stored(change)]);
  const [bert, gpt] = await defaultModels();
  expect([bert!.name, gpt!.name]).toEqual(['bert', 'gpt']);
  expect(gpt!.kept_bytes).toBe(0);
  expect(bert!.kept_bytes === bert!.bytes).toBe(whole);
  expect(bert!.bytes).toBe(Object.values(defaultFiles('bert')).reduce((sum, { size }) => sum + size!, 0));
});

test('a browser may promise to keep them, or refuse', async () => {
  vi.stubGlobal('navigator', { storage: { persist: () => Promise.reject(new TypeError('no')) } });
  expect(await models.persist()).toBe(false);
  vi.stubGlobal('navigator', { storage: { persist: async () => true } });
  expect(await models.persist()).toBe(true);
});

test('without the package of the default models there are none', async () => {
  const registry = globalThis as { [REGISTRY]?: unknown };
  registry[REGISTRY] = undefined;
  expect(await defaultModels()).toEqual([]);
  registry[REGISTRY] = packed;
});
