import { afterEach, expect, test, vi } from 'vitest';
import { downloadContext } from '../../test-support/download-context.js';
import { bytesOf } from '../../test-support/fake-fetch.js';
import { memoryStore, type MemoryStore } from '../../test-support/memory-store.js';
import { STORAGE_READ } from '../bytes/sizes.js';
import { collect, type IncomingFile } from './incoming-file.js';
import { storedFile } from './stored-file.js';

const BYTES = bytesOf(2 * STORAGE_READ + 100, 3);

afterEach(() => void vi.unstubAllGlobals());

async function open(store: MemoryStore, { tell } = downloadContext()): Promise<IncomingFile> {
  const file = await storedFile((await store.record('k'))!, store, tell);
  return file!;
}
function stored(): MemoryStore {
  const store = memoryStore();
  store.put({ key: 'k', version: '"1"' }, BYTES);
  return store;
}

test('a file is read whole, and its use is recorded', async () => {
  const store = stored();
  const context = downloadContext();
  const file = await open(store, context);
  expect(file.total).toBe(BYTES.length);
  expect(Buffer.compare(await collect(file), BYTES)).toBe(0);
  expect(context.told.at(-1)).toMatchObject({ status: 'progress', loaded: BYTES.length, total: BYTES.length });
  await vi.waitFor(() => expect(store.entries.get('k')?.record.used).toBeGreaterThan(0));
});

test.each<[string, (store: MemoryStore) => void]>([
  ['shorter than recorded', (store) => (store.entries.get('k')!.bytes = BYTES.slice(0, 100))],
  [
    'on a disk that cannot be read',
    (store) =>
      (store.reader = async () => ({
        read: () => {
          throw new DOMException('', 'NotReadableError');
        },
        close: () => undefined,
      })),
  ],
])('a file that is %s is spoiled and removed', async (_, change) => {
  const store = stored();
  change(store);
  await expect(collect(await open(store))).rejects.toMatchObject({ reason: 'spoiled', error: { code: 'network' } });
  expect(store.entries.size).toBe(0);
});

test('a file that the core refuses is removed', async () => {
  const store = stored();
  const file = await open(store);
  expect(await file.discardCopy()).toBe(true);
  expect(store.entries.size).toBe(0);
});

test('a file that is gone is none', async () => {
  const store = stored();
  const record = (await store.record('k'))!;
  await store.remove('k');
  expect(await storedFile(record, store, () => undefined)).toBeUndefined();
});
