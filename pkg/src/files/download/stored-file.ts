/** A file that is stored here whole. */
import * as words from '../../words/files/index.js';
import { STORAGE_READ } from '../bytes/sizes.js';
import { announceChange } from '../storage/changes.js';
import type { FileRecord } from '../storage/record.js';
import type { ReadableFile, Store } from '../storage/store.js';
import type { IncomingFile, OnProgress } from './incoming-file.js';
import { Interrupted } from './interrupted.js';
import { unreadable } from './problems.js';
import { Progress } from './progress.js';

/** Opens it; undefined if it is gone. It is not hashed again: hashing takes several times as long as reading. */
export async function storedFile(
  record: FileRecord,
  store: Store,
  tell: OnProgress,
): Promise<IncomingFile | undefined> {
  const { key, name, safe } = record;
  const length = safe[0]?.[1] ?? 0;
  const reader = await store.reader(key);
  if (!reader) return undefined;
  const discardCopy = async (): Promise<boolean> => {
    await store.remove(key).catch(() => undefined);
    announceChange({ key });
    return true;
  };
  async function* pieces(): AsyncGenerator<Uint8Array> {
    try {
      yield* readWhole(reader!, name, length, tell);
    } catch (error) {
      // A disk that cannot be read, or a file that was cleared away.
      if (!(error instanceof Interrupted) && !(error instanceof DOMException)) throw error;
      reader!.close();
      await discardCopy();
      throw error instanceof Interrupted ? error : unreadable(name, words.copies.unreadable(name));
    } finally {
      reader!.close();
    }
    void store.amend(key, { used: Date.now() }).then(() => announceChange({ key }));
  }
  return { name, total: length, pieces: pieces(), discardCopy };
}

/** All bytes of a file, in pieces that overwrite each other. */
async function* readWhole(
  reader: ReadableFile,
  name: string,
  length: number,
  tell: OnProgress,
): AsyncGenerator<Uint8Array> {
  const buffer = new Uint8Array(Math.min(STORAGE_READ, length));
  const progress = new Progress(length);
  for (let at = 0; at < length;) {
    const count = await reader.read(buffer.subarray(0, length - at), at);
    if (count === 0) throw unreadable(name, words.copies.notWhole(name));
    at += count;
    progress.add(count, (report) =>
      tell({ status: 'progress', file: name, message: words.steps.reading(name), ...report }),
    );
    yield buffer.subarray(0, count);
  }
}
