import { afterEach, describe, expect, test, vi } from 'vitest';
import type { ClozeError } from '../../border/errors.js';
import { Interrupted } from './interrupted.js';
import { extentOf, mayKeep, request, versionOf, type Extent, type RequestOptions } from './request.js';

const URL = 'https://files.example/m/file.bin?signature=secret';

afterEach(() => void vi.unstubAllGlobals());

/** What a request sends. */
async function sent(
  options: RequestOptions,
  url = URL,
): Promise<{ headers: Record<string, string>; init: RequestInit }> {
  const fetch = vi.fn(async (_url: string, _init: RequestInit) => new Response('x'));
  vi.stubGlobal('fetch', fetch);
  await request(url, options);
  const [, init] = fetch.mock.lastCall!;
  return { headers: Object.fromEntries(new Headers(init.headers)), init };
}
const failure = async (response: Response, options: RequestOptions = {}): Promise<unknown> => {
  vi.stubGlobal('fetch', async () => response);
  return request(URL, options).catch((error: unknown) => error);
};

describe('a request', () => {
  test('asks for all of a file', async () => expect((await sent({})).headers).toEqual({}));
  test('asks for a range', async () => {
    expect((await sent({ span: [5, 10] })).headers).toEqual({ range: 'bytes=5-9' });
    expect((await sent({ span: [5, Infinity] })).headers).toEqual({ range: 'bytes=5-' });
  });
  test('passes the browser’s cache where the file is stored', async () =>
    expect((await sent({ uncached: true })).init.cache).toBe('no-store'));
  test('names the version to its own origin, by strong tags alone', async () => {
    vi.stubGlobal('location', { origin: 'https://files.example' });
    const span = [5, 10] as const;
    expect((await sent({ span: [...span], version: '"1"' })).headers).toMatchObject({ 'if-range': '"1"' });
    expect((await sent({ span: [...span], version: 'W/"1"' })).headers).not.toHaveProperty('if-range');
    vi.stubGlobal('location', { origin: 'https://page.example' });
    expect((await sent({ span: [...span], version: '"1"' })).headers).not.toHaveProperty('if-range');
  });
  test('takes a token to its origin and to no other', async () => {
    const token = (origin: string) => sent({ credentials: { token: 't', origin } });
    expect((await token('https://files.example')).headers).toEqual({ authorization: 'Bearer t' });
    expect((await token('https://other.example')).headers).toEqual({});
  });
  test('that nobody waits for, or that nobody answers, ends', async () => {
    vi.stubGlobal(
      'fetch',
      (_: string, { signal }: RequestInit) =>
        new Promise((_, reject) => signal!.addEventListener('abort', () => reject(signal!.reason))),
    );
    const stop = new AbortController();
    const waiting = request(URL, { signal: stop.signal });
    stop.abort();
    await expect(waiting).rejects.toMatchObject({ reason: 'connection' });
    await expect(request(URL, { stalled: 1 })).rejects.toMatchObject({ reason: 'connection' });
  });
});

describe('a refusal', () => {
  test.each<[number, Record<string, string>, string, boolean]>([
    [404, {}, 'not_found', false],
    [410, {}, 'not_found', false],
    [401, { 'x-error-code': 'RepoNotFound' }, 'not_found', false],
    [403, {}, 'gated', false],
    [401, { 'x-error-code': 'GatedRepo' }, 'gated', false],
    [401, {}, 'unauthorized', false],
    [416, {}, 'network', false],
    [400, {}, 'network', false],
    [408, {}, 'network', true],
    [429, {}, 'rate_limited', true],
    [503, {}, 'network', true],
  ])('%i %j is %s', async (status, headers, code, again) => {
    const error = await failure(new Response(null, { status, headers }));
    expect(error instanceof Interrupted).toBe(again);
    const told = error instanceof Interrupted ? error.error : (error as ClozeError);
    expect(told).toMatchObject({ code, details: { status, url: 'https://files.example/m/file.bin' } });
    expect(told.message).not.toContain('secret');
  });

  test('says how long to wait', async () =>
    expect(await failure(new Response(null, { status: 503, headers: { 'retry-after': '7' } }))).toMatchObject({
      retry_after: 7000,
    }));

  test('says what to do with a token, and without', async () => {
    const credentials = { token: 't', origin: 'https://files.example' };
    const messageOf = async (options: RequestOptions) =>
      ((await failure(new Response(null, { status: 401 }), options)) as ClozeError).message;
    expect(await messageOf({})).toMatch(/Give a token/u);
    expect(await messageOf({ credentials })).toMatch(/not accepted/u);
  });

  test('may be a web page', async () =>
    expect(await failure(new Response('<!doctype html>', { headers: { 'content-type': 'text/html' } }))).toMatchObject({
      code: 'not_found',
      message: expect.stringMatching(/web page/u),
    }));
});

describe('the extent of an answer', () => {
  test.each<[string, number, Record<string, string>, Extent]>([
    [
      'all of a file',
      200,
      { 'content-length': '10', 'accept-ranges': 'bytes' },
      { start: 0, length: 10, ranged: true, least: 10 },
    ],
    ['no ranges', 200, { 'content-length': '10' }, { start: 0, length: 10, ranged: false, least: 10 }],
    ['no length', 200, {}, { start: 0, length: undefined, ranged: false, least: 0 }],
    [
      'packed',
      200,
      { 'content-length': '10', 'content-encoding': 'gzip', 'accept-ranges': 'bytes' },
      { start: 0, length: undefined, ranged: false, least: 0 },
    ],
    ['a range', 206, { 'content-range': 'bytes 5-9/20' }, { start: 5, end: 10, length: 20, ranged: true, least: 0 }],
    [
      'of unknown length',
      206,
      { 'content-range': 'bytes 5-9/*' },
      { start: 5, end: 10, length: undefined, ranged: true, least: 0 },
    ],
    ['nonsense', 206, { 'content-range': 'x' }, { start: Number.NaN, length: undefined, ranged: true, least: 0 }],
  ])('%s', (_, status, headers, extent) => expect(extentOf(new Response('x', { status, headers }))).toEqual(extent));
});

test('a version is an ETag, else the time of the last change', () => {
  expect(versionOf(new Headers({ etag: '"1"', 'last-modified': 'today' }))).toBe('"1"');
  expect(versionOf(new Headers({ 'last-modified': 'today' }))).toBe('today');
  expect(versionOf(new Headers())).toBeUndefined();
});

test('a server may forbid to keep a file', () => {
  expect(mayKeep(new Headers({ 'cache-control': 'private, no-store' }))).toBe(false);
  expect(mayKeep(new Headers({ 'cache-control': 'no-cache' }))).toBe(true);
});
