/** Waiting for the right to write a file, which one tab has at a time. */
import * as words from '../../words/files/index.js';
import { onChange } from '../storage/changes.js';
import { lockFile, type FileLock } from '../storage/lock.js';
import type { DownloadContext, RemoteFile } from './incoming-file.js';

/** Waits for other tabs that fetch the file, and says how far they are. */
export async function queueForLock(
  { key, name }: RemoteFile,
  { tell }: Pick<DownloadContext, 'tell'>,
): Promise<FileLock> {
  let unlisten: (() => void) | undefined;
  const waiting = (paused = false, where: { loaded?: number; total?: number } = {}): void =>
    tell({
      status: 'waiting',
      file: name,
      message: words.steps.otherTab(name, paused),
      ...where,
    });
  try {
    return await lockFile(key, () => {
      waiting();
      unlisten = onChange((change) => {
        if (change.key !== key || change.loaded === undefined) return;
        const { loaded, total, paused } = change;
        waiting(paused, { loaded, ...(total !== undefined && { total }) });
      });
    });
  } finally {
    unlisten?.();
  }
}
