/** Waiting for the right to write a file, which one tab has at a time. */
import { onChange } from '../storage/changes.js';
import { lockFile, type FileLock } from '../storage/lock.js';
import type { DownloadContext, RemoteFile } from './incoming-file.js';

/** Waits for other tabs that fetch the file, and says how far they are. */
export async function queueForLock(
  { key, name }: RemoteFile,
  { tell }: Pick<DownloadContext, 'tell'>,
): Promise<FileLock> {
  let unlisten: (() => void) | undefined;
  const waiting = (what: string, where: { loaded?: number; total?: number } = {}): void =>
    tell({
      status: 'waiting',
      file: name,
      message: `Another tab ${what} ${name}; it is used here as soon as it is there`,
      ...where,
    });
  try {
    return await lockFile(key, () => {
      waiting('is fetching');
      unlisten = onChange((change) => {
        if (change.key !== key || change.loaded === undefined) return;
        const { loaded, total, paused } = change;
        waiting(paused ? 'has paused fetching' : 'is fetching', { loaded, ...(total !== undefined && { total }) });
      });
    });
  } finally {
    unlisten?.();
  }
}
