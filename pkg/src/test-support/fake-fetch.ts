/** A server in this process: answers with ranges, and the faults of real ones. */
import { vi } from 'vitest';

/** What a server answers to a request: from which byte on and to which, and the how manieth it is. */
export type Serve = (from: number | undefined, to: number, count: number) => Response | Promise<Response>;

/**
 * Takes the place of `fetch` until `vi.unstubAllGlobals`. Requests end when they are aborted, as real ones do. Returns the
 * `Range` headers of the requests, as they come.
 */
export function serve(answer: Serve): (string | null)[] {
  const asked: (string | null)[] = [];
  vi.stubGlobal('fetch', async (_: string, init: RequestInit) => {
    const range = new Headers(init.headers).get('range');
    asked.push(range);
    const [, from, to] = /^bytes=(\d+)-(\d*)$/u.exec(range ?? '') ?? [];
    const { signal } = init;
    const aborted = new Promise<never>((_, reject) => {
      if (signal?.aborted) reject(signal.reason);
      signal?.addEventListener('abort', () => reject(signal.reason));
    });
    const response = answer(
      from === undefined ? undefined : Number(from),
      to ? Number(to) + 1 : Infinity,
      asked.length,
    );
    return Promise.race([response, aborted]);
  });
  return asked;
}

/** All of a file, or `sent` of it. */
export const whole = (
  bytes: Uint8Array<ArrayBuffer>,
  headers: Record<string, string> = {},
  sent: BodyInit = bytes,
): Response =>
  new Response(sent, {
    headers: { 'content-length': String(bytes.length), 'accept-ranges': 'bytes', etag: '"1"', ...headers },
  });

/** A range of it. */
export const part = (
  bytes: Uint8Array<ArrayBuffer>,
  from: number,
  to: number,
  etag = '"1"',
  sent?: BodyInit,
): Response => {
  const end = Math.min(to, bytes.length);
  return new Response(sent ?? bytes.subarray(from, end), {
    status: 206,
    headers: { 'content-range': `bytes ${from}-${end - 1}/${bytes.length}`, etag },
  });
};

/** The range that was asked for, or all of it. */
export const ranged =
  (bytes: Uint8Array<ArrayBuffer>, etag = '"1"'): Serve =>
  (from, to) =>
    from === undefined ? whole(bytes, { etag }) : part(bytes, from, to, etag);

/** A body that breaks off after these bytes, as connections do. */
export function breaking(bytes = new Uint8Array()): ReadableStream<Uint8Array> {
  let sent = bytes.length === 0;
  return new ReadableStream<Uint8Array>({
    pull(controller) {
      if (sent) controller.error(new TypeError('broken'));
      else controller.enqueue(bytes.slice());
      sent = true;
    },
  });
}

/** Bytes that differ from place to place. */
export function bytesOf(length: number, seed = 1): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(length);
  for (let i = 0; i < length; i++) bytes[i] = (i * seed + (i >> 8)) & 255;
  return bytes;
}
