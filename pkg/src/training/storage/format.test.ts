import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { HEAD, readCheckpoint, readSnapshot, snapshotParts, type Facts } from './format.js';

const facts: Facts & { sequence: number; saved: number; log: number } = {
  kind: 'model',
  id: 'one',
  name: 'One',
  weights: 3,
  created: 1,
  files: [],
  sequence: 1,
  saved: 2,
  log: 0,
};
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest();
const blob = (...parts: Uint8Array[]) => new Blob(parts as Uint8Array<ArrayBuffer>[]);
const opened = async (file: Blob) => {
  const snapshot = await readSnapshot(file);
  return snapshot && readCheckpoint(file, snapshot);
};
/** Compared by node: vitest takes minutes to compare megabytes. */
const isSame = (found: Uint8Array | undefined, expected: Uint8Array) => found && Buffer.compare(found, expected) === 0;

/** Two pieces and a part of one. */
const checkpoint = new Uint8Array(2 * 2 ** 22 + 5).map((_, at) => at % 251);

test('a checkpoint is hashed piece by piece', async () => {
  const [head, json, bytes] = (await snapshotParts(facts, checkpoint)) as [Uint8Array, Uint8Array, Uint8Array];
  const { sha256: sum, piece } = JSON.parse(new TextDecoder().decode(json)) as { sha256: string; piece: number };
  const pieces = [0, 1, 2].map((at) => sha256(checkpoint.subarray(at * piece, (at + 1) * piece)));
  expect(sum).toBe(sha256(Buffer.concat(pieces)).toString('hex'));
  expect(isSame(await opened(blob(head, json, bytes)), checkpoint)).toBe(true);
  const other = checkpoint.slice();
  other[2 ** 22] = 255;
  expect(await opened(blob(head, json, other))).toBeUndefined();
});

test('a checkpoint that was hashed at once is still read', async () => {
  const json = Buffer.from(JSON.stringify({ ...facts, sha256: sha256(checkpoint).toString('hex') }));
  const head = new Uint8Array(HEAD);
  head.set(new TextEncoder().encode('clozerun'));
  new DataView(head.buffer).setUint32(8, 1, true);
  new DataView(head.buffer).setUint32(12, json.byteLength, true);
  new DataView(head.buffer).setFloat64(16, checkpoint.byteLength, true);
  head.set(sha256(json), 32);
  expect(isSame(await opened(blob(head, json, checkpoint)), checkpoint)).toBe(true);
});
