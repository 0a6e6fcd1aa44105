/** A model's file, wherever it comes from. */
import { ClozeError } from '../../border/errors.js';
import type { Credentials, Expected } from '../../border/load-request.js';
import type { ProgressInfo } from '../../border/types.js';
import * as words from '../../words/files/index.js';
import { MOST_SMALL } from '../bytes/sizes.js';
import type { ModelIdentity } from '../storage/record.js';
import type { Store } from '../storage/store.js';
import type { PauseSwitch } from './pause-switch.js';
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
  /** Its length in bytes, if that is known from somewhere else. */
  size?: number;
  expected?: Expected;
}

/** What is known of a version without asking the server. */
export function knownVersion({ expected }: RemoteFile): string | undefined {
  if (expected?.sha256 !== undefined) return `sha256:${expected.sha256}`;
  return expected?.git_oid === undefined ? undefined : `git:${expected.git_oid}`;
}

/** How files are fetched. */
export interface DownloadContext {
  tell: OnProgress;
  /** Hears how long a file is that is going to be fetched, before anything of it is there. */
  expect?: (file: string, bytes: number) => void;
  /** Undefined if nothing is to be stored, or can be. */
  store: Store | undefined;
  pause: PauseSwitch;
  pace: Pace;
  credentials: Credentials | undefined;
}

/** A file as it comes. */
export interface IncomingFile {
  name: string;
  /** Its length in bytes, where that is known. */
  total: number | undefined;
  /**
   * The file piece by piece, each overwritten by the next. After the last one it has been checked.
   *
   * @throws Interrupted `spoiled` if it is not what it should be
   */
  pieces: AsyncGenerator<Uint8Array>;
  /** The core cannot use what came. Removes a stored copy that may be to blame; returns whether another try may help. */
  discardCopy(): Promise<boolean>;
}

/** For a configuration or tokenizer that would take the memory of a model. */
export const tooLarge = (name: string, most: number): ClozeError =>
  new ClozeError('unsupported', words.connection.tooLarge(name, Math.round(most / 1e6)), { file: name, most });

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
    await file.discardCopy();
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
