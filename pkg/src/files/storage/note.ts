/** What is noted beside a kept file. */
import { spansOf, type Span } from '../bytes/ranges.js';
import type { StoredModel } from './types.js';

/** Which model a file is of. */
export type ModelIdentity = Pick<StoredModel, 'id' | 'name' | 'source' | 'url' | 'revision'>;

/** What is known of a file before its first byte. */
export interface Facts {
  /** Names the file, whatever its version: another version takes its place. */
  key: string;
  /** Name in its folder. */
  name: string;
  /** The address it comes from. */
  url: string;
  model: ModelIdentity;
  /** A hash, an ETag, or the time of its last change. */
  version: string;
  /** Its length; `null` if the server does not say. */
  length: number | null;
}

/** What becomes known as it arrives and is used. */
export interface State {
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

/** All of it. */
export type Note = Facts & State;

/** Of a file of which nothing is there. */
export const begun = (facts: Facts): Note => ({
  ...facts,
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
 * A note is a list of what changed, one line of JSON each: a browser that is killed while a line is written leaves the
 * lines before it as they were.
 */
export const line = (change: Partial<Note>): string => `${JSON.stringify(change)}\n`;

/** Reads a note; undefined if it is none. */
export function parseNote(text: string): Note | undefined {
  const note: Partial<Note> = {};
  for (const one of text.split('\n')) {
    try {
      Object.assign(note, JSON.parse(one));
    } catch {
      // The line that was being written when it all ended.
    }
  }
  const { key, name, url, version, model } = note;
  const texts = [key, name, url, version, model?.id, model?.name, model?.url];
  if (!texts.every((value) => typeof value === 'string')) return undefined;
  return { ...begun(note as Facts), ...note, safe: spansOf(note.safe) };
}
