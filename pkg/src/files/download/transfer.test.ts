import { createHash } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { downloadContext, FILE } from '../../test-support/download-context.js';
import { breaking, bytesOf, part, ranged, serve, whole } from '../../test-support/fake-fetch.js';
import { fakeNavigator } from '../../test-support/fake-navigator.js';
import { memoryStore, type MemoryStore } from '../../test-support/memory-store.js';
import { WORTH_SEVERAL_REQUESTS } from '../bytes/sizes.js';
import { lockFile } from '../storage/lock.js';
import { collect, type RemoteFile } from './incoming-file.js';
import { beginTransfer } from './transfer.js';

// Files large enough for several connections take a while on a busy machine.
vi.setConfig({ testTimeout: 60_000 });

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
const BYTES = bytesOf(5000, 3);
const LARGE = bytesOf(WORTH_SEVERAL_REQUESTS + 1, 7);
const KNOWN: RemoteFile = { ...FILE, size: BYTES.length, expected: { sha256: sha256(BYTES) } };

beforeEach(() => void vi.stubGlobal('navigator', fakeNavigator()));
afterEach(() => void vi.unstubAllGlobals());

async function begin(file: RemoteFile = FILE, store: MemoryStore = memoryStore()) {
  const context = downloadContext(store);
  const lock = await lockFile(file.key, () => undefined);
  const incoming = await beginTransfer(file, context, { store, record: await store.record(file.key), lock });
  return { store, context, incoming };
}

describe('pieces', () => {
  test('are the file, which is stored meanwhile, and progress is told', async () => {
    serve(ranged(BYTES));
    const { store, context, incoming } = await begin();
    expect(incoming).toMatchObject({ name: 'file.bin', total: 5000 });
    expect(sha256(await collect(incoming))).toBe(sha256(BYTES));
    expect(store.entries.get('k')?.record).toMatchObject({ complete: true, sha256: sha256(BYTES), verified: false });
    expect(context.told.map(({ status }) => status)).toEqual(['download', 'progress']);
    expect(context.told.at(-1)).toMatchObject({ loaded: 5000, total: 5000 });
  });

  test('of several connections come in order', async () => {
    serve(ranged(LARGE));
    const { store, incoming } = await begin();
    expect(sha256(await collect(incoming))).toBe(sha256(LARGE));
    expect(sha256(store.entries.get('k')!.bytes)).toBe(sha256(LARGE));
  });

  test('that are stored are not fetched again', async () => {
    const store = memoryStore();
    store.put({ key: 'k', version: '"1"', complete: false, safe: [[0, 2000]] }, BYTES.slice());
    const asked = serve(ranged(BYTES));
    const { incoming } = await begin(FILE, store);
    expect(sha256(await collect(incoming))).toBe(sha256(BYTES));
    expect(asked).toEqual(['bytes=2000-']);
  });

  test('go past a disk that fills up in the middle', async () => {
    serve(ranged(LARGE));
    const store = memoryStore((at) => {
      if (at > 20 << 20) throw new DOMException('', 'QuotaExceededError');
    });
    const { context, incoming } = await begin(FILE, store);
    expect(sha256(await collect(incoming))).toBe(sha256(LARGE));
    expect(context.warnings()).toEqual(['quota']);
    expect(store.entries.size).toBe(0);
  });

  test('with another hash are spoiled at the end, and not stored', async () => {
    serve(() => whole(bytesOf(5000, 5)));
    const { store, incoming } = await begin(KNOWN);
    await expect(collect(incoming)).rejects.toMatchObject({ reason: 'spoiled', error: { code: 'hash_mismatch' } });
    expect(store.entries.size).toBe(0);
  });

  test('that nobody wants any more end the connection, and what came stays', async () => {
    let cancelled = false;
    serve(() =>
      whole(
        BYTES,
        {},
        new ReadableStream({
          start: (controller) => controller.enqueue(BYTES.slice(0, 2000)),
          cancel: () => void (cancelled = true),
        }),
      ),
    );
    const { store, incoming } = await begin();
    for await (const _ of incoming.pieces) break;
    expect(cancelled).toBe(true);
    expect(store.entries.get('k')).toMatchObject({ open: false, record: { complete: false, safe: [[0, 2000]] } });
  });

  test('of an empty file are none', async () => {
    serve(() => whole(new Uint8Array()));
    const { store, incoming } = await begin();
    expect(await collect(incoming)).toHaveLength(0);
    expect(store.entries.get('k')?.record).toMatchObject({ complete: true, safe: [] });
  });
});

describe('what the core refuses', () => {
  test('is no fault of a file whose hash is right', async () => {
    serve(ranged(BYTES));
    const { store, incoming } = await begin(KNOWN);
    await collect(incoming);
    expect(await incoming.discardCopy()).toBe(false);
    expect(store.entries.size).toBe(1);
  });

  test('is fetched once more if some of it was there before', async () => {
    const store = memoryStore();
    store.put({ key: 'k', version: '"1"', complete: false, safe: [[0, 2000]] }, BYTES.slice());
    serve(ranged(BYTES));
    const { incoming } = await begin(FILE, store);
    await collect(incoming);
    expect(await incoming.discardCopy()).toBe(true);
    expect(store.entries.size).toBe(0);
  });

  test('is not fetched again if all of it has just come, but not stored either', async () => {
    serve(ranged(BYTES));
    const { store, incoming } = await begin();
    await collect(incoming);
    expect(await incoming.discardCopy()).toBe(false);
    expect(store.entries.size).toBe(0);
  });
});

describe('a pause', () => {
  test('holds the file up until it ends, and it goes on where it was', async () => {
    const asked = serve((from, to, count) =>
      count === 1 ? whole(BYTES, {}, breaking(BYTES.subarray(0, 2000))) : part(BYTES, from!, to),
    );
    const { context, incoming } = await begin();
    const came: Uint8Array[] = [(await incoming.pieces.next()).value!.slice()];
    context.pause.set(true);
    const rest = (async () => {
      for await (const piece of incoming.pieces) came.push(piece.slice());
    })();
    await vi.waitFor(() => expect(context.told.map(({ status }) => status)).toContain('paused'));
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(came).toHaveLength(1);
    context.pause.set(false);
    await rest;
    expect(sha256(Buffer.concat(came))).toBe(sha256(BYTES));
    expect(asked).toEqual([null, 'bytes=2000-']);
    expect(context.told.find(({ status }) => status === 'paused')).toMatchObject({ loaded: 2000, total: 5000 });
  });

  test('that is there from the beginning lets nothing be read', async () => {
    serve(ranged(BYTES));
    const { context, incoming } = await begin();
    context.pause.set(true);
    const collecting = collect(incoming);
    await vi.waitFor(() => expect(context.told.map(({ status }) => status)).toContain('paused'));
    expect(context.told.some(({ status }) => status === 'progress')).toBe(false);
    context.pause.set(false);
    expect(sha256(await collecting)).toBe(sha256(BYTES));
  });
});

test('a first answer of the wrong length is spoiled before anything is stored', async () => {
  serve(ranged(bytesOf(4000)));
  const store = memoryStore();
  await expect(begin(KNOWN, store)).rejects.toMatchObject({ reason: 'spoiled' });
  expect(store.entries.size).toBe(0);
});
