import { afterEach, describe, expect, test, vi } from 'vitest';
import { ClozeError } from '../../border/errors.js';
import { downloadContext, FILE } from '../../test-support/download-context.js';
import { breaking, bytesOf, part } from '../../test-support/fake-fetch.js';
import { Ranges, type Span } from '../bytes/ranges.js';
import { Connection } from './connection.js';
import { ParallelRequests, type FetchedSpan, type ParallelWork } from './parallel-requests.js';

const PART = 10_000;
const BYTES = bytesOf(5 * PART, 3);
const connection = (span: Span, sent?: ReadableStream<Uint8Array>): Connection =>
  new Connection(part(BYTES, ...span, '"1"', sent), FILE.url, span[0], 1000);

afterEach(() => void vi.restoreAllMocks());

/** What is asked for with `connect`, and how it is answered. */
function work(connect: ParallelWork['connect'] = async (span) => connection(span), present = new Ranges()) {
  const asked: Span[] = [];
  const context = downloadContext();
  const parallel: ParallelWork = {
    url: FILE.url,
    context,
    parts: present.missing(BYTES.length, PART),
    connect: (span, signal) => (asked.push(span), connect(span, signal)),
  };
  return { asked, context, requests: new ParallelRequests(parallel) };
}

/** Reads all spans; what came must be what was there to come. */
async function read(spans: AsyncGenerator<FetchedSpan>, each?: (span: FetchedSpan) => void): Promise<Ranges> {
  const came = new Ranges();
  for await (const span of spans) {
    const { at, bytes } = span;
    expect(Buffer.compare(bytes, BYTES.subarray(at, at + bytes.length))).toBe(0);
    // Nothing comes twice.
    const before = came.bytes;
    came.add(at, at + bytes.length);
    expect(came.bytes).toBe(before + bytes.length);
    each?.(span);
  }
  return came;
}

test('four connections fetch all parts, the first ones first', async () => {
  const { asked, requests } = work();
  expect((await read(requests.spans(undefined))).spans).toEqual([[0, BYTES.length]]);
  expect(asked.map(([start]) => start / PART)).toEqual([0, 1, 2, 3, 4]);
});

test('the connection that is open already takes the first part', async () => {
  const { asked, requests } = work();
  await read(requests.spans(connection([0, BYTES.length])));
  expect(asked.map(([start]) => start / PART)).toEqual([1, 2, 3, 4]);
});

test('only the parts are fetched', async () => {
  const present = new Ranges([
    [0, PART + 10],
    [3 * PART, BYTES.length],
  ]);
  const { asked, requests } = work(undefined, present);
  expect((await read(requests.spans(undefined))).spans).toEqual([[PART + 10, 3 * PART]]);
  expect(asked).toHaveLength(2);
});

test('a span waits until the one before was used, and its connection with it', async () => {
  const { requests } = work();
  const using: FetchedSpan[] = [];
  for await (const span of requests.spans(undefined)) {
    expect(using).toEqual([]);
    using.push(span);
    const before = span.bytes.slice();
    await new Promise((resolve) => setTimeout(resolve));
    expect(Buffer.compare(span.bytes, before)).toBe(0);
    using.pop();
  }
});

test('a connection that breaks is followed by another, from the byte it broke at', async () => {
  let broke = false;
  const { asked, context, requests } = work(async (span) => {
    if (broke || span[0] !== 2 * PART) return connection(span);
    broke = true;
    return connection(span, breaking(BYTES.subarray(span[0], span[0] + 1000)));
  });
  expect((await read(requests.spans(undefined))).bytes).toBe(BYTES.length);
  expect(asked).toContainEqual([2 * PART + 1000, 3 * PART]);
  expect(context.told.map(({ status }) => status)).toEqual(['waiting']);
});

test('a part that ends early is fetched to its end', async () => {
  let short = true;
  const { asked, requests } = work(async (span) => {
    if (!short || span[0] !== 0) return connection(span);
    short = false;
    return connection(span, new Response(BYTES.subarray(0, 500)).body!);
  });
  expect((await read(requests.spans(undefined))).bytes).toBe(BYTES.length);
  expect(asked).toContainEqual([500, PART]);
});

describe('all connections end', () => {
  test('when one of them gives up', async () => {
    const gone = new ClozeError('not_found', 'gone');
    const { requests } = work(async (span, signal) => {
      if (span[0] === PART) throw gone;
      return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
    });
    await expect(read(requests.spans(undefined))).rejects.toBe(gone);
  });

  test('when a connection breaks too often', async () => {
    const { requests } = work(async (span) => connection(span, breaking()));
    await expect(read(requests.spans(undefined))).rejects.toMatchObject({ code: 'network' });
  });

  test('when the load is paused, and the spans with them', async () => {
    const { context, requests } = work();
    const came = await read(requests.spans(undefined), () => context.pause.set(true));
    expect(came.bytes).toBeGreaterThan(0);
    expect(came.bytes).toBeLessThan(BYTES.length);
  });

  test('when nobody reads any more', async () => {
    const closed = vi.spyOn(Connection.prototype, 'close');
    const { asked, requests } = work();
    for await (const _ of requests.spans(undefined)) break;
    await vi.waitFor(() => expect(new Set(closed.mock.contexts).size).toBe(4));
    expect(asked).toHaveLength(4);
  });

  test('and none is waited for', async () => {
    const signals: AbortSignal[] = [];
    const { requests } = work(async (span, signal) => {
      signals.push(signal);
      if (span[0] === 0) return connection(span);
      return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
    });
    for await (const _ of requests.spans(undefined)) break;
    expect(signals.map(({ aborted }) => aborted)).toEqual([true, true, true, true]);
  });
});
