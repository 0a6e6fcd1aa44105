/** What goes wrong with a download, and the warnings after which a load goes on. */
import { ClozeError } from '../../border/errors.js';
import type { ProgressInfo } from '../../border/types.js';
import { Interrupted } from './interrupted.js';
import type { RemoteFile } from './incoming-file.js';
import { nameOf, withoutQuery } from './request.js';

/** A connection ended before the file did. */
export const broken = (url: string, loaded: number, cause?: unknown): Interrupted =>
  new Interrupted(
    'connection',
    new ClozeError(
      'network',
      `The connection broke while ${nameOf(url)} was being fetched, after ${(loaded / 1e6).toFixed(1)} MB. Check the connection and try again; what has arrived is kept where the browser allows it.`,
      { file: nameOf(url), loaded },
      { cause },
    ),
  );

/** A server no longer gives ranges of a file, or never did. */
export const noRanges = ({ name, url }: RemoteFile): ClozeError =>
  new ClozeError('network', `The server at ${new URL(url).host} stopped giving parts of ${name}. Load it again.`, {
    url: withoutQuery(url),
  });

/** The server has another version of the file than at the first answer. */
export const changed = ({ name, url }: RemoteFile): Interrupted =>
  new Interrupted(
    'spoiled',
    new ClozeError('network', `${name} changed on the server while it was being fetched. Load it again.`, {
      url: withoutQuery(url),
    }),
  );

/** The file is longer or shorter than was published. */
export const wrongLength = ({ name, url, size }: RemoteFile, found: number): Interrupted =>
  new Interrupted(
    'spoiled',
    new ClozeError(
      'hash_mismatch',
      `${name} has ${found} bytes instead of ${size}. The server at ${new URL(url).host} sends another file than the one that was published: try again later, or take the model from elsewhere.`,
      { url: withoutQuery(url), found, expected: size },
    ),
  );

/** The file has other bytes than were published. */
export const wrongHash = ({ name, url, expected }: RemoteFile, sha256: string): Interrupted =>
  new Interrupted(
    'spoiled',
    new ClozeError(
      'hash_mismatch',
      `${name} is not the file that was published: its hash is another one. It was not used. The server at ${new URL(url).host} or something on the way changes it: try again later, or take the model from elsewhere.`,
      { url: withoutQuery(url), sha256, expected: expected?.sha256 ?? expected?.git_oid },
    ),
  );

/** What is stored of a file cannot be read; `what` says of which file how much it is. */
export const unreadable = (name: string, what: string): Interrupted =>
  new Interrupted('spoiled', new ClozeError('network', `${what}. Load it again.`, { file: name }));

/** There is no space to store a file. */
export const noSpace = ({ name }: RemoteFile): ProgressInfo => ({
  status: 'warning',
  code: 'quota',
  file: name,
  message: `There is no room left to keep ${name}: it runs from memory, and is fetched again the next time. To keep it, delete other models or free space on the disk`,
});

/** The storage failed, for want of space or otherwise. */
export const notStored = (file: RemoteFile, error: unknown): ProgressInfo =>
  error instanceof DOMException && error.name === 'QuotaExceededError'
    ? noSpace(file)
    : {
        status: 'warning',
        code: 'no_storage',
        file: file.name,
        message: `${file.name} cannot be kept in this browser’s storage: it is fetched again the next time`,
      };
