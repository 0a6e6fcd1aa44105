import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { FILE } from '../../test-support/download-context.js';
import { beginCheck } from './check.js';

const BYTES = new TextEncoder().encode('hello\n');
const SHA256 = createHash('sha256').update(BYTES).digest('hex');
/** What `git hash-object` says. */
const OID = 'ce013625030ba8dba906f756967f9e9ca394464a';

test.each([
  ['by SHA-256', { sha256: SHA256 }],
  ['by Git’s name', { git_oid: OID }],
])('a file that is known %s is verified', async (_, expected) => {
  const check = await beginCheck({ ...FILE, expected }, BYTES.length);
  check.update(BYTES.subarray(0, 3));
  check.update(BYTES.subarray(3));
  expect(check.finish()).toEqual({ sha256: SHA256, verified: true });
});

test('a file of which nothing is known is hashed, and not verified', async () => {
  const check = await beginCheck(FILE, undefined);
  check.update(BYTES);
  expect(check.finish()).toEqual({ sha256: SHA256, verified: false });
});

test('other bytes are spoiled, and the error names both hashes', async () => {
  const check = await beginCheck({ ...FILE, expected: { sha256: 'x' } }, BYTES.length);
  check.update(BYTES);
  expect(() => check.finish()).toThrow(
    expect.objectContaining({
      reason: 'spoiled',
      error: expect.objectContaining({
        code: 'hash_mismatch',
        details: { url: FILE.url, sha256: SHA256, expected: 'x' },
      }),
    }),
  );
});
