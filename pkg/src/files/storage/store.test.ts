/** What both kinds of storage do, and what each does when the browser fails it. */
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { bytesOf } from '../../test-support/fake-fetch.js';
import { fakeCaches, type FakeCaches } from '../../test-support/fake-cache.js';
import { fakeOpfs, type FakeOpfs } from '../../test-support/fake-opfs.js';
import { CACHE_PART } from '../bytes/sizes.js';
import { cacheStore } from './cache.js';
import { opfsStore } from './opfs.js';
import type { FileIdentity } from './record.js';
import { hashed, type ReadableFile, type Store } from './store.js';

const identity = (key = 'k', length: number | null = 10): FileIdentity => ({
  key,
  name: 'model.gguf',
  url: `https://files.example/${key}`,
  model: { id: 'm', name: 'm', source: 'url', url: 'm', revision: null },
  version: '"1"',
  length,
});

let disk: FakeOpfs;
let cache: FakeCaches;
beforeEach(() => {
  disk = fakeOpfs();
  cache = fakeCaches();
  vi.stubGlobal('navigator', { storage: disk });
  vi.stubGlobal('caches', cache);
  vi.stubGlobal('location', { origin: 'https://page.example' });
});
afterEach(() => void vi.unstubAllGlobals());

async function readAll(reader: ReadableFile, length: number, step = 3 << 20): Promise<Uint8Array> {
  const all = new Uint8Array(length);
  for (let at = 0; at < length;) {
    const count = await reader.read(all.subarray(at, at + step), at);
    if (count === 0) break;
    at += count;
  }
  reader.close();
  return all;
}

async function pieces(store: Store, key: string): Promise<Uint8Array> {
  const all: Uint8Array[] = [];
  for await (const piece of store.pieces({ ...identity(key) } as never)) all.push(piece.slice());
  return Buffer.concat(all);
}

/** Stores a whole file. */
async function put(store: Store, bytes: Uint8Array, of = identity('k', bytes.length)): Promise<void> {
  const file = await store.open(of);
  await file.write(bytes, 0);
  await file.save({ safe: [[0, bytes.length]], complete: true });
  file.close();
}

describe.each<[string, () => Promise<Store | undefined>]>([
  ['opfs', opfsStore],
  ['cache', cacheStore],
])('%s', (kind, open) => {
  let store: Store;
  beforeEach(async () => void (store = (await open())!));

  test('a file is written, read, listed and removed', async () => {
    const bytes = bytesOf(2 * CACHE_PART + 1000, 7);
    await put(store, bytes);
    expect(store.kind).toBe(kind);
    expect(await store.record('k')).toMatchObject({ complete: true, safe: [[0, bytes.length]], version: '"1"' });
    expect(await store.records()).toHaveLength(1);
    expect(Buffer.compare(await readAll((await store.reader('k'))!, bytes.length), bytes)).toBe(0);
    expect(Buffer.compare(await pieces(store, 'k'), bytes)).toBe(0);
    await store.remove('k');
    expect(await store.records()).toEqual([]);
    expect(await pieces(store, 'k')).toHaveLength(0);
    await store.remove('k');
  });

  test('a file of the same version is resumed, behind what was saved', async () => {
    const bytes = bytesOf(CACHE_PART + 500, 3);
    const first = await store.open(identity('k', bytes.length));
    await first.write(bytes.subarray(0, CACHE_PART + 100), 0);
    await first.save({ safe: [[0, CACHE_PART + 100]] });
    first.close();
    const second = await store.open(identity('k', bytes.length));
    expect(second.record.safe).toEqual([[0, CACHE_PART + 100]]);
    await second.write(bytes.subarray(CACHE_PART + 100), CACHE_PART + 100);
    await second.save({ safe: [[0, bytes.length]] });
    second.close();
    expect(Buffer.compare(await pieces(store, 'k'), bytes)).toBe(0);
  });

  test.each<[string, Partial<FileIdentity>]>([
    ['of another version', { version: '"2"' }],
    ['of another length', { length: 11 }],
    ['of unknown length', { length: null }],
  ])('a file %s begins anew', async (_, other) => {
    await put(store, bytesOf(10));
    const file = await store.open({ ...identity(), ...other });
    expect(file.record).toMatchObject({ safe: [], complete: false });
    file.close();
    expect(await pieces(store, 'k')).toHaveLength(0);
    expect(await store.record('k')).toMatchObject({ safe: [], ...other });
  });

  test('a record takes what is known later, if there is one', async () => {
    await put(store, bytesOf(10));
    await store.amend('k', { used: 7 });
    expect(await store.record('k')).toMatchObject({ used: 7, complete: true });
    await store.amend('other', { used: 7 });
    expect(await store.record('other')).toBeUndefined();
  });

  test('two files do not touch each other', async () => {
    await put(store, bytesOf(10, 1), identity('a'));
    await put(store, bytesOf(10, 3), identity('b'));
    await store.remove('a');
    expect(Buffer.compare(await pieces(store, 'b'), bytesOf(10, 3))).toBe(0);
  });

  test('tidying leaves what is recorded', async () => {
    await put(store, bytesOf(10));
    await store.tidy();
    expect(await pieces(store, 'k')).toHaveLength(10);
  });
});

