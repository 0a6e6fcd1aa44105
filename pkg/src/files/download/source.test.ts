import { afterEach, describe, expect, test, vi } from 'vitest';
import { downloadContext, FILE } from '../../test-support/download-context.js';
import { breaking, bytesOf, part, ranged, serve, whole, type Serve } from '../../test-support/fake-fetch.js';
import { Ranges } from '../bytes/ranges.js';
import { REQUEST_PART, WORTH_SEVERAL_REQUESTS } from '../bytes/sizes.js';
import { emptyRecord, type FileRecord } from '../storage/record.js';
import type { RemoteFile } from './incoming-file.js';
import { openSource, type Source } from './source.js';

// Files large enough for several connections take a while on a busy machine.
vi.setConfig({ testTimeout: 60_000 });

const BYTES = bytesOf(5000, 3);
const LARGE = bytesOf(WORTH_SEVERAL_REQUESTS, 7);

afterEach(() => void vi.unstubAllGlobals());

const record = (more: Partial<FileRecord> = {}): FileRecord => ({
  ...emptyRecord({ ...FILE, version: '"1"', length: BYTES.length }),
  safe: [[0, 2000]],
  ...more,
});
const open = (
  answer: Serve,
  { file = FILE, stored }: { file?: RemoteFile; stored?: FileRecord } = {},
): { asked: (string | null)[]; opened: Promise<Source>; context: ReturnType<typeof downloadContext> } => {
  const asked = serve(answer);
  const context = downloadContext();
  return { asked, context, opened: openSource(file, context, stored, false) };
};

/** All bytes that come from `at` on; they are noted as present, as if a copy took them. */
async function read(source: Source, at = 0, present = new Ranges([[0, at]]), any_order = false, length = BYTES.length) {
  const all = new Uint8Array(length);
  for await (const span of source.spans(at, present, any_order)) {
    all.set(span.bytes, span.at);
    present.add(span.at, span.at + span.bytes.length);
  }
  return { all, present };
}

describe('the first answer', () => {
  test('is from the first byte that is not stored', async () => {
    const { asked, opened } = open(ranged(BYTES), { stored: record() });
    const source = await opened;
    expect([source.length, source.version, source.may_store]).toEqual([5000, '"1"', true]);
    expect((await read(source, 2000)).present.spans).toEqual([[0, 5000]]);
    expect(asked).toEqual(['bytes=2000-']);
  });

  test('of a large file is one part, which another follows at once, in order or not', async () => {
    const large = bytesOf(WORTH_SEVERAL_REQUESTS + 1000, 7);
    for (const any_order of [false, true]) {
      const stored = record({ length: large.length, safe: [[0, 1000]] });
      const { asked, opened, context } = open(ranged(large), { stored });
      const { all } = await read(await opened, 1000, new Ranges([[0, 1000]]), any_order, large.length);
      expect(Buffer.compare(all.subarray(1000), large.subarray(1000))).toBe(0);
      const end = 1000 + REQUEST_PART;
      const rest = any_order ? [`bytes=${end}-${end + REQUEST_PART - 1}`] : [`bytes=${end}-`];
      expect(asked).toEqual([`bytes=1000-${end - 1}`, ...rest]);
      expect(context.told).toEqual([]);
    }
  });

  test.each<[string, Partial<FileRecord>]>([
    ['whole', { complete: true }],
    ['of unknown length', { length: null }],
    ['empty', { safe: [] }],
  ])('is to all of the file where what is stored is %s', async (_, more) => {
    const { asked, opened } = open(ranged(BYTES), { stored: record(more) });
    await opened;
    expect(asked).toEqual([null]);
  });

  test.each<[string, Serve]>([
    ['has another version', (from, to) => (from === undefined ? whole(BYTES) : part(BYTES, from, to, '"2"'))],
    ['is shorter now', (from) => (from === undefined ? whole(BYTES) : new Response(null, { status: 416 }))],
    ['sends another range', (from, to) => (from === undefined ? whole(BYTES) : part(BYTES, from + 1, to))],
  ])('is asked for again, from the beginning, where the server %s', async (_, answer) => {
    const { asked, opened } = open(answer, { stored: record() });
    expect(Buffer.compare((await read(await opened)).all, BYTES)).toBe(0);
    expect(asked).toEqual(['bytes=2000-', null]);
  });

  test('may be all of the file though a range was asked for', async () => {
    const { asked, opened } = open(() => whole(BYTES), { stored: record() });
    const { all } = await read(await opened, 2000);
    expect(Buffer.compare(all.subarray(2000), BYTES.subarray(2000))).toBe(0);
    expect(asked).toEqual(['bytes=2000-']);
  });

  test('of another length than was published is spoiled', () =>
    expect(open(ranged(BYTES), { file: { ...FILE, size: 4999 } }).opened).rejects.toMatchObject({
      reason: 'spoiled',
      error: { code: 'hash_mismatch', details: { found: 5000, expected: 4999 } },
    }));

  test.each<[string, Record<string, string>, RemoteFile, boolean]>([
    ['without a version', { etag: '' }, FILE, false],
    ['that forbids it', { 'cache-control': 'no-store' }, FILE, false],
    [
      'that forbids it, of a file that is known',
      { 'cache-control': 'no-store' },
      { ...FILE, expected: { sha256: 'x' } },
      true,
    ],
  ])('%s says whether the file may be stored', async (_, headers, file, may_store) => {
    const answer = (): Response => {
      const response = whole(BYTES, headers);
      if (headers['etag'] === '') response.headers.delete('etag');
      return response;
    };
    expect((await open(answer, { file }).opened).may_store).toBe(may_store);
  });
});

