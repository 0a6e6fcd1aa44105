/**
 * The origin private file system. In workers its files are read and written at once, at the speed of memory; pages may
 * only list, read slowly and remove.
 */
import { STORAGE_READ } from '../bytes/sizes.js';
import {
  canResume,
  emptyRecord,
  parseRecord,
  recordLine,
  type FileIdentity,
  type FileRecord,
  type FileState,
} from './record.js';
import { hashed, type ReadableFile, type Store, type WritableFile } from './store.js';

/** What TypeScript knows of in workers only. */
export interface SyncAccessHandle {
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
/** What a record's file is called, behind the name of the file that it is of. */
const RECORD = '.json';
/** Tries to read a record that grows meanwhile. */
const READ_TRIES = 3;

/** Undefined where there is none: private windows, old browsers, pages that are not secure, Node. */
export async function opfsStore(): Promise<Store | undefined> {
  try {
    const root = await navigator.storage.getDirectory();
    return new OpfsStore(await root.getDirectoryHandle(FOLDER, { create: true }));
  } catch {
    return undefined;
  }
}

class OpfsStore implements Store {
  readonly kind = 'opfs';

  constructor(private readonly folder: FileSystemDirectoryHandle) {}

  async records(): Promise<FileRecord[]> {
    const records: FileRecord[] = [];
    for (const name of await this.#names()) {
      const record = name.endsWith(RECORD) ? await this.#recordOf(name.slice(0, -RECORD.length)) : undefined;
      if (record) records.push(record);
    }
    return records;
  }

  async record(key: string): Promise<FileRecord | undefined> {
    return this.#recordOf(await hashed(key));
  }

  async amend(key: string, change: Partial<FileState>): Promise<void> {
    try {
      const handle = await this.#syncHandle((await hashed(key)) + RECORD);
      try {
        append(handle, recordLine(change));
      } finally {
        handle.close();
      }
    } catch {
      // Another tab does the same just now.
    }
  }

  async open(identity: FileIdentity): Promise<WritableFile> {
    const name = await hashed(identity.key);
    const data = await this.#syncHandle(name, { create: true });
    let log: SyncAccessHandle | undefined;
    try {
      const before = await this.#recordOf(name);
      log = await this.#syncHandle(name + RECORD, { create: true });
      const size = data.getSize();
      if (canResume(before, identity) && before.safe.every(([, end]) => end <= size))
        return new OpfsFile(data, log, before);
      // The record first: without it nothing that lies there counts.
      log.truncate(0);
      log.flush();
      data.truncate(0);
      append(log, recordLine(identity));
      return new OpfsFile(data, log, emptyRecord(identity));
    } catch (error) {
      data.close();
      log?.close();
      throw error;
    }
  }

  async reader(key: string): Promise<ReadableFile | undefined> {
    const name = await hashed(key);
    try {
      const handle = await syncHandleOf(await this.folder.getFileHandle(name), { mode: 'read-only' });
      return { read: (buffer, at) => handle.read(buffer, { at }), close: () => handle.close() };
    } catch {
      // Another tab has it open and does not share, as in older browsers: it is read slowly.
      const file = await this.#file(name);
      return file && slowReader(file);
    }
  }

  async *pieces({ key }: FileRecord): AsyncGenerator<Uint8Array> {
    const file = await this.#file(await hashed(key));
    for (let at = 0; file && at < file.size; at += STORAGE_READ)
      yield new Uint8Array(await file.slice(at, at + STORAGE_READ).arrayBuffer());
  }

  async remove(key: string): Promise<void> {
    const name = await hashed(key);
    // The file first: it is the one that cannot be removed while it is open.
    await this.#removeEntry(name);
    await this.#removeEntry(name + RECORD);
  }

  async tidy(): Promise<void> {
    const all = new Set(await this.#names());
    for (const name of all) {
      const useless = name.endsWith(RECORD)
        ? !(await this.#recordOf(name.slice(0, -RECORD.length)))
        : !all.has(name + RECORD);
      if (useless) await this.#removeEntry(name).catch(() => undefined);
    }
  }

  async #names(): Promise<string[]> {
    const names: string[] = [];
    for await (const name of this.folder.keys()) names.push(name);
    return names;
  }

  async #file(name: string): Promise<File | undefined> {
    try {
      return await (await this.folder.getFileHandle(name)).getFile();
    } catch {
      return undefined;
    }
  }

  async #recordOf(name: string): Promise<FileRecord | undefined> {
    // A file that grows between opening and reading cannot be read: another tab is writing to the record.
    for (let tries = 0; tries < READ_TRIES; tries++) {
      const file = await this.#file(name + RECORD);
      if (!file) return undefined;
      const text = await file.text().catch(() => undefined);
      if (text !== undefined) return parseRecord(text);
    }
    return undefined;
  }

  async #syncHandle(name: string, options: { create?: boolean } = {}): Promise<SyncAccessHandle> {
    return syncHandleOf(await this.folder.getFileHandle(name, options));
  }

  /** Removes an entry that may be gone already. */
  async #removeEntry(name: string): Promise<void> {
    await this.folder.removeEntry(name).catch((error: unknown) => {
      if ((error as DOMException).name !== 'NotFoundError') throw error;
    });
  }
}

/** A file and its record, both open for this tab alone. */
class OpfsFile implements WritableFile {
  readonly random_access = true;

  constructor(
    private readonly data: SyncAccessHandle,
    private readonly log: SyncAccessHandle,
    readonly record: FileRecord,
  ) {}

  read(buffer: Uint8Array, at: number): number {
    return this.data.read(buffer, { at });
  }

  write(bytes: Uint8Array, at: number): void {
    writeAll(this.data, bytes, at);
  }

  async save(change: Partial<FileRecord>): Promise<void> {
    this.data.flush();
    append(this.log, recordLine(change));
    Object.assign(this.record, change);
  }

  close(): void {
    this.data.close();
    this.log.close();
  }
}

/** Opens a file for synchronous access, which workers alone have. */
async function syncHandleOf(file: FileSystemFileHandle, options?: { mode: 'read-only' }): Promise<SyncAccessHandle> {
  const handle = await (file as SyncFileHandle).createSyncAccessHandle?.(options);
  if (!handle) throw new Error('no synchronous files here');
  return handle;
}

/** Adds text to the end of a file, and makes sure that it is on disk. */
function append(handle: SyncAccessHandle, text: string): void {
  writeAll(handle, new TextEncoder().encode(text), handle.getSize());
  handle.flush();
}

/** Some browsers write less than they were given, and throw nothing, where there is no space. */
function writeAll(handle: SyncAccessHandle, bytes: Uint8Array, at: number): void {
  if (handle.write(bytes, { at }) !== bytes.byteLength)
    throw new DOMException('The disk is full.', 'QuotaExceededError');
}

function slowReader(file: File): ReadableFile {
  return {
    async read(buffer, at) {
      const bytes = new Uint8Array(await file.slice(at, at + buffer.byteLength).arrayBuffer());
      buffer.set(bytes);
      return bytes.byteLength;
    },
    close: () => undefined,
  };
}
