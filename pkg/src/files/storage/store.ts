/** Where files are kept: what all kinds of storage can do. */
import { cacheStore } from './cache.js';
import type { Facts, Note, State } from './note.js';
import { opfsStore } from './opfs.js';

/** A storage. */
export interface Store {
  kind: 'opfs' | 'cache';
  /** The notes of all files. */
  notes(): Promise<Note[]>;
  /** The note of one. */
  note(key: string): Promise<Note | undefined>;
  /** Adds to a note, if that is possible just now. */
  amend(key: string, change: Partial<State>): Promise<void>;
  /**
   * Opens a file to go on with it: empty, unless what is there is of the same version and length. Only in workers, and
   * by one at a time.
   */
  open(facts: Facts): Promise<Copy>;
  /** Opens a whole file to be read. Only in workers. */
  reader(key: string): Promise<Reader | undefined>;
  /** Reads a file piece by piece, anywhere. */
  pieces(note: Note): AsyncGenerator<Uint8Array>;
  /**
   * Removes a file and its note.
   *
   * @throws DOMException while it is open
   */
  remove(key: string): Promise<void>;
  /** Removes files that nothing is noted of. */
  tidy(): Promise<void>;
}

/** A file being read. */
export interface Reader {
  /** Fills `buffer` from `at` on; how many bytes there were. */
  read(buffer: Uint8Array, at: number): number | Promise<number>;
  close(): void;
}

/** A file being kept while it arrives. */
export interface Copy extends Reader {
  note: Note;
  /** Whether bytes may be written anywhere, or only behind the last. */
  anywhere: boolean;
  /** @throws if the disk or the quota is full */
  write(bytes: Uint8Array, at: number): void | Promise<void>;
  /** Makes sure of what was written, then notes the change. `safe` is what is then on disk for sure. */
  save(change: Partial<Note>): Promise<void>;
}

let chosen: Promise<Store | undefined> | undefined;

/** The best storage there is; undefined where nothing can be kept. */
export const store = (): Promise<Store | undefined> => (chosen ??= choose());

async function choose(): Promise<Store | undefined> {
  return (await opfsStore()) ?? (await cacheStore());
}

/** A file name for a key: SHA-256 in hexadecimal. */
export async function hashed(key: string): Promise<string> {
  const sum = new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(key)));
  return Array.from(sum, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** Whether what is noted may be gone on with. */
export const continues = (note: Note | undefined, { key, version, length }: Facts): note is Note =>
  note !== undefined && note.key === key && note.version === version && note.length === length && length !== null;
