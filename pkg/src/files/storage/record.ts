/** What is recorded beside a stored file. */
import { spansOf, type Span } from '../bytes/ranges.js';
import type { StoredModel } from './types.js';

/** Which model a file is of. */
export type ModelIdentity = Pick<StoredModel, 'id' | 'name' | 'source' | 'url' | 'revision'>;

/** What is known of a file before its first byte. */
export interface FileIdentity {
  /** Names the file, whatever its version: another version takes its place. */
  key: string;
  /** Name in its folder. */
  name: string;
  /** The address it comes from. */
  url: string;
  model: ModelIdentity;
  /** A hash, an ETag, or the time of its last change. */
  version: string;
  /** Its length in bytes; `null` if the server does not say. */
  length: number | null;
}

/** What becomes known as it arrives and is used. */
export interface FileState {
  /** Bytes that are on disk. */
  safe: Span[];
  /** Whether that is all of them. */
  complete: boolean;
  sha256: string | null;
  /** Whether the hash is what the hub or the package says. */
  verified: boolean;
  /** When it became whole, and was last used; ms since 1970. */
  fetched: number | null;
  used: number | null;
  /** Of a file that is not whole: when something of it last arrived. */
  saved: number | null;
  /** What the server called the version; a hash may be what it is known by. */
  etag: string | null;
  /** The files that its model needs, and since when that is known. */
  needs: { files: string[]; since: number } | null;
}

/** All of it. The names of its fields are those on disk. */
export type FileRecord = FileIdentity & FileState;

/** Of a file of which nothing is there yet. */
export const emptyRecord = (identity: FileIdentity): FileRecord => ({
  ...identity,
  safe: [],
  complete: false,
  sha256: null,
  verified: false,
  fetched: null,
  used: null,
  saved: null,
  etag: null,
  needs: null,
});

/**
 * One change as it is written. A record is a list of changes, one line of JSON each: a browser that is killed while a
 * line is written leaves the lines before it as they were.
 */
export const recordLine = (change: Partial<FileRecord>): string => `${JSON.stringify(change)}\n`;

/** Reads a record; undefined if the text is none. */
export function parseRecord(text: string): FileRecord | undefined {
  const record: Partial<FileRecord> = {};
  for (const line of text.split('\n')) {
    try {
      Object.assign(record, JSON.parse(line));
    } catch {
      // The line that was being written when the browser ended.
    }
  }
  const { key, name, url, version, model } = record;
  const texts = [key, name, url, version, model?.id, model?.name, model?.url];
  if (!texts.every((value) => typeof value === 'string')) return undefined;
  return { ...emptyRecord(record as FileIdentity), ...record, safe: spansOf(record.safe) };
}

/** Whether the rest of a file can be fetched: the record is of the same version and length, and the length is known. */
export const canResume = (
  record: FileRecord | undefined,
  { key, version, length }: FileIdentity,
): record is FileRecord =>
  record !== undefined &&
  record.key === key &&
  record.version === version &&
  record.length === length &&
  length !== null;
