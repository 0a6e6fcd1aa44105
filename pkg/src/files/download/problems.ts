/** What goes wrong with a download, and the warnings after which a load goes on. */
import { ClozeError } from '../../border/errors.js';
import type { ProgressInfo } from '../../border/types.js';
import * as words from '../../words/files/index.js';
import type { RemoteFile } from './incoming-file.js';
import { Interrupted } from './interrupted.js';
import { nameOf, withoutQuery } from './request.js';

/** A connection ended before the file did. */
export function broken(url: string, loaded: number, cause?: unknown): Interrupted {
  const file = nameOf(url);
  const message = words.connection.broken(file, (loaded / 1e6).toFixed(1));
  return new Interrupted('connection', new ClozeError('network', message, { file, loaded }, { cause }));
}

/** A server no longer gives ranges of a file, or never did. */
export const noRanges = ({ name, url }: RemoteFile): ClozeError =>
  new ClozeError('network', words.connection.noRanges(new URL(url).host, name), { url: withoutQuery(url) });

/** The server has another version of the file than at the first answer. */
export const changed = ({ name, url }: RemoteFile): Interrupted =>
  new Interrupted('spoiled', new ClozeError('network', words.connection.changed(name), { url: withoutQuery(url) }));

/** The file is longer or shorter than was published. */
export function wrongLength({ name, url, size }: RemoteFile, found: number): Interrupted {
  const message = words.connection.wrongLength(name, new URL(url).host, found, size!);
  const details = { url: withoutQuery(url), found, expected: size };
  return new Interrupted('spoiled', new ClozeError('hash_mismatch', message, details));
}

/** The file has other bytes than were published. */
export function wrongHash({ name, url, expected }: RemoteFile, sha256: string): Interrupted {
  const message = words.connection.wrongHash(name, new URL(url).host);
  const details = { url: withoutQuery(url), sha256, expected: expected?.sha256 ?? expected?.git_oid };
  return new Interrupted('spoiled', new ClozeError('hash_mismatch', message, details));
}

/** What is stored of a file cannot be read. */
export const unreadable = (file: string, message: string): Interrupted =>
  new Interrupted('spoiled', new ClozeError('network', message, { file }));

/** There is no space to store a file. */
export const noSpace = ({ name }: RemoteFile): ProgressInfo => ({
  status: 'warning',
  code: 'quota',
  file: name,
  message: words.warnings.noSpace(name),
});

/** The storage failed, for want of space or otherwise. */
export function notStored(file: RemoteFile, error: unknown): ProgressInfo {
  if (error instanceof DOMException && error.name === 'QuotaExceededError') return noSpace(file);
  return { status: 'warning', code: 'no_storage', file: file.name, message: words.warnings.notStored(file.name) };
}
