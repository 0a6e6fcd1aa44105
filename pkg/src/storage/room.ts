/** Room for a file that is about to be kept. */
import type { Store } from './store.js';

/**
 * Whether so many bytes more may be kept. If they may not, what no load will use is removed first: files that nothing is
 * noted of, then files of other models that are not whole. Whole ones are the visitor's to delete.
 */
export async function makeRoom(store: Store, bytes: number, key: string): Promise<boolean> {
  if (await fits(bytes)) return true;
  await store.tidy();
  for (const note of await store.notes()) {
    // One that another tab is fetching cannot be removed.
    if (!note.complete && note.key !== key) await store.remove(note.key).catch(() => undefined);
  }
  return fits(bytes);
}

async function fits(bytes: number): Promise<boolean> {
  try {
    const { quota, usage } = await navigator.storage.estimate();
    return quota === undefined || usage === undefined || bytes <= quota - usage;
  } catch {
    // It shows when they are written.
    return true;
  }
}