describe('in order', () => {
  test('a connection that breaks is followed by another', async () => {
    const { asked, opened, context } = open((from, to, count) =>
      count === 1 ? whole(BYTES, {}, breaking(BYTES.subarray(0, 3000))) : part(BYTES, from!, to),
    );
    expect(Buffer.compare((await read(await opened)).all, BYTES)).toBe(0);
    expect(asked).toEqual([null, 'bytes=3000-']);
    expect(context.told).toMatchObject([{ status: 'waiting' }]);
  });

  test('a server without ranges sends again what is there already', async () => {
    const { asked, opened } = open((_, __, count) =>
      whole(BYTES, { 'accept-ranges': 'none' }, count === 1 ? breaking(BYTES.subarray(0, 3000)) : BYTES),
    );
    expect(Buffer.compare((await read(await opened)).all, BYTES)).toBe(0);
    expect(asked).toEqual([null, null]);
  });

  test('gaps of what is present are filled', async () => {
    const { opened } = open(ranged(BYTES));
    const present = new Ranges([
      [0, 1000],
      [2000, 3000],
    ]);
    const { all } = await read(await opened, 1000, present);
    expect(all.subarray(0, 1000)).toEqual(new Uint8Array(1000));
    expect(Buffer.compare(all.subarray(1000, 2000), BYTES.subarray(1000, 2000))).toBe(0);
    expect(Buffer.compare(all.subarray(3000), BYTES.subarray(3000))).toBe(0);
    expect(present.spans).toEqual([[0, 5000]]);
  });

  test('a length that nobody said is known at the end', async () => {
    const { opened } = open(() => new Response(BYTES));
    const source = await opened;
    expect(source.length).toBeUndefined();
    await read(source);
    expect(source.length).toBe(5000);
  });

  test('a pause ends the spans and leaves the connection, which goes on', async () => {
    const { asked, opened, context } = open(() =>
      whole(
        BYTES,
        {},
        new ReadableStream({
          start(controller) {
            controller.enqueue(BYTES.slice(0, 2000));
            controller.enqueue(BYTES.slice(2000));
            controller.close();
          },
        }),
      ),
    );
    const source = await opened;
    const spans: number[] = [];
    for await (const { at, bytes } of source.spans(0, new Ranges(), false)) {
      spans.push(at + bytes.length);
      context.pause.set(true);
    }
    context.pause.set(false);
    for await (const { at, bytes } of source.spans(spans[0]!, new Ranges(), false)) spans.push(at + bytes.length);
    expect(spans).toEqual([2000, 5000]);
    expect(asked).toEqual([null]);
  });

  test('a connection that was ended is followed by another', async () => {
    const { asked, opened } = open(ranged(BYTES));
    const source = await opened;
    await source.disconnect();
    const { all } = await read(source, 1000);
    expect(Buffer.compare(all.subarray(1000), BYTES.subarray(1000))).toBe(0);
    expect(asked).toEqual([null, 'bytes=1000-']);
  });

  test('a server that cannot be reached any more is an error', async () => {
    const { opened } = open((_, __, count) =>
      count === 1 ? whole(BYTES, {}, breaking(BYTES.subarray(0, 3000))) : new Response(null, { status: 503 }),
    );
    await expect(read(await opened)).rejects.toMatchObject({ code: 'network', details: { status: 503 } });
  });
});

