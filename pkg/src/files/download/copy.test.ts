import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { downloadContext, FILE } from '../../test-support/download-context.js';
import { bytesOf } from '../../test-support/fake-fetch.js';
import { fakeNavigator } from '../../test-support/fake-navigator.js';
import { memoryStore, type MemoryStore } from '../../test-support/memory-store.js';
import { lockFile, tryLockFile } from '../storage/lock.js';
import { openCopy, type Copy } from './copy.js';

const BYTES = bytesOf(1000, 3);
const VERSION = { version: '"1"', length: BYTES.length };

let space: { quota?: number; usage?: number };
beforeEach(() => {
  space = {};
  vi.stubGlobal(
    'navigator',
    fakeNavigator(() => space),
  );
});
afterEach(() => void (vi.useRealTimers(), vi.unstubAllGlobals()));

/** A copy in a storage, with its lock. */
async function opened(store: MemoryStore = memoryStore(), version: Parameters<typeof openCopy>[3] = VERSION) {
  const context = downloadContext(store);
  const lock = await lockFile(FILE.key, () => undefined);
  const copy = await openCopy(FILE, context, { store, record: await store.record(FILE.key), lock }, version);
  return { store, context, copy };
}
async function read(copy: Copy, at = 0): Promise<Uint8Array> {
  const all: Uint8Array[] = [];
  for await (const piece of copy.read(at)) all.push(piece.slice());
  return Buffer.concat(all);
}
const isFree = (): Promise<void> =>
  vi.waitFor(async () => {
    const lock = await tryLockFile(FILE.key);
    expect(lock).toBeDefined();
    lock!.release();
  });
const same = (found: Uint8Array, wanted: Uint8Array): void => expect(Buffer.compare(found, wanted)).toBe(0);

describe('a copy', () => {
  test('takes bytes in any order, and gives those that follow each other', async () => {
    const { copy } = await opened();
    expect([copy.any_order, copy.resumed]).toEqual([true, false]);
    await copy.write(BYTES.subarray(600), 600);
    same(await read(copy), new Uint8Array());
    await copy.write(BYTES.subarray(0, 600), 0);
    expect(copy.present.spans).toEqual([[0, 1000]]);
    same(await read(copy, 100), BYTES.subarray(100));
  });

  test('that is whole is recorded so', async () => {
    const { store, copy } = await opened();
    await copy.write(BYTES, 0);
    await copy.complete({ length: 1000, sha256: 'x', etag: undefined, verified: false });
    await copy.close(true);
    expect(await store.record(FILE.key)).toMatchObject({
      complete: true,
      safe: [[0, 1000]],
      sha256: 'x',
      etag: null,
      verified: false,
    });
    await isFree();
  });

  test('that is not whole is recorded as far as it is, and resumed', async () => {
    const { store, copy } = await opened();
    await copy.write(BYTES.subarray(0, 400), 0);
    await copy.close(false);
    expect(await store.record(FILE.key)).toMatchObject({ complete: false, safe: [[0, 400]] });
    const again = await opened(store);
    expect(again.copy.resumed).toBe(true);
    same(await read(again.copy), BYTES.subarray(0, 400));
  });

  test('of another version begins anew', async () => {
    const { store, copy } = await opened();
    await copy.write(BYTES.subarray(0, 400), 0);
    await copy.close(false);
    const again = await opened(store, { ...VERSION, version: '"2"' });
    expect([again.copy.resumed, again.copy.present.bytes]).toEqual([false, 0]);
  });

  test('is recorded now and then while it grows', async () => {
    const { store, copy } = await opened();
    await copy.write(BYTES.subarray(0, 400), 0);
    await copy.saveNowAndThen(1000);
    expect(await store.record(FILE.key)).toMatchObject({ safe: [] });
    vi.spyOn(performance, 'now').mockReturnValue(performance.now() + 501);
    await copy.saveNowAndThen(1000);
    vi.restoreAllMocks();
    expect(await store.record(FILE.key)).toMatchObject({ safe: [[0, 400]] });
  });

  test('of what turned out wrong is removed', async () => {
    const { store, copy } = await opened();
    await copy.write(BYTES, 0);
    await copy.discard();
    await copy.close(false);
    expect([store.entries.size, copy.present.bytes]).toEqual([0, 0]);
    await isFree();
  });

  test('that cannot be read is spoiled', async () => {
    const { store, copy } = await opened();
    await copy.write(BYTES, 0);
    store.entries.get(FILE.key)!.bytes = new Uint8Array();
    await expect(read(copy)).rejects.toMatchObject({ reason: 'spoiled', error: { code: 'network' } });
  });
});

