/**
 * The origin private file system in memory, with the rules of the real one: one writer at a time, no removal of what is
 * open, files that cannot be read once they have changed, and bytes that are lost unless they were flushed.
 */
import type { SyncAccessHandle } from '../files/storage/opfs.js';

/** How a browser's file system differs from the newest one's. */
export interface FakeOpfsOptions {
  /** Bytes that all files may have. */
  quota?: number;
  /** Where there is no space: throws `QuotaExceededError` (default), or writes what fits and says so. */
  full?: 'throws' | 'writes less';
  /** Whether a file can be opened for reading while another reads it (true); older browsers know no modes. */
  modes?: boolean;
  /** Whether there is synchronous access (true), which pages do not have. */
  sync?: boolean;
  /** Hears each change of a file before it is made. */
  before?: () => void;
}

interface Entry {
  bytes: Uint8Array<ArrayBuffer>;
  /** What is on disk for sure. */
  flushed: Uint8Array<ArrayBuffer>;
  readers: number;
  written: boolean;
  /** Counts changes: a `File` is of one of them. */
  version: number;
}

/** A file system, and what tests do to it. */
export interface FakeOpfs {
  options: FakeOpfsOptions;
  /** For `navigator.storage`. */
  getDirectory(): Promise<FileSystemDirectoryHandle>;
  /** The names of the files in a folder. */
  names(folder: string): string[];
  /** The content of a file; undefined if there is none. */
  content(folder: string, name: string): Uint8Array | undefined;
  /** The machine is killed: what was not flushed is lost, and nothing is open any more. Of a killed tab nothing is lost. */
  kill(of?: 'machine' | 'tab'): void;
}

/** Makes one. */
export function fakeOpfs(options: FakeOpfsOptions = {}): FakeOpfs {
  const folders = new Map<string, Map<string, Entry>>();
  const used = (): number =>
    [...folders.values()].flatMap((files) => [...files.values()]).reduce((sum, { bytes }) => sum + bytes.length, 0);
  return {
    options,
    getDirectory: async () =>
      ({
        async getDirectoryHandle(name: string, { create = false } = {}) {
          if (!folders.has(name) && !create) throw new DOMException(name, 'NotFoundError');
          const files = folders.get(name) ?? new Map<string, Entry>();
          folders.set(name, files);
          return directory(files, options, used);
        },
      }) as FileSystemDirectoryHandle,
    names: (folder) => [...(folders.get(folder)?.keys() ?? [])],
    content: (folder, name) => folders.get(folder)?.get(name)?.bytes,
    kill(of = 'machine') {
      for (const files of folders.values())
        for (const [name, { bytes, flushed }] of files) {
          const left = of === 'tab' ? bytes.slice() : flushed;
          files.set(name, { bytes: left, flushed: left, readers: 0, written: false, version: 0 });
        }
    },
  };
}

function directory(files: Map<string, Entry>, options: FakeOpfsOptions, used: () => number): FileSystemDirectoryHandle {
  const found = (name: string): Entry => {
    const entry = files.get(name);
    if (!entry) throw new DOMException(name, 'NotFoundError');
    return entry;
  };
  return {
    async getFileHandle(name: string, { create = false } = {}) {
      if (!files.has(name) && create)
        files.set(name, {
          bytes: new Uint8Array(),
          flushed: new Uint8Array(),
          readers: 0,
          written: false,
          version: 0,
        });
      found(name);
      return {
        getFile: async () => snapshot(found(name), name),
        ...(options.sync !== false && {
          createSyncAccessHandle: async (how?: { mode: 'read-only' }) => access(found(name), options, used, how),
        }),
      } as Partial<FileSystemFileHandle> as FileSystemFileHandle;
    },
    async removeEntry(name: string) {
      const { written, readers } = found(name);
      if (written || readers > 0) throw new DOMException(name, 'NoModificationAllowedError');
      files.delete(name);
    },
    async *keys() {
      yield* [...files.keys()];
    },
  } as Partial<FileSystemDirectoryHandle> as FileSystemDirectoryHandle;
}

/** A file as it is now; reading it fails once it has changed. */
function snapshot(entry: Entry, name: string): File {
  const { version } = entry;
  const checked = <T extends Blob>(blob: T): T => {
    const read =
      <R>(reading: () => Promise<R>) =>
      async (): Promise<R> => {
        if (entry.version !== version) throw new DOMException(name, 'NotReadableError');
        return reading();
      };
    const { text, arrayBuffer, slice } = blob;
    return Object.assign(blob, {
      text: read(() => text.call(blob)),
      arrayBuffer: read(() => arrayBuffer.call(blob)),
      slice: (...range: [number?, number?]) => checked(slice.call(blob, ...range)),
    });
  };
  return checked(new File([entry.bytes], name));
}

/** Opens a file for synchronous access. */
function access(
  entry: Entry,
  options: FakeOpfsOptions,
  used: () => number,
  how: { mode: 'read-only' } | undefined,
): SyncAccessHandle {
  const reads = how !== undefined && options.modes !== false;
  if (entry.written || (entry.readers > 0 && !reads)) throw new DOMException('open', 'NoModificationAllowedError');
  if (reads) entry.readers++;
  else entry.written = true;
  let closed = false;
  const open = (): Entry => {
    if (closed) throw new DOMException('closed', 'InvalidStateError');
    return entry;
  };
  const resize = (size: number): void => {
    const bytes = new Uint8Array(size);
    bytes.set(entry.bytes.subarray(0, size));
    entry.bytes = bytes;
    entry.version++;
  };
  /** How long a file may be. */
  const most = (): number => (options.quota ?? Infinity) - used() + entry.bytes.length;
  return {
    read(buffer, { at }) {
      const bytes = open().bytes.subarray(at, at + buffer.byteLength);
      buffer.set(bytes);
      return bytes.byteLength;
    },
    write(buffer, { at }) {
      options.before?.();
      open();
      let bytes = buffer;
      if (at + bytes.byteLength > most()) {
        if (options.full !== 'writes less') throw new DOMException('full', 'QuotaExceededError');
        bytes = bytes.subarray(0, Math.max(0, most() - at));
      }
      if (at + bytes.byteLength > entry.bytes.length) resize(at + bytes.byteLength);
      entry.bytes.set(bytes, at);
      entry.version++;
      return bytes.byteLength;
    },
    truncate: (size) => (options.before?.(), open(), resize(size)),
    getSize: () => open().bytes.length,
    flush: () => void (open().flushed = entry.bytes.slice()),
    close() {
      if (closed) return;
      closed = true;
      if (reads) entry.readers--;
      else entry.written = false;
    },
  };
}
