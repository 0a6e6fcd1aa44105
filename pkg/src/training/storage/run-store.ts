/**
 * Where runs are kept: the origin private file system, or the Cache API where there is none. Each run has four files: two
 * snapshots (`a`, `b`), the log, and its text.
 */
import type { SyncAccessHandle } from '../../files/storage/opfs.js';
import { inPieces } from './pieces.js';

/** The files of a run. */
export type RunFileName = 'a' | 'b' | 'log' | 'text';
export const RUN_FILES: readonly RunFileName[] = ['a', 'b', 'log', 'text'];

/** A run's files, open to be written. Only in workers, by one at a time. */
export interface RunFiles {
  /**
   * Cuts a file at `at` and writes behind that; on disk when it resolves.
   *
   * @throws DOMException where the disk or the quota is full
   */
  write(name: RunFileName, at: number, parts: readonly Uint8Array[]): Promise<void>;
  close(): void;
}

/** A storage of runs. */
export interface RunStore {
  readonly kind: 'opfs' | 'cache';
  /** All that has files. */
  ids(): Promise<string[]>;
  /** A file as it is now; undefined if there is none. Reading it fails once it has changed. */
  file(id: string, name: RunFileName): Promise<Blob | undefined>;
  /** @throws DOMException where it is open already */
  open(id: string): Promise<RunFiles>;
  /** @throws DOMException while it is open */
  remove(id: string): Promise<void>;
}

let opened: Promise<RunStore | undefined> | undefined;

/** The best storage there is; undefined where nothing can be kept. */
export const openRunStore = (): Promise<RunStore | undefined> =>
  (opened ??= opfsRuns().then((store) => store ?? cacheRuns()));

/** For tests: looks again. */
export const forgetRunStore = (): void => void (opened = undefined);

const FOLDER = 'cloze-runs';

async function opfsRuns(): Promise<RunStore | undefined> {
  try {
    const root = await navigator.storage.getDirectory();
    return new OpfsRuns(await root.getDirectoryHandle(FOLDER, { create: true }));
  } catch {
    return undefined;
  }
}

const nameIn = (id: string, name: RunFileName): string => `${id}.${name}`;

class OpfsRuns implements RunStore {
  readonly kind = 'opfs';

  constructor(private readonly folder: FileSystemDirectoryHandle) {}

  async ids(): Promise<string[]> {
    const ids = new Set<string>();
    for await (const name of this.folder.keys()) ids.add(name.slice(0, name.lastIndexOf('.')));
    return [...ids];
  }

  async file(id: string, name: RunFileName): Promise<Blob | undefined> {
    try {
      return await (await this.folder.getFileHandle(nameIn(id, name))).getFile();
    } catch {
      return undefined;
    }
  }

  async open(id: string): Promise<RunFiles> {
    const handles = new Map<RunFileName, SyncAccessHandle>();
    const close = (): void => handles.forEach((handle) => handle.close());
    try {
      for (const name of RUN_FILES)
        handles.set(name, await openSyncFile(await this.folder.getFileHandle(nameIn(id, name), { create: true })));
    } catch (error) {
      close();
      throw error;
    }
    return {
      async write(name, at, parts) {
        const handle = handles.get(name)!;
        handle.truncate(at);
        let end = at;
        for (const part of parts)
          for (const piece of inPieces(part)) {
            // Some browsers write less than they were given, and throw nothing, where there is no space.
            if (handle.write(piece, { at: end }) !== piece.byteLength)
              throw new DOMException('The disk is full.', 'QuotaExceededError');
            end += piece.byteLength;
          }
        handle.flush();
      },
      close,
    };
  }

  async remove(id: string): Promise<void> {
    for (const name of RUN_FILES)
      await this.folder.removeEntry(nameIn(id, name)).catch((error: unknown) => {
        if ((error as DOMException).name !== 'NotFoundError') throw error;
      });
  }
}

/** How long a file of a tab that was just killed may still count as open, ms. */
const PATIENCE = 3000;

interface SyncFile {
  createSyncAccessHandle(): Promise<SyncAccessHandle>;
}

/** Opens a file for this worker alone. */
async function openSyncFile(file: FileSystemFileHandle): Promise<SyncAccessHandle> {
  const end = performance.now() + PATIENCE;
  for (;;) {
    try {
      return await (file as unknown as SyncFile).createSyncAccessHandle();
    } catch (error) {
      if ((error as DOMException).name !== 'NoModificationAllowedError' || performance.now() > end) throw error;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}

async function cacheRuns(): Promise<RunStore | undefined> {
  try {
    const cache = await caches.open(FOLDER);
    // Firefox opens it in private windows and refuses to use it.
    await cache.match(addressOf('', 'a', 0));
    return new CacheRuns(cache);
  } catch {
    return undefined;
  }
}

/** Answers to addresses that lead nowhere: of a file, the part that begins at `at`. */
const addressOf = (id: string, name: RunFileName, at: number): string =>
  new URL(`/cloze-runs/${id}/${name}/${at}`, location.origin).href;

/** An entry is replaced as a whole or not at all; a log is a chain of parts, each beginning where the last one ends. */
class CacheRuns implements RunStore {
  readonly kind = 'cache';

  constructor(private readonly cache: Cache) {}

  async ids(): Promise<string[]> {
    const keys = await this.cache.keys();
    return [...new Set(keys.map(({ url }) => new URL(url).pathname.split('/')[2]!))];
  }

  async file(id: string, name: RunFileName): Promise<Blob | undefined> {
    const parts: Blob[] = [];
    for (let at = 0; ; at += parts.at(-1)!.size) {
      const part = await (await this.cache.match(addressOf(id, name, at)))?.blob();
      if (!part || part.size === 0) return parts.length > 0 ? new Blob(parts) : undefined;
      parts.push(part);
    }
  }

  async open(id: string): Promise<RunFiles> {
    return {
      write: (name, at, parts) =>
        this.cache.put(addressOf(id, name, at), new Response(new Blob(parts as Uint8Array<ArrayBuffer>[]))),
      close: () => undefined,
    };
  }

  async remove(id: string): Promise<void> {
    for (const { url } of await this.cache.keys())
      if (new URL(url).pathname.split('/')[2] === id) await this.cache.delete(url);
  }
}