describe('spoiled is', () => {
  const broken =
    (answer: Serve): Serve =>
    (from, to, count) =>
      count === 1 ? whole(BYTES, {}, breaking(BYTES.subarray(0, 3000))) : answer(from, to, count);

  test.each<[string, Serve, RemoteFile]>([
    ['another version', broken((from, to) => part(BYTES, from!, to, '"2"')), FILE],
    ['another length', broken((from) => part(bytesOf(6000), from!, 6000)), FILE],
    ['a range behind the one asked for', broken((from, to) => part(BYTES, from! + 1, to)), FILE],
    ['a range that is none', broken(() => new Response('x', { status: 206 })), FILE],
    ['more than was published', () => new Response(BYTES), { ...FILE, size: 4000 }],
    ['less than was published', () => new Response(BYTES), { ...FILE, size: 6000 }],
  ])('%s', async (_, answer, file) => {
    const { opened } = open(answer, { file });
    await expect(read(await opened)).rejects.toMatchObject({ reason: 'spoiled' });
  });

  test('what cannot be gone on with, as no version is named', async () => {
    const { asked, opened } = open(() => new Response(breaking(BYTES.subarray(0, 3000))));
    await expect(read(await opened)).rejects.toMatchObject({ reason: 'spoiled', error: { code: 'network' } });
    expect(asked).toEqual([null]);
  });
});

describe('in any order', () => {
  test('several connections fetch a large file', async () => {
    const { asked, opened } = open(ranged(LARGE));
    const { all } = await read(await opened, 0, new Ranges(), true, LARGE.length);
    expect(Buffer.compare(all, LARGE)).toBe(0);
    expect(asked).toEqual([null, `bytes=${REQUEST_PART}-${LARGE.length - 1}`]);
  });

  test('one is enough where little is missing', async () => {
    const { asked, opened } = open(ranged(LARGE));
    const present = new Ranges([[10, 20]]);
    expect((await read(await opened, 0, present, true, LARGE.length)).present.bytes).toBe(LARGE.length);
    expect(asked).toEqual([null]);
  });

  test('a server that gives no ranges after all is asked for the file in order', async () => {
    const { asked, opened } = open(() => whole(LARGE));
    const source = await opened;
    const present = new Ranges();
    await read(source, 0, present, true, LARGE.length);
    expect(present.bytes).toBeLessThan(LARGE.length);
    await read(source, present.endFrom(0), present, true, LARGE.length);
    expect(present.bytes).toBe(LARGE.length);
    expect(asked.at(-1)).toBeNull();
  });

  test('a server that sends another range than was asked for is asked again', async () => {
    let wrong = true;
    const { opened } = open((from, to) => {
      if (from === undefined) return whole(LARGE);
      const start = wrong ? from - 5 : from;
      wrong = false;
      return part(LARGE, start, to);
    });
    const { all } = await read(await opened, 0, new Ranges(), true, LARGE.length);
    expect(Buffer.compare(all, LARGE)).toBe(0);
  });
});