describe('nothing is stored', () => {
  const takesNothing = async (copy: Copy): Promise<void> => {
    await copy.write(BYTES, 0);
    await copy.saveNowAndThen(1000);
    await copy.complete({ length: 1000, sha256: 'x', etag: undefined, verified: false });
    expect([copy.any_order, copy.present.bytes]).toEqual([false, 0]);
    await copy.close(true);
  };

  test('where there is no storage', async () => {
    const context = downloadContext();
    await takesNothing(await openCopy(FILE, context, undefined, VERSION));
    expect(context.told).toEqual([]);
  });

  test('where the version has no name', async () => {
    const { store, context, copy } = await opened(memoryStore(), { version: undefined, length: 1000 });
    await takesNothing(copy);
    expect([store.entries.size, context.told]).toEqual([0, []]);
    await isFree();
  });

  test('where there is no space, with a warning', async () => {
    space = { quota: 1000, usage: 1 };
    const { store, context, copy } = await opened();
    await takesNothing(copy);
    expect(context.warnings()).toEqual(['quota']);
    expect(store.entries.size).toBe(0);
  });

  test.each([
    ['QuotaExceededError', 'quota'],
    ['NoModificationAllowedError', 'no_storage'],
  ])('where the file cannot be opened: %s', async (name, code) => {
    const store = Object.assign(memoryStore(), { open: () => Promise.reject(new DOMException('', name)) });
    const { context, copy } = await opened(store);
    await takesNothing(copy);
    expect(context.warnings()).toEqual([code]);
  });
});

describe('a disk that fails', () => {
  test.each([
    ['QuotaExceededError', 'quota'],
    ['NotReadableError', 'no_storage'],
  ])('ends the writing with one warning, and the copy at last: %s', async (name, code) => {
    const store = memoryStore((at) => {
      if (at >= 400) throw new DOMException('', name);
    });
    const { context, copy } = await opened(store);
    await copy.write(BYTES.subarray(0, 400), 0);
    await copy.write(BYTES.subarray(400), 400);
    await copy.write(BYTES.subarray(500), 500);
    expect(context.warnings()).toEqual([code]);
    expect(copy.any_order).toBe(false);
    // What is there can still be read.
    same(await read(copy), BYTES.subarray(0, 400));
    await copy.close(false);
    expect(store.entries.size).toBe(0);
    await isFree();
  });

  test('as the record is written, likewise', async () => {
    const { store, context, copy } = await opened();
    await copy.write(BYTES, 0);
    store.entries.get(FILE.key)!.record = Object.freeze({ ...store.entries.get(FILE.key)!.record });
    await copy.complete({ length: 1000, sha256: 'x', etag: undefined, verified: false });
    await copy.close(true);
    expect(context.warnings()).toEqual(['no_storage']);
    expect(store.entries.size).toBe(0);
  });
});

describe('while the load is paused', () => {
  test('another tab may go on, and what it added is taken back', async () => {
    const { store, copy } = await opened();
    await copy.write(BYTES.subarray(0, 400), 0);
    expect(await copy.lend({ loaded: 400, total: 1000 })).toBe(true);
    await isFree();
    const other = await opened(store);
    await other.copy.write(BYTES.subarray(400, 700), 400);
    await other.copy.close(false);
    expect(await copy.takeBack(400, VERSION)).toBe(true);
    expect(copy.present.spans).toEqual([[0, 700]]);
    same(await read(copy), BYTES.subarray(0, 700));
    expect(await tryLockFile(FILE.key)).toBeUndefined();
  });

  test.each<[string, (store: MemoryStore) => unknown]>([
    ['deleted', (store) => store.remove(FILE.key)],
    ['replaced by another version', (store) => store.put({ key: FILE.key, version: '"2"' }, BYTES)],
    ['cut off', (store) => (store.entries.get(FILE.key)!.record.safe = [[0, 399]])],
    ['opened by somebody else', (store) => (store.entries.get(FILE.key)!.open = true)],
  ])('a copy that is %s is no longer ours', async (_, change) => {
    const { store, context, copy } = await opened();
    await copy.write(BYTES.subarray(0, 400), 0);
    await copy.lend({ loaded: 400, total: 1000 });
    await change(store);
    const before = store.entries.size;
    expect(await copy.takeBack(400, VERSION)).toBe(false);
    await copy.write(BYTES.subarray(400), 400);
    await copy.close(true);
    expect(context.warnings()).toEqual(['no_storage']);
    expect([copy.present.bytes, store.entries.size]).toEqual([0, before]);
    await isFree();
  });

  test('a copy of unknown length is not lent', async () => {
    const { copy } = await opened(memoryStore(), { ...VERSION, length: undefined });
    await copy.write(BYTES, 0);
    expect(await copy.lend({ loaded: 1000 })).toBe(false);
    expect(await tryLockFile(FILE.key)).toBeUndefined();
    same(await read(copy), BYTES);
    await copy.close(false);
    await isFree();
  });

  test('a load without a copy lets others fetch the file', async () => {
    const { copy } = await opened(memoryStore(), { version: undefined, length: 1000 });
    expect(await copy.lend({ loaded: 0, total: 1000 })).toBe(false);
    await isFree();
  });
});
