/** `models`: what is kept in the browser, for screens. */
import { aborted, ClozeError } from '../../border/errors.js';
import { modelsOf } from './list.js';
import { lockIfFree } from './lock.js';
import { modelType } from './model-type.js';
import { hearNews, tellNews } from './news.js';
import type { Note } from './note.js';
import { store, type Store } from './store.js';
import type { ModelStorage, StorageEstimate, StoredModel, Verification, VerifyOptions } from './types.js';

/** See {@link ModelStorage}. */
export const models: ModelStorage = {
  async list() {
    const kept = await store();
    const notes = (await kept?.notes()) ?? [];
    return Promise.all(
      modelsOf(notes).map(async (model) => ({
        ...model,
        model_type:
          (await modelType(
            kept!,
            notes.filter((note) => note.model.id === model.id),
          )) ?? null,
      })),
    );
  },

  async verify(model, options = {}) {
    const { kept, notes } = await find(model);
    const files: Verification['files'] = [];
    for (const note of notes) {
      const result = note.complete ? await check(kept, note, options) : 'incomplete';
      files.push({ name: note.name, result });
      if (result !== 'damaged') continue;
      await remove(kept, note);
    }
    return { good: files.every(({ result }) => result === 'good'), files };
  },

  async delete(model) {
    const { kept, notes } = await find(model);
    // The weights first: if they are in use, nothing is removed.
    for (const note of notes.sort((a, b) => (b.length ?? 0) - (a.length ?? 0))) await remove(kept, note);
  },

  async estimate(): Promise<StorageEstimate> {
    const { usage = null, quota = null } = (await navigator.storage?.estimate?.().catch(() => undefined)) ?? {};
    const persisted = (await navigator.storage?.persisted?.().catch(() => false)) ?? false;
    return { kind: (await store())?.kind ?? 'memory', usage, quota, persisted };
  },

  async persist() {
    return (await navigator.storage?.persist?.().catch(() => false)) ?? false;
  },

  on_change: (listener) => hearNews(() => listener()),
};

async function find(model: StoredModel | string): Promise<{ kept: Store; notes: Note[] }> {
  const id = typeof model === 'string' ? model : model.id;
  const kept = await store();
  const notes = ((await kept?.notes()) ?? []).filter((note) => note.model.id === id);
  if (!kept || notes.length === 0)
    throw new ClozeError('not_found', `Of ${id} nothing is kept here (any more).`, { model: id });
  return { kept, notes };
}

/** Reads a file and compares its length and hash with the note's. */
async function check(kept: Store, note: Note, { on_progress, signal }: VerifyOptions): Promise<'good' | 'damaged'> {
  // Pages that never verify need not fetch it.
  const { digest } = await import('../bytes/digest.js');
  const total = note.length ?? 0;
  const sums = await digest({ ...(note.sha256 !== null && { sha256: note.sha256 }) }, total);
  let loaded = 0;
  for await (const piece of kept.pieces(note)) {
    // Small steps: a page must go on answering.
    for (let at = 0; at < piece.byteLength; at += STEP) {
      if (signal?.aborted) throw aborted('Verifying');
      sums.update(piece.subarray(at, at + STEP));
      await new Promise((resolve) => setTimeout(resolve));
    }
    loaded += piece.byteLength;
    on_progress?.({ file: note.name, loaded, total });
  }
  return loaded === total && sums.finish().good ? 'good' : 'damaged';
}

/** Bytes hashed at once: some ms. */
const STEP = 1 << 20;

async function remove(kept: Store, { key, name }: Note): Promise<void> {
  const inUse = (cause?: unknown): ClozeError =>
    new ClozeError(
      'in_use',
      `${name} is being fetched or read in this tab or another. Wait until it is there, or stop it, and try again.`,
      { file: name },
      { cause },
    );
  // The Cache API would remove what is being written.
  const held = await lockIfFree(key);
  if (!held) throw inUse();
  try {
    await kept.remove(key);
  } catch (cause) {
    throw inUse(cause);
  } finally {
    held.release();
  }
  tellNews({ key });
}
