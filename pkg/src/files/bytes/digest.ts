/** Hashes of a file as it passes. */
import { createSHA1, createSHA256, type IHasher } from 'hash-wasm';
import type { Expected } from '../../border/load-request.js';

/** The hashes of one file. */
export interface Digest {
  update(bytes: Uint8Array): void;
  /** SHA-256, and whether all that was expected is so. */
  finish(): { sha256: string; good: boolean };
}

/** Begins; `length` is the file's, and needed for Git's hash. */
export async function digest({ sha256, git_oid }: Expected, length: number | undefined): Promise<Digest> {
  const sha: IHasher = (await createSHA256()).init();
  let git: IHasher | undefined;
  if (git_oid !== undefined && length !== undefined) git = (await createSHA1()).init().update(`blob ${length}\0`);
  return {
    update(bytes) {
      sha.update(bytes);
      git?.update(bytes);
    },
    finish() {
      const found = sha.digest('hex');
      return {
        sha256: found,
        good: (sha256 === undefined || sha256 === found) && (git === undefined || git.digest('hex') === git_oid),
      };
    },
  };
}
