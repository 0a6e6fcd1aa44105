/** Whether a download is what was published. */
import { digest, type Digest } from '../bytes/digest.js';
import { knownVersion, type RemoteFile } from './incoming-file.js';
import { wrongHash } from './problems.js';

/** Begins; `length` is the file's in bytes, if it is known. */
export const beginCheck = async (file: RemoteFile, length: number | undefined): Promise<Check> =>
  new Check(file, await digest(file.expected ?? {}, length));

/** The hash of a file as it passes. */
export class Check {
  constructor(
    private readonly file: RemoteFile,
    private readonly hashes: Digest,
  ) {}

  /** Takes the next bytes. */
  update(bytes: Uint8Array): void {
    this.hashes.update(bytes);
  }

  /**
   * The hash, and whether it was known before from somewhere else than the server.
   *
   * @throws Interrupted `spoiled` if it is another one than the file should have
   */
  finish(): { sha256: string; verified: boolean } {
    const { sha256, good } = this.hashes.finish();
    if (!good) throw wrongHash(this.file, sha256);
    return { sha256, verified: knownVersion(this.file) !== undefined };
  }
}
