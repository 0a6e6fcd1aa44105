/** What all kinds of storage can do. */
import type { FileIdentity, FileRecord, FileState } from './record.js';

/** A storage of files with a record beside each. */
export interface Store {
  kind: 'opfs' | 'cache';
  /** The records of all files. */
  records(): Promise<FileRecord[]>;
  /** The record of one. */
  record(key: string): Promise<FileRecord | undefined>;
  /** Adds to a record, if that is possible just now. */
  amend(key: string, change: Partial<FileState>): Promise<void>;
  /**
   * Opens a file to write the rest of it: it is empty, unless what is there can be resumed. Only in workers, and by one
   * at a time.
   *
   * @throws DOMException where another tab writes it, or the disk or the quota is full
   */
  open(identity: FileIdentity): Promise<WritableFile>;
  /** Opens a whole file to be read; undefined if it is gone. Only in workers. */
  reader(key: string): Promise<ReadableFile | undefined>;
  /** Reads a file piece by piece, in workers and pages. */
  pieces(record: FileRecord): AsyncGenerator<Uint8Array>;
  /**
   * Removes a file and its record.
   *
   * @throws DOMException while it is open
   */
  remove(key: string): Promise<void>;
  /** Removes files without a record. */
  tidy(): Promise<void>;
}

/** A file being read. */
export interface ReadableFile {
  /** Fills `buffer` with the bytes from `at` on; returns how many there were. */
  read(buffer: Uint8Array, at: number): number | Promise<number>;
  close(): void;
}

/** A file being stored while it arrives. */
export interface WritableFile extends ReadableFile {
  record: FileRecord;
  /** Whether bytes may be written anywhere, or only behind the last. */
  random_access: boolean;
  /** @throws DOMException if the disk or the quota is full */
  write(bytes: Uint8Array, at: number): void | Promise<void>;
  /** Flushes what was written, then records the change. `safe` is what is then on disk for sure. */
  save(change: Partial<FileRecord>): Promise<void>;
}

/** The name of a key's file: SHA-256 in hexadecimal. */
export async function hashed(key: string): Promise<string> {
  const sum = new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(key)));
  return Array.from(sum, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