describe('files of the origin private file system', () => {
  let store: Store;
  beforeEach(async () => void (store = (await opfsStore())!));

  test('are written in any order', async () => {
    const bytes = bytesOf(10);
    const file = await store.open(identity());
    expect(file.random_access).toBe(true);
    await file.write(bytes.subarray(6), 6);
    await file.write(bytes.subarray(0, 6), 0);
    await file.save({ safe: [[0, 10]] });
    file.close();
    expect(Buffer.compare(await pieces(store, 'k'), bytes)).toBe(0);
  });

  test('have one writer, and stay while they are open', async () => {
    const file = await store.open(identity());
    await expect(store.open(identity())).rejects.toMatchObject({ name: 'NoModificationAllowedError' });
    await expect(store.remove('k')).rejects.toMatchObject({ name: 'NoModificationAllowedError' });
    expect(disk.names('cloze')).toHaveLength(2);
    file.close();
    (await store.open(identity())).close();
  });

  test('whose record is taken leave the file free', async () => {
    const folder = await (await disk.getDirectory()).getDirectoryHandle('cloze');
    const name = `${await hashed('k')}.json`;
    const record = await folder.getFileHandle(name, { create: true });
    const taken = await (
      record as never as { createSyncAccessHandle(): Promise<{ close(): void }> }
    ).createSyncAccessHandle();
    await expect(store.open(identity())).rejects.toMatchObject({ name: 'NoModificationAllowedError' });
    taken.close();
    (await store.open(identity())).close();
  });

  test.each(['throws', 'writes less'] as const)('say that the disk is full where it %s', async (full) => {
    Object.assign(disk.options, { quota: 400, full });
    const file = await store.open(identity('k', 1000));
    expect(() => file.write(bytesOf(1000), 0)).toThrow(expect.objectContaining({ name: 'QuotaExceededError' }));
    await expect(
      (async () => {
        for (;;) await file.save({ saved: 1 });
      })(),
    ).rejects.toMatchObject({ name: 'QuotaExceededError' });
    file.close();
    expect(await store.record('k')).toMatchObject({ key: 'k', safe: [] });
  });

  test('of a killed browser have what was recorded', async () => {
    const bytes = bytesOf(10);
    const file = await store.open(identity());
    await file.write(bytes.subarray(0, 4), 0);
    await file.save({ safe: [[0, 4]] });
    await file.write(bytes.subarray(4), 4);
    disk.kill();
    const again = await store.open(identity());
    expect(again.record.safe).toEqual([[0, 4]]);
    expect(Buffer.compare(await readAll(again, 4), bytes.subarray(0, 4))).toBe(0);
  });

  test('that are shorter than recorded begin anew', async () => {
    await put(store, bytesOf(10));
    const folder = await (await disk.getDirectory()).getDirectoryHandle('cloze');
    const data = (await folder.getFileHandle(await hashed('k'))) as never as {
      createSyncAccessHandle(): Promise<{ truncate(size: number): void; close(): void }>;
    };
    const handle = await data.createSyncAccessHandle();
    handle.truncate(9);
    handle.close();
    const file = await store.open(identity());
    expect(file.record.safe).toEqual([]);
    file.close();
  });

  test('are read by several tabs at once, slowly where browsers do not share them', async () => {
    const bytes = bytesOf(10);
    await put(store, bytes);
    for (const modes of [true, false]) {
      disk.options.modes = modes;
      const readers = [(await store.reader('k'))!, (await store.reader('k'))!];
      for (const reader of readers) expect(Buffer.compare(await readAll(reader, 10, 4), bytes)).toBe(0);
    }
    expect(await store.reader('other')).toBeUndefined();
  });

  test('are listed, read and removed by pages, which cannot open them', async () => {
    await put(store, bytesOf(10));
    disk.options.sync = false;
    expect(await store.records()).toHaveLength(1);
    expect(await pieces(store, 'k')).toHaveLength(10);
    await expect(store.open(identity())).rejects.toThrow();
    await store.amend('k', { used: 1 });
    expect((await store.record('k'))?.used).toBeNull();
    await store.remove('k');
    expect(disk.names('cloze')).toEqual([]);
  });

  test('without a record, and records of nothing, are tidied away', async () => {
    await put(store, bytesOf(10));
    const folder = await (await disk.getDirectory()).getDirectoryHandle('cloze');
    await folder.getFileHandle('orphan', { create: true });
    await folder.getFileHandle('empty.json', { create: true });
    await store.tidy();
    const name = await hashed('k');
    expect(disk.names('cloze').sort()).toEqual([name, `${name}.json`]);
  });

  test('are none where there is no file system', async () => {
    vi.stubGlobal('navigator', {
      storage: { getDirectory: () => Promise.reject(new DOMException('', 'SecurityError')) },
    });
    expect(await opfsStore()).toBeUndefined();
    vi.stubGlobal('navigator', {});
    expect(await opfsStore()).toBeUndefined();
  });
});

