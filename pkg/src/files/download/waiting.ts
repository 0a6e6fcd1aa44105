/** The right to write a file, which one tab has at a time. */
import { lock, type Held } from '../storage/lock.js';
import { hearNews } from '../storage/news.js';
import type { Fetching, RemoteFile } from './file.js';

/** Waits for other tabs that fetch the file, and says how far they are. */
export async function waitFor({ key, name }: RemoteFile, { tell }: Fetching): Promise<Held> {
  let unlisten: (() => void) | undefined;
  try {
    return await lock(key, () => {
      const waiting = (what: string): string => `Another tab ${what} ${name}; it is used here as soon as it is there`;
      tell({ status: 'waiting', file: name, message: waiting('is fetching') });
      unlisten = hearNews((news) => {
        if (news.key !== key || news.loaded === undefined) return;
        const { loaded, total, paused } = news;
        tell({
          status: 'waiting',
          file: name,
          message: waiting(paused ? 'has paused fetching' : 'is fetching'),
          loaded,
          ...(total !== undefined && { total }),
        });
      });
    });
  } finally {
    unlisten?.();
  }
}
