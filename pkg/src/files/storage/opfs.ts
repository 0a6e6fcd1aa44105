/**
 * The origin private file system. In workers its files are read and written at once, at the speed of memory; pages may
 * only list, read slowly and remove.
 */
import { begun, line, parseNote, type Facts, type Note } from './note.js';
import { continues, hashed, type Copy, type Reader, type Store } from './store.js';

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

const FOLDER = 'cloze';
const NOTE = '.json';
/** Bytes that are read at once where reading is slow. */
const PIECE = 4 << 20;

/** Undefined where there is none: private windows, old browsers, pages that are not secure, Node. */
export async function opfsStore(): Promise<Store | undefined> {
  let folder: FileSystemDirectoryHandle;
  try {
    folder = await (await navigator.storage.getDirectory()).getDirectoryHandle(FOLDER, { create: true });
  } catch {
    return undefined;
  }

  const fileOf = async (name: string): Promise<File | undefined> => {
    try {
      return await (await folder.getFileHandle(name)).getFile();
    } catch {
      return undefined;
    }
  };
  const noteOf = async (name: string): Promise<Note | undefined> => {
    // A file that grows between opening and reading cannot be read: another tab is noting something.
    for (let tries = 0; tries < 3; tries++) {
      const file = await fileOf(name + NOTE);
      if (!file) return undefined;
      const text = await file.text().catch(() => undefined);
      if (text !== undefined) return parseNote(text);
    }
    return undefined;
  };
  const handleOf = async (name: string, create: boolean): Promise<SyncAccessHandle> =>
    open(await folder.getFileHandle(name, { create }));

  return {
    kind: 'opfs',
    async notes() {
      const notes: Note[] = [];
      for (const name of await names(folder)) {
        const note = name.endsWith(NOTE) ? await noteOf(name.slice(0, -NOTE.length)) : undefined;
        if (note) notes.push(note);
      }
      return notes;
    },
    note: async (key) => noteOf(await hashed(key)),
    async amend(key, change) {
      try {
        const handle = await handleOf((await hashed(key)) + NOTE, false);
        append(handle, line(change));
        handle.close();
      } catch {
        // Another tab does the same just now.
      }
    },
    async open(facts: Facts): Promise<Copy> {
      const name = await hashed(facts.key);
      const data = await handleOf(name, true);
      let noteHandle: SyncAccessHandle | undefined;
      try {
        const before = await noteOf(name);
        noteHandle = await handleOf(name + NOTE, true);
        const size = data.getSize();
        const goesOn = continues(before, facts) && before.safe.every(([, end]) => end <= size);
        if (!goesOn) {
          // The note first: without it nothing that lies there counts.
          noteHandle.truncate(0);
          noteHandle.flush();
          data.truncate(0);
          append(noteHandle, line(facts));
        }
        return copy(data, noteHandle, goesOn ? before : begun(facts));
      } catch (error) {
        data.close();
        noteHandle?.close();
        throw error;
      }
    },
    async reader(key) {
      const name = await hashed(key);
      try {
        const handle = await open(await folder.getFileHandle(name), { mode: 'read-only' });
        return { read: (buffer, at) => handle.read(buffer, { at }), close: () => handle.close() };
      } catch {
        // Another tab holds it open and does not share, as older browsers do: read it slowly.
        const file = await fileOf(name);
        return file && slowReader(file);
      }
    },
    async *pieces({ key }) {
      const file = await fileOf(await hashed(key));
      for (let at = 0; file && at < file.size; at += PIECE)
        yield new Uint8Array(await file.slice(at, at + PIECE).arrayBuffer());
    },
    async remove(key) {
      const name = await hashed(key);
      // The file first: it is the one that cannot be removed while it is open.
      await removed(folder, name);
      await removed(folder, name + NOTE);
    },
    async tidy() {
      const all = new Set(await names(folder));
      for (const name of all) {
        const useless = name.endsWith(NOTE) ? !(await noteOf(name.slice(0, -NOTE.length))) : !all.has(name + NOTE);
        if (useless) await removed(folder, name).catch(() => undefined);
      }
    },
  };
}

function copy(data: SyncAccessHandle, noteHandle: SyncAccessHandle, note: Note): Copy {
  return {
    note,
    anywhere: true,
    read: (buffer, at) => data.read(buffer, { at }),
    write(bytes, at) {
      if (data.write(bytes, { at }) !== bytes.byteLength)
        throw new DOMException('The disk is full.', 'QuotaExceededError');
    },
    async save(change) {
      data.flush();
      append(noteHandle, line(change));
      Object.assign(note, change);
    },
    close() {
      data.close();
      noteHandle.close();
    },
  };
}

async function open(file: FileSystemFileHandle, options?: { mode: 'read-only' }): Promise<SyncAccessHandle> {
  const handle = await (file as SyncFileHandle).createSyncAccessHandle?.(options);
  if (!handle) throw new Error('no synchronous files here');
  return handle;
}

function append(handle: SyncAccessHandle, text: string): void {
  const bytes = new TextEncoder().encode(text);
  if (handle.write(bytes, { at: handle.getSize() }) !== bytes.byteLength)
    throw new DOMException('The disk is full.', 'QuotaExceededError');
  handle.flush();
}

function slowReader(file: File): Reader {
  return {
    async read(buffer, at) {
      const bytes = new Uint8Array(await file.slice(at, at + buffer.byteLength).arrayBuffer());
      buffer.set(bytes);
      return bytes.byteLength;
    },
    close: () => undefined,
  };
}

async function names(folder: FileSystemDirectoryHandle): Promise<string[]> {
  const all: string[] = [];
  for await (const name of folder.keys()) all.push(name);
  return all;
}

/** Removes an entry that may be gone already. */
async function removed(folder: FileSystemDirectoryHandle, name: string): Promise<void> {
  await folder.removeEntry(name).catch((error: unknown) => {
    if ((error as DOMException).name !== 'NotFoundError') throw error;
  });
}
