import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { digest } from './digest.js';

const BYTES = new TextEncoder().encode('hello\n');
const SHA256 = createHash('sha256').update(BYTES).digest('hex');
/** What `git hash-object` says. */
const OID = 'ce013625030ba8dba906f756967f9e9ca394464a';

async function found(
  expected: Parameters<typeof digest>[0],
  bytes = BYTES,
): Promise<{ sha256: string; good: boolean }> {
  const running = await digest(expected, bytes.length);
  for (const byte of bytes) running.update(new Uint8Array([byte]));
  return running.finish();
}

test('SHA-256', async () => expect(await found({})).toEqual({ sha256: SHA256, good: true }));
test('the right ones', async () => expect((await found({ sha256: SHA256, git_oid: OID })).good).toBe(true));
test('another SHA-256', async () => expect((await found({ sha256: SHA256.replace(/./u, 'x') })).good).toBe(false));
test('another Git name', async () => expect((await found({ git_oid: OID }, BYTES.slice(1))).good).toBe(false));
