/** Which kind of storage this browser has. */
import { cacheStore } from './cache.js';
import { opfsStore } from './opfs.js';
import type { Store } from './store.js';

let opened: Promise<Store | undefined> | undefined;

/** The best storage there is; undefined where nothing can be stored. */
export const openStore = (): Promise<Store | undefined> => (opened ??= choose());

async function choose(): Promise<Store | undefined> {
  return (await opfsStore()) ?? (await cacheStore());
}