describe('entries of the Cache API', () => {
  let store: Store;
  beforeEach(async () => void (store = (await cacheStore())!));

  test('are written one after the other', async () => {
    const file = await store.open(identity());
    expect(file.random_access).toBe(false);
    await expect(file.write(bytesOf(4), 6)).rejects.toThrow();
    file.close();
  });

  test('are put when a part is full, and when they are saved', async () => {
    const file = await store.open(identity('k', CACHE_PART + 10));
    const parts = (): string[] => [...cache.entries.keys()].filter((url) => !url.endsWith('/note'));
    await file.write(bytesOf(CACHE_PART - 1), 0);
    expect(parts()).toEqual([]);
    await file.write(bytesOf(2), CACHE_PART - 1);
    expect(parts().map((url) => url.split('/').at(-1))).toEqual(['0']);
    await file.save({ safe: [[0, CACHE_PART + 1]] });
    expect(parts().map((url) => url.split('/').at(-1))).toEqual(['0', '1']);
    file.close();
  });

  test('say that the quota is reached', async () => {
    cache.quota = CACHE_PART;
    const file = await store.open(identity('k', 2 * CACHE_PART));
    await expect(file.write(bytesOf(CACHE_PART), 0)).rejects.toMatchObject({ name: 'QuotaExceededError' });
    file.close();
    // What cannot be added to a record is left out.
    cache.quota = 0;
    await store.amend('k', { used: 1 });
    expect((await store.record('k'))?.used).toBeNull();
  });

  test('without a record are tidied away', async () => {
    await put(store, bytesOf(10));
    const before = cache.entries.size;
    cache.entries.set('https://page.example/cloze-kept/orphan/0', bytesOf(5));
    await store.tidy();
    expect(cache.entries.size).toBe(before);
  });

  test('that are no record are not listed', async () => {
    cache.entries.set('https://page.example/cloze-kept/odd/note', new TextEncoder().encode('no JSON'));
    expect(await store.records()).toEqual([]);
  });

  test('are none where the browser refuses, or has no cache', async () => {
    cache.refuses = true;
    expect(await cacheStore()).toBeUndefined();
    vi.stubGlobal('caches', undefined);
    expect(await cacheStore()).toBeUndefined();
  });
});
