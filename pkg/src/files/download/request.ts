/** One request for a file, and what its answer means. */
import { ClozeError, type ErrorCode } from '../../border/errors.js';
import type { Credentials } from '../../border/load-request.js';
import * as words from '../../words/files/index.js';
import { fileName } from '../bytes/file-name.js';
import type { Span } from '../bytes/ranges.js';
import { Interrupted } from './interrupted.js';
import { PACE, retryAfter } from './retry.js';

/** What a request is for, besides the address. */
export interface RequestOptions {
  /** First byte, and the one behind the last (`Infinity` for all that follow). */
  span?: Span;
  /** The version that the span is of. */
  version?: string | undefined;
  /**
   * Past the browser's own cache: the storage keeps the file, and that cache lets one request write an address at a time,
   * so that parts would wait for each other.
   */
  uncached?: boolean;
  /** Sent to this origin and to no other. */
  credentials?: Credentials | undefined;
  /** A server without an answer for so long counts as gone, ms. */
  stalled?: number;
  /** What is asked for, in words, where the address does not end in a file’s name. */
  name?: string;
  /** Nobody waits for the answer any more. */
  signal?: AbortSignal | undefined;
}

/** The name of the file at an address. */
export const nameOf = (url: string): string => fileName(new URL(url));

/**
 * Makes one request. Browsers take the token off where a redirect leads to another origin (Fetch standard, HTTP-redirect fetch).
 *
 * @throws Interrupted `connection` for what may be gone in a moment
 * @throws ClozeError for what will not
 */
export async function request(
  url: string,
  { span, version, credentials, uncached, name, stalled = PACE.stalled, signal }: RequestOptions = {},
): Promise<Response> {
  const file = name ?? nameOf(url);
  const { host, origin } = new URL(url);
  const shown = withoutQuery(url);
  const headers = new Headers();
  if (span) {
    headers.set('range', `bytes=${span[0]}-${Number.isFinite(span[1]) ? span[1] - 1 : ''}`);
    // Elsewhere it would have to be asked for first, which many hosts refuse; there the answer's own ETag is compared.
    if (version !== undefined && isEntityTag(version) && origin === globalThis.location?.origin)
      headers.set('if-range', version);
  }
  if (credentials?.origin === origin) headers.set('authorization', `Bearer ${credentials.token}`);
  const silence = new AbortController();
  const giveUp = (): void => silence.abort();
  const timer = setTimeout(giveUp, stalled);
  signal?.addEventListener('abort', giveUp);
  const response = await fetch(url, { headers, signal: silence.signal, ...(uncached && { cache: 'no-store' }) })
    .catch((cause: unknown) => {
      throw new Interrupted(
        'connection',
        new ClozeError('network', words.answers.none(file, host), { url: shown }, { cause }),
      );
    })
    .finally(() => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', giveUp);
    });
  if (response.ok && !response.headers.get('content-type')?.startsWith('text/html')) return response;
  await response.body?.cancel().catch(() => undefined);
  // Sites with one page for all addresses answer HTML with status 200 to everything.
  if (response.ok) throw new ClozeError('not_found', words.answers.webPage(file, shown), { url: shown });
  throw refusal(response, { url: shown, file, host, token: credentials?.origin === origin });
}

/** An address for messages and records: what follows the path may be a signature. */
export const withoutQuery = (url: string): string => url.split('?', 1)[0]!;

/** Only strong tags may be used in `If-Range`. */
const isEntityTag = (version: string): boolean => version.startsWith('"');

/** What an answer other than 2xx means; `token` says whether one was sent. `X-Error-Code` is the hub's. */
function refusal(
  { status, headers }: Response,
  { url, file, host, token }: { url: string; file: string; host: string; token: boolean },
): ClozeError | Interrupted {
  const reason = headers.get('x-error-code') ?? undefined;
  const details = { url, status, ...(reason && { reason }) };
  const final = (code: ErrorCode, message: string): ClozeError => new ClozeError(code, message, details);
  const passing = (code: ErrorCode, message: string): Interrupted =>
    new Interrupted('connection', final(code, message), retryAfter(headers.get('retry-after')));

  if (reason === 'RepoNotFound' && (status === 401 || status === 404 || status === 410))
    return final('not_found', words.answers.noModelOrPrivate(file, url));
  if (status === 404 || status === 410) return final('not_found', words.answers.notFound(file, url));
  if (reason === 'GatedRepo' || status === 403) return final('gated', words.answers.gated(file, host, status, token));
  if (status === 401) return final('unauthorized', words.answers.unauthorized(file, host, token));
  if (status === 416) return final('network', words.answers.shorter(file, host));
  if (status === 429) return passing('rate_limited', words.answers.tooManyRequests(host));
  const mayPass = status === 408 || status >= 500;
  return (mayPass ? passing : final)('network', words.answers.failed(file, status));
}

/** Which bytes an answer brings, and of what. */
export interface Extent {
  /** The first byte of the body. */
  start: number;
  /** The byte behind the last one of a part. */
  end?: number;
  /** The file's length; undefined where it is not said, or the body is packed. */
  length: number | undefined;
  /** Whether the server gives parts of the file. */
  ranged: boolean;
  /** The bytes that the body brings at least, if it comes whole. */
  least: number;
}

/** Reads `Content-Range`, `Content-Length`, `Accept-Ranges`. */
export function extentOf({ status, headers, type }: Response): Extent {
  if (status === 206) {
    const [, start, last, length] = /^bytes (\d+)-(\d+)\/(\d+|\*)$/u.exec(headers.get('content-range') ?? '') ?? [];
    return {
      start: start === undefined ? Number.NaN : Number(start),
      ...(last !== undefined && { end: Number(last) + 1 }),
      length: length === undefined || length === '*' ? undefined : Number(length),
      ranged: true,
      least: 0,
    };
  }
  // With a content encoding the length is that of the packed bytes. Other origins' encodings cannot be seen; servers that
  // pack on the way give no parts.
  const ranged = headers.get('accept-ranges') === 'bytes' && !headers.has('content-encoding');
  const packed = headers.has('content-encoding') || (type === 'cors' && !ranged);
  const said = numberOf(headers.get('content-length'));
  const least = headers.has('content-encoding') ? 0 : packed ? unpacked(said ?? 0) : (said ?? 0);
  return { start: 0, length: packed ? undefined : said, ranged, least };
}

/** What a body that may be packed holds at least: packing makes nothing longer than by its own frame. */
const unpacked = (bytes: number): number => Math.floor((bytes - 64) * 0.99);

const numberOf = (text: string | null): number | undefined =>
  text !== null && /^\d+$/u.test(text) ? Number(text) : undefined;

/** What the server calls this version of a file; undefined where it does not say. */
export const versionOf = (headers: Headers): string | undefined =>
  headers.get('etag') ?? headers.get('last-modified') ?? undefined;

/** Whether the server forbids to keep the file. */
export const mayKeep = (headers: Headers): boolean => !/\bno-store\b/iu.test(headers.get('cache-control') ?? '');
