/** Room for a file that is about to be kept. */
import { Ranges } from '../bytes/ranges.js';
import { lockIfFree, type Held } from './lock.js';
import { tellNews } from './news.js';
import type { Note } from './note.js';
import type { Store } from './store.js';

/**
 * Whether so many bytes more may be kept. If they may not, what no load will use is removed first: files that nothing is
 * noted of, then files of other models that are not whole and that no tab is fetching, the oldest first, if that is
 * enough. Whole ones are the visitor's to delete.
 */
export async function makeRoom(store: Store, bytes: number, model: string): Promise<boolean> {
  if ((await lacking(bytes)) <= 0) return true;
  await store.tidy();
  const lack = await lacking(bytes);
  if (lack <= 0) return true;
  const { chosen, held } = await choose(await store.notes(), model, lack);
  try {
    for (const { key } of chosen) {
      await store.remove(key).catch(() => undefined);
      tellNews({ key });
    }
  } finally {
    held.forEach((one) => one.release());
  }
  return chosen.length > 0 && (await lacking(bytes)) <= 0;
}

/** The files to remove, with their locks; none if all of them would not be enough. */
async function choose(notes: readonly Note[], model: string, lack: number): Promise<{ chosen: Note[]; held: Held[] }> {
  const chosen: Note[] = [];
  const held: Held[] = [];
  let freed = 0;
  for (const note of candidates(notes, model)) {
    if (freed >= lack) break;
    const lock = await lockIfFree(note.key);
    if (!lock) continue;
    held.push(lock);
    chosen.push(note);
    freed += sizeOf(note);
  }
  return { chosen: freed >= lack ? chosen : [], held };
}

/** Other models' files that are not whole, the oldest first. */
export const candidates = (notes: readonly Note[], model: string): Note[] =>
  notes.filter((note) => !note.complete && note.model.id !== model).sort((a, b) => (a.saved ?? 0) - (b.saved ?? 0));

const sizeOf = ({ safe }: Note): number => new Ranges(safe).bytes;

/** How many bytes too few there are. */
async function lacking(bytes: number): Promise<number> {
  try {
    const { quota, usage } = await navigator.storage.estimate();
    return quota === undefined || usage === undefined ? 0 : bytes - (quota - usage);
  } catch {
    // It shows when they are written.
    return 0;
  }
}
