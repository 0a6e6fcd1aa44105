/** Free space for a file that is about to be stored. */
import { Ranges } from '../bytes/ranges.js';
import { announceChange } from './changes.js';
import { tryLockFile, type FileLock } from './lock.js';
import type { FileRecord } from './record.js';
import type { Store } from './store.js';

/**
 * Whether so many bytes more may be stored. If they may not, what no load will use is removed first: files without a
 * record, then incomplete files of other models that no tab is fetching, the oldest first, if that is enough. Whole
 * files are the visitor's to delete.
 */
export async function makeSpace(store: Store, bytes: number, model: string): Promise<boolean> {
  if ((await lacking(bytes)) <= 0) return true;
  await store.tidy();
  const lack = await lacking(bytes);
  if (lack <= 0) return true;
  const { chosen, locks } = await choose(await store.records(), model, lack);
  try {
    for (const { key } of chosen) {
      await store.remove(key).catch(() => undefined);
      announceChange({ key });
    }
  } finally {
    locks.forEach((lock) => lock.release());
  }
  return chosen.length > 0 && (await lacking(bytes)) <= 0;
}

/** The files to remove, with their locks; none if all of them would not be enough. */
async function choose(
  records: readonly FileRecord[],
  model: string,
  lack: number,
): Promise<{ chosen: FileRecord[]; locks: FileLock[] }> {
  const chosen: FileRecord[] = [];
  const locks: FileLock[] = [];
  let freed = 0;
  for (const record of removable(records, model)) {
    if (freed >= lack) break;
    const lock = await tryLockFile(record.key);
    if (!lock) continue;
    locks.push(lock);
    chosen.push(record);
    freed += new Ranges(record.safe).bytes;
  }
  return { chosen: freed >= lack ? chosen : [], locks };
}

/** Other models' incomplete files, the oldest first. */
const removable = (records: readonly FileRecord[], model: string): FileRecord[] =>
  records
    .filter((record) => !record.complete && record.model.id !== model)
    .sort((a, b) => (a.saved ?? 0) - (b.saved ?? 0));

/** How many bytes too few there are. */
async function lacking(bytes: number): Promise<number> {
  try {
    const { quota, usage } = await navigator.storage.estimate();
    return quota === undefined || usage === undefined ? 0 : bytes - (quota - usage);
  } catch {
    // Whether they are too few shows when they are written.
    return 0;
  }
}
