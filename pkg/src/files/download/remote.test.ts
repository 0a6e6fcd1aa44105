import { createHash } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { downloadContext, FILE, type TestContext } from '../../test-support/download-context.js';
import { breaking, bytesOf, part, serve, whole } from '../../test-support/fake-fetch.js';
import { fakeNavigator } from '../../test-support/fake-navigator.js';
import { memoryStore, type MemoryStore } from '../../test-support/memory-store.js';
import { collect, type RemoteFile } from './incoming-file.js';
import { PauseSwitch } from './pause-switch.js';
import { openRemote } from './remote.js';

// Files large enough for several connections take a while on a busy machine.
vi.setConfig({ testTimeout: 60_000 });

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
/** Large enough for several connections. */
const LARGE = bytesOf(33 << 20, 3);
const SMALL = bytesOf(5000);

beforeEach(() => void vi.stubGlobal('navigator', fakeNavigator()));
afterEach(() => void vi.unstubAllGlobals());

const fetching = (store: MemoryStore | undefined = memoryStore(), pause = new PauseSwitch()): TestContext =>
  downloadContext(store, pause);
const fetched = async (file: RemoteFile, how = fetching()): Promise<Uint8Array> => collect(await openRemote(file, how));
const same = (found: Uint8Array, wanted: Uint8Array): void => expect(sha256(found)).toBe(sha256(wanted));

describe('a body that ends early', () => {
  test('is no whole file', async () => {
    const asked = serve((from, to, count) =>
      from !== undefined ? part(SMALL, from, to) : whole(SMALL, {}, count === 1 ? SMALL.subarray(0, 3000) : SMALL),
    );
    const store = memoryStore();
    same(await fetched(FILE, fetching(store)), SMALL);
    expect(asked).toEqual([null, 'bytes=3000-']);
    expect(store.entries.get('k')?.record).toMatchObject({ complete: true, length: 5000 });
  });

  test('always is an error, and is not kept as whole', async () => {
    serve(() => whole(SMALL, { 'accept-ranges': 'none' }, SMALL.subarray(0, 3000)));
    const store = memoryStore();
    await expect(fetched(FILE, fetching(store))).rejects.toMatchObject({ code: 'network' });
    expect(store.entries.get('k')?.record.complete).not.toBe(true);
  });

  test('but where it is packed the announced length is another one', async () => {
    serve(() => whole(bytesOf(9000), { 'content-encoding': 'gzip' }, SMALL));
    same(await fetched(FILE), SMALL);
  });
});

describe('a small file that is none', () => {
  test.each<[string, Record<string, string>]>([
    ['by what the server says', {}],
    ['by what comes', { 'content-encoding': 'gzip' }],
  ])('is not read and not kept, %s', async (_, headers) => {
    serve(() => whole(SMALL, headers));
    const store = memoryStore();
    const incoming = await openRemote(FILE, fetching(store));
    await expect(collect(incoming, 4999)).rejects.toMatchObject({ code: 'unsupported', details: { file: 'file.bin' } });
    expect(store.entries.size).toBe(0);
    same(await collect(await openRemote(FILE, fetching(store)), 5000), SMALL);
  });
});

describe('a server that names no version', () => {
  test('is not trusted to go on with the same file', async () => {
    const asked = serve((_, __, count) =>
      count === 1
        ? new Response(breaking(SMALL.subarray(0, 3000)), {
            headers: { 'content-length': '5000', 'accept-ranges': 'bytes' },
          })
        : new Response(SMALL),
    );
    await expect(fetched(FILE)).rejects.toMatchObject({ reason: 'spoiled' });
    expect(asked).toEqual([null]);
  });

  test('nor for its copy to be current', async () => {
    serve(() => new Response(SMALL));
    const store = memoryStore();
    store.put({ key: 'k', version: '"1"' }, bytesOf(5000, 7));
    same(await fetched(FILE, fetching(store)), SMALL);
  });
});

describe('several connections', () => {
  test('fetch one file', async () => {
    const asked = serve((from, to) => (from === undefined ? whole(LARGE) : part(LARGE, from, to)));
    same(await fetched(FILE), LARGE);
    expect(asked.length).toBeGreaterThan(1);
  });

  test('a file that changes meanwhile is spoiled, and its copy gone', async () => {
    serve((from, to) => (from === undefined ? whole(LARGE) : part(LARGE, from, to, '"2"')));
    const store = memoryStore();
    await expect(fetched(FILE, fetching(store))).rejects.toMatchObject({ reason: 'spoiled' });
    expect(store.entries.size).toBe(0);
  });

  test('a server that announces parts and gives none is read over one', async () => {
    serve(() => whole(LARGE));
    const store = memoryStore();
    same(await fetched(FILE, fetching(store)), LARGE);
    expect(store.entries.get('k')?.record.complete).toBe(true);
  });

  test.each([
    ['full', 'QuotaExceededError', 'quota'],
    ['broken', 'NotReadableError', 'no_storage'],
  ])('a disk that is %s ends the keeping, not the load', async (_, name, code) => {
    serve((from, to) => (from === undefined ? whole(LARGE) : part(LARGE, from, to)));
    let writes = 0;
    const how = fetching(
      memoryStore(() => {
        if (++writes > 20) throw new DOMException('', name);
      }),
    );
    same(await fetched(FILE, how), LARGE);
    expect(how.told.filter(({ status }) => status === 'warning').map((one) => one.code)).toEqual([code]);
  });
});

