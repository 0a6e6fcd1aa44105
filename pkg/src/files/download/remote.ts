/** A file at an address: the kept copy if it is the right one, else the network. */
import { ClozeError } from '../../border/errors.js';
import type { Note } from '../storage/note.js';
import { answer, TRIES_WITH_COPY } from './connection.js';
import { keptFile } from './kept.js';
import { knownVersion, type Fetching, type IncomingFile, type RemoteFile } from './file.js';
import { mayKeep, versionOf } from './request.js';
import { begin } from './transfer.js';
import { waitFor } from './waiting.js';

/**
 * Opens a file. Of two tabs that want the same one, the second waits and then reads what the first has fetched; if the
 * first is closed, the second goes on from where it stopped.
 *
 * @throws ClozeError if there is neither a copy nor an answer
 */
export async function openRemote(file: RemoteFile, fetching: Fetching): Promise<IncomingFile> {
  const { store, tell } = fetching;
  tell({ status: 'initiate', file: file.name, message: `Asking for ${file.name}` });
  if (!store) return begin(file, fetching, undefined);
  const before = await store.note(file.key);
  if (before?.complete && (await isCurrent(before, file, fetching))) {
    const kept = await keptFile(before, store, tell);
    if (kept) return kept;
  }
  const held = await waitFor(file, fetching);
  try {
    const now = await store.note(file.key);
    // Another tab has fetched it meanwhile; a page of another version may want another file.
    const fresh = now?.complete && now.fetched !== before?.fetched && (await isCurrent(now, file, fetching));
    const kept = fresh ? await keptFile(now, store, tell) : undefined;
    if (!kept) return await begin(file, fetching, { store, note: now, held });
    held.release();
    return kept;
  } catch (error) {
    held.release();
    throw error;
  }
}

/** Whether a copy is what there is now; asks the server if there is no hash to tell by. */
async function isCurrent(note: Note, file: RemoteFile, { tell, ...fetching }: Fetching): Promise<boolean> {
  const known = knownVersion(file);
  // The same bytes may have come by another way, and be known by another name.
  if (known !== undefined)
    return (
      note.version === known ||
      (note.sha256 !== null && note.sha256 === file.expected?.sha256 && (file.size ?? note.length) === note.length)
    );
  let response: Response;
  try {
    response = await answer(file.url, {}, { tell, ...fetching }, TRIES_WITH_COPY);
  } catch (error) {
    if (!(error instanceof ClozeError && (error.code === 'network' || error.code === 'rate_limited'))) throw error;
    tell({
      status: 'warning',
      code: 'offline',
      file: file.name,
      message: `${new URL(file.url).host} cannot be reached: the copy of ${file.name} that is kept here is used`,
    });
    return true;
  }
  await response.body?.cancel().catch(() => undefined);
  const version = versionOf(response.headers);
  return version !== undefined && (version === note.version || version === note.etag) && mayKeep(response.headers);
}
