/** What is stored in the browser, for screens. */
import { aborted, ClozeError } from '../../border/errors.js';
import * as words from '../../words/files/index.js';
import { HASH_STEP } from '../bytes/sizes.js';
import { announceChange } from './changes.js';
import { modelsOf } from './list.js';
import { tryLockFile } from './lock.js';
import { modelType } from './model-type.js';
import type { FileRecord } from './record.js';
import type { KnownFiles } from './required-files.js';
import type { Store } from './store.js';
import type { ModelStorage, StorageEstimate, StoredModel, Verification, VerifiedFile, VerifyOptions } from './types.js';

/** What of {@link ModelStorage} reads or changes files. */
export type StoredModels = Omit<ModelStorage, 'persist' | 'on_change'>;

/** The models in a storage; `known` tells what models need whose files are known from elsewhere. */
export function modelStorage(openStore: () => Promise<Store | undefined>, known: KnownFiles): StoredModels {
  return {
    async list() {
      const store = await openStore();
      if (!store) return [];
      const records = await store.records();
      const ofModel = (id: string): FileRecord[] => records.filter(({ model }) => model.id === id);
      return Promise.all(
        modelsOf(records, known).map(async (model) => ({
          ...model,
          model_type: (await modelType(store, ofModel(model.id))) ?? null,
        })),
      );
    },

    async verify(model, options = {}) {
      const { store, records } = await find(openStore, model);
      const files: Verification['files'] = [];
      for (const record of records) {
        const result = record.complete ? await check(store, record, options) : 'incomplete';
        files.push({ name: record.name, result });
        if (result === 'damaged') await remove(store, record);
      }
      return { good: files.every(({ result }) => result === 'good'), files };
    },

    async delete(model) {
      const { store, records } = await find(openStore, model);
      // The weights first: if they are in use, nothing is removed.
      for (const record of records.sort((a, b) => (b.length ?? 0) - (a.length ?? 0))) await remove(store, record);
    },

    async estimate(): Promise<StorageEstimate> {
      const { usage = null, quota = null } =
        (await globalThis.navigator?.storage?.estimate?.().catch(() => undefined)) ?? {};
      const persisted = (await globalThis.navigator?.storage?.persisted?.().catch(() => false)) ?? false;
      return { kind: (await openStore())?.kind ?? 'memory', usage, quota, persisted };
    },
  };
}

/** The storage, and the records of a model's files in it. */
async function find(
  openStore: () => Promise<Store | undefined>,
  model: StoredModel | string,
): Promise<{ store: Store; records: FileRecord[] }> {
  const id = typeof model === 'string' ? model : model.id;
  const store = await openStore();
  const records = ((await store?.records()) ?? []).filter((record) => record.model.id === id);
  if (!store || records.length === 0) throw new ClozeError('not_found', words.storedModels.nothing(id), { model: id });
  return { store, records };
}

/** Reads a file and compares its length and hash with the record's. */
async function check(
  store: Store,
  record: FileRecord,
  { on_progress, signal }: VerifyOptions,
): Promise<VerifiedFile['result']> {
  // Pages that never verify need not fetch it.
  const { digest } = await import('../bytes/digest.js');
  const total = record.length ?? 0;
  const hashes = await digest({ ...(record.sha256 !== null && { sha256: record.sha256 }) }, total);
  let loaded = 0;
  for await (const piece of store.pieces(record)) {
    for (let at = 0; at < piece.byteLength; at += HASH_STEP) {
      if (signal?.aborted) throw aborted('Verifying');
      hashes.update(piece.subarray(at, at + HASH_STEP));
      await new Promise((resolve) => setTimeout(resolve));
    }
    loaded += piece.byteLength;
    on_progress?.({ file: record.name, loaded, total });
  }
  return loaded === total && hashes.finish().good ? 'good' : 'damaged';
}

/** Removes a file that no tab is fetching. */
async function remove(store: Store, { key, name }: FileRecord): Promise<void> {
  const inUse = (cause?: unknown): ClozeError =>
    new ClozeError('in_use', words.storedModels.inUse(name), { file: name }, { cause });
  // The Cache API would remove what is being written.
  const lock = await tryLockFile(key);
  if (!lock) throw inUse();
  try {
    await store.remove(key);
  } catch (cause) {
    throw inUse(cause);
  } finally {
    lock.release();
  }
  announceChange({ key });
}