describe('a paused load', () => {
  test.each([
    ['small', bytesOf(3 << 20, 5)],
    ['large', LARGE],
  ])('lets another tab go on, and then reads what that one fetched (%s)', async (_, bytes) => {
    serve((from, to) => (from === undefined ? whole(bytes) : part(bytes, from, to)));
    const store = memoryStore();
    const pause = new PauseSwitch();
    const first = fetching(store, pause);
    const { pieces } = await openRemote(FILE, first);
    const parts = [(await pieces.next()).value!.slice()];
    pause.set(true);
    const rest = (async () => {
      for await (const piece of pieces) parts.push(piece.slice());
    })();
    await vi.waitFor(() => expect(first.told.some(({ status }) => status === 'paused')).toBe(true));
    same(await fetched(FILE, fetching(store)), bytes);
    pause.set(false);
    await rest;
    same(Buffer.concat(parts), bytes);
    expect(store.entries.get('k')?.record.complete).toBe(true);
  });

  test('whose copy is deleted or replaced meanwhile goes on without one', async () => {
    const bytes = bytesOf(3 << 20, 5);
    serve((from, to) => (from === undefined ? whole(bytes) : part(bytes, from, to)));
    const store = memoryStore();
    const pause = new PauseSwitch();
    const how = fetching(store, pause);
    const { pieces } = await openRemote(FILE, how);
    const parts = [(await pieces.next()).value!.slice()];
    pause.set(true);
    const rest = (async () => {
      for await (const piece of pieces) parts.push(piece.slice());
    })();
    await vi.waitFor(() => expect(how.told.some(({ status }) => status === 'paused')).toBe(true));
    store.put({ key: 'k', version: 'another' }, SMALL);
    pause.set(false);
    await rest;
    same(Buffer.concat(parts), bytes);
    expect(store.entries.get('k')?.record.version).toBe('another');
  });
});

describe('what another tab fetched', () => {
  const known: RemoteFile = { ...FILE, size: SMALL.length, expected: { sha256: sha256(SMALL) } };

  /** It becomes whole between the first look and the lock. */
  const meanwhile = (version: string, bytes: Uint8Array) => {
    const store = memoryStore();
    const { record } = store;
    let looks = 0;
    return Object.assign(store, {
      record: async (key: string) => {
        if (++looks === 2) store.put({ key, version }, bytes);
        return record(key);
      },
    });
  };

  test('is used if it is what is wanted', async () => {
    const asked = serve(() => whole(SMALL));
    same(await fetched(known, fetching(meanwhile(`sha256:${sha256(SMALL)}`, SMALL))), SMALL);
    expect(asked).toEqual([]);
  });

  test('is not used if it is another version', async () => {
    serve(() => whole(SMALL));
    const other = bytesOf(5000, 9);
    same(await fetched(known, fetching(meanwhile(`sha256:${sha256(other)}`, other))), SMALL);
  });

  test('is asked for where no hash is known', async () => {
    serve(() => whole(SMALL));
    const other = bytesOf(5000, 9);
    same(await fetched(FILE, fetching(meanwhile('"0"', other))), SMALL);
  });
});

describe('a copy that came by another way', () => {
  test('with a hash, for who knows only the server’s version', async () => {
    serve(() => whole(SMALL));
    const store = memoryStore();
    await fetched({ ...FILE, size: SMALL.length, expected: { sha256: sha256(SMALL) } }, fetching(store));
    await fetched(FILE, fetching(store));
    expect(store.entries.get('k')?.record.version).toMatch(/^sha256:/u);
  });

  test('with the server’s version, for who knows the hash', async () => {
    const asked = serve(() => whole(SMALL));
    const store = memoryStore();
    await fetched(FILE, fetching(store));
    asked.length = 0;
    await fetched({ ...FILE, size: SMALL.length, expected: { sha256: sha256(SMALL) } }, fetching(store));
    expect(asked).toEqual([]);
  });
});
