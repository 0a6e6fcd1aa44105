/** A model's file, wherever it comes from. */
import { ClozeError } from '../../border/errors.js';
import type { Store } from '../storage/store.js';
import type { Held } from '../storage/lock.js';
import type { ModelIdentity, Note } from '../storage/note.js';
import type { ProgressInfo } from '../../border/types.js';
import type { Expected } from '../bytes/digest.js';
import type { Gate } from '../../worker/gate.js';
import type { Credentials } from './request.js';
import type { Pace } from './retry.js';

/** Told about each step of a load. */
export type OnProgress = (progress: ProgressInfo) => void;

/** A file at an address. */
export interface RemoteFile {
  /** Its name in the storage, the same for all its versions. */
  key: string;
  /** Name in its folder. */
  name: string;
  url: string;
  model: ModelIdentity;
  /** Its length, if it is known from somewhere else. */
  size?: number;
  expected?: Expected;
}

/** What is known of a version without asking the server. */
export function knownVersion({ expected }: RemoteFile): string | undefined {
  if (expected?.sha256 !== undefined) return `sha256:${expected.sha256}`;
  return expected?.git_oid === undefined ? undefined : `git:${expected.git_oid}`;
}

/** The storage, what it has of a file, and the right to write it. */
export interface Keeping {
  store: Store;
  note: Note | undefined;
  held: Held;
}

/** How files are fetched. */
export interface Fetching {
  tell: OnProgress;
  /** Undefined if nothing is to be kept, or can be. */
  store: Store | undefined;
  gate: Gate;
  pace: Pace;
  credentials: Credentials | undefined;
}

/** A file as it comes. */
export interface IncomingFile {
  name: string;
  total: number | undefined;
  /**
   * The file piece by piece, each overwritten by the next. After the last one it has been checked.
   *
   * @throws Spoiled if it is not what it should be
   */
  pieces: AsyncGenerator<Uint8Array>;
  /** The core cannot use what came. Gives up a copy that may be to blame; whether another try may help. */
  refuse(): Promise<boolean>;
}

/** What came is not what it should be, and is kept nowhere; the next try may be better. */
export class Spoiled extends Error {
  constructor(
    /** What to tell if it is not. */
    readonly error: ClozeError,
  ) {
    super(error.message);
  }
}

/** Tries once more if what came was spoiled. */
export async function twice<T>(attempt: () => Promise<T>): Promise<T> {
  try {
    return await attempt();
  } catch (error) {
    if (!(error instanceof Spoiled)) throw error;
  }
  try {
    return await attempt();
  } catch (error) {
    throw error instanceof Spoiled ? error.error : error;
  }
}

/** Bytes that a small file may have. The tokenizers with the largest vocabularies have some 35 MB. */
export const MOST_SMALL = 128 << 20;

/** For a configuration or tokenizer that would take the memory of a model. */
export const tooLarge = (name: string, most: number): ClozeError =>
  new ClozeError(
    'unsupported',
    `${name} has more than ${Math.round(most / 1e6)} MB, and no model needs that much beside its weights. It was not read: check that it is the model’s own.`,
    { file: name, most },
  );

/** The whole of a small file. */
export async function collect(file: IncomingFile, most = MOST_SMALL): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let size = 0;
  const isTooLarge = (): boolean => Math.max(size, file.total ?? 0) > most;
  for await (const piece of file.pieces) {
    size += piece.byteLength;
    if (isTooLarge()) break;
    parts.push(piece.slice());
  }
  if (isTooLarge()) {
    await file.refuse();
    throw tooLarge(file.name, most);
  }
  const all = new Uint8Array(size);
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.byteLength;
  }
  return all;
}
