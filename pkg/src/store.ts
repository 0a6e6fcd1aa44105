/**
 * Weight files in the origin private file system, so that a model is downloaded once. Only in workers: theirs are the
 * handles that read and write at once, at the speed of memory.
 *
 * Of each address one file is kept, and beside it, written when the file is whole, a note of what the server called
 * this version of it. A file without a note, of another version or of another length is never used.
 */

/** What TypeScript knows of in workers only. */
interface SyncAccessHandle {
  read(buffer: Uint8Array, options: { at: number }): number;
  write(buffer: Uint8Array, options: { at: number }): number;
  truncate(size: number): void;
  getSize(): number;
  flush(): void;
  close(): void;
}
interface SyncFileHandle {
  createSyncAccessHandle?(options?: { mode: 'read-only' }): Promise<SyncAccessHandle>;
}

/** The note beside a file. */
interface Note {
  url: string;
  /** The server's name for this version: an ETag, or the time of its last change. */
  version: string;
  length: number;
}

/** A file being kept while it arrives. */
export interface Keeper {
  /** The next bytes. What goes wrong here ends the keeping, not the load. */
  write(chunk: Uint8Array): void;
  /** The file is whole, and good. */
  finish(): Promise<void>;
  /** It is not. */
  abandon(): Promise<void>;
}

const FOLDER = 'cloze';
/** Bytes that are read at once. */
const PIECE = 4 << 20;

/** What the server calls this version of a file; undefined where it does not say, or does not want it kept. */
export function versionOf(headers: Headers): string | undefined {
  if (/\bno-store\b/iu.test(headers.get('cache-control') ?? '')) return undefined;
  return headers.get('etag') ?? headers.get('last-modified') ?? undefined;
}

async function folder(): Promise<FileSystemDirectoryHandle | undefined> {
  try {
    const root = await navigator.storage.getDirectory();
    return await root.getDirectoryHandle(FOLDER, { create: true });
  } catch {
    // No such storage: private windows, old browsers, pages that are not secure, Node.
    return undefined;
  }
}

/** File names of an address. */
async function names(url: string): Promise<{ file: string; note: string }> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(url)));
  const name = Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
  return { file: name, note: `${name}.json` };
}

async function noteOf(kept: FileSystemDirectoryHandle, name: string): Promise<Note | undefined> {
  try {
    const file = await (await kept.getFileHandle(name)).getFile();
    return JSON.parse(await file.text()) as Note;
  } catch {
    return undefined;
  }
}

async function open(file: FileSystemFileHandle, options?: { mode: 'read-only' }): Promise<SyncAccessHandle> {
  const handle = await (file as SyncFileHandle).createSyncAccessHandle?.(options);
  if (!handle) throw new Error('no synchronous files here');
  return handle;
}

/** The kept file of an address in pieces, each overwritten by the next; undefined unless it is there in this version. */
export async function kept(url: string, version: string): Promise<{ length: number; pieces: AsyncGenerator<Uint8Array> } | undefined> {
  const found = await folder();
  if (!found) return undefined;
  const name = await names(url);
  let handle: SyncAccessHandle | undefined;
  try {
    handle = await open(await found.getFileHandle(name.file), { mode: 'read-only' });
    // Only now, as no one can write another version into an open file.
    const note = await noteOf(found, name.note);
    if (note?.url === url && note.version === version && note.length === handle.getSize()) return { length: note.length, pieces: pieces(handle, note.length) };
  } catch {
    // Another tab is writing it, or it was cleared away: then it comes from the network.
  }
  handle?.close();
  return undefined;
}

async function* pieces(handle: SyncAccessHandle, length: number): AsyncGenerator<Uint8Array> {
  try {
    const buffer = new Uint8Array(Math.min(PIECE, length));
    for (let at = 0; at < length; ) {
      const count = handle.read(buffer, { at });
      if (count === 0) return;
      at += count;
      yield buffer.subarray(0, count);
    }
  } finally {
    handle.close();
  }
}

/** Begins to keep a file; undefined where nothing can be kept, or another tab keeps it just now. */
export async function keep(url: string, version: string): Promise<Keeper | undefined> {
  const found = await folder();
  if (!found) return undefined;
  const name = await names(url);
  await tidy(found);
  let handle: SyncAccessHandle;
  try {
    handle = await open(await found.getFileHandle(name.file, { create: true }));
  } catch {
    return undefined;
  }
  try {
    // From now on the old version is gone.
    await found.removeEntry(name.note).catch(() => undefined);
    handle.truncate(0);
  } catch {
    handle.close();
    return undefined;
  }
  let length = 0;
  let broken = false;
  const abandon = async (): Promise<void> => {
    broken = true;
    handle.close();
    await forget(url);
  };
  return {
    write(chunk) {
      if (broken) return;
      try {
        broken = handle.write(chunk, { at: length }) !== chunk.byteLength;
      } catch {
        // The disk is full, or the quota.
        broken = true;
      }
      length += chunk.byteLength;
    },
    async finish() {
      if (broken) return abandon();
      try {
        handle.flush();
        const note = await open(await found.getFileHandle(name.note, { create: true }));
        try {
          note.truncate(0);
          note.write(new TextEncoder().encode(JSON.stringify({ url, version, length } satisfies Note)), { at: 0 });
          note.flush();
        } finally {
          note.close();
        }
        // Until now no other tab could write another version beside this one's note.
        handle.close();
      } catch {
        await abandon();
      }
    },
    abandon,
  };
}

/** Removes what loads left that stopped in the middle; a file that another tab is writing cannot be removed. */
async function tidy(found: FileSystemDirectoryHandle): Promise<void> {
  try {
    const all = new Set<string>();
    for await (const name of found.keys()) all.add(name);
    for (const name of all) {
      if (!name.endsWith('.json') && !all.has(`${name}.json`)) await found.removeEntry(name).catch(() => undefined);
    }
  } catch {
    // Only tidying.
  }
}

/** Removes what is kept of an address. */
export async function forget(url: string): Promise<void> {
  const found = await folder();
  if (!found) return;
  const name = await names(url);
  await found.removeEntry(name.note).catch(() => undefined);
  await found.removeEntry(name.file).catch(() => undefined);
}
