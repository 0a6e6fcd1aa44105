/** A file at an address: the kept copy if it is the right one, else the network. */
import { ClozeError } from '../../border/errors.js';
import * as words from '../../words/files/index.js';
import type { FileRecord } from '../storage/record.js';
import { requestPatiently, TRIES_WITH_COPY } from './connection.js';
import { knownVersion, type DownloadContext, type IncomingFile, type RemoteFile } from './incoming-file.js';
import { queueForLock } from './lock-queue.js';
import { mayKeep, versionOf } from './request.js';
import { storedFile } from './stored-file.js';
import { beginTransfer } from './transfer.js';

/**
 * Opens a file. Of two tabs that want the same one, the second waits and then reads what the first has fetched; if the
 * first is closed, the second goes on from where it stopped.
 *
 * @throws ClozeError if there is neither a copy nor an answer
 */
export async function openRemote(file: RemoteFile, context: DownloadContext): Promise<IncomingFile> {
  const { store, tell } = context;
  if (file.size !== undefined) context.expect?.(file.name, file.size);
  tell({ status: 'initiate', file: file.name, message: words.steps.asking(file.name) });
  if (!store) return beginTransfer(file, context, undefined);
  const before = await store.record(file.key);
  if (before?.complete && (await isCurrent(before, file, context))) {
    const stored = await storedFile(before, store, tell);
    if (stored) return stored;
  }
  const lock = await queueForLock(file, context);
  try {
    const now = await store.record(file.key);
    // Another tab has fetched it meanwhile; a page of another version may want another file.
    const fresh = now?.complete && now.fetched !== before?.fetched && (await isCurrent(now, file, context));
    const stored = fresh ? await storedFile(now, store, tell) : undefined;
    if (!stored) return await beginTransfer(file, context, { store, record: now, lock });
    lock.release();
    return stored;
  } catch (error) {
    lock.release();
    throw error;
  }
}

/** Whether a copy is what there is now; asks the server if there is no hash to tell by. */
async function isCurrent(record: FileRecord, file: RemoteFile, context: DownloadContext): Promise<boolean> {
  const known = knownVersion(file);
  // The same bytes may have come by another way, and be known by another name.
  if (known !== undefined)
    return (
      record.version === known ||
      (record.sha256 !== null &&
        record.sha256 === file.expected?.sha256 &&
        (file.size ?? record.length) === record.length)
    );
  let response: Response;
  try {
    response = await requestPatiently(file.url, {}, context, TRIES_WITH_COPY);
  } catch (error) {
    if (!(error instanceof ClozeError && (error.code === 'network' || error.code === 'rate_limited'))) throw error;
    context.tell({
      status: 'warning',
      code: 'offline',
      file: file.name,
      message: words.warnings.offline(new URL(file.url).host, file.name),
    });
    return true;
  }
  await response.body?.cancel().catch(() => undefined);
  const version = versionOf(response.headers);
  return version !== undefined && (version === record.version || version === record.etag) && mayKeep(response.headers);
}
