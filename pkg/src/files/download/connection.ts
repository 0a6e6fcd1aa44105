/** Connections of one file: requested, read, and tried again. */
import * as words from '../../words/files/index.js';
import { bodyOf, type Body } from './body.js';
import type { DownloadContext } from './incoming-file.js';
import type { Interrupted } from './interrupted.js';
import { broken } from './problems.js';
import { extentOf, nameOf, request, type RequestOptions } from './request.js';
import { Patience } from './retry.js';

/** Tries to reach a server when there is a copy to fall back on. */
export const TRIES_WITH_COPY = 2;

/** Makes requests until there is an answer, as long as that makes sense. */
export const requestPatiently = (
  url: string,
  options: RequestOptions,
  context: RequestContext,
  tries?: number,
): Promise<Response> => patiently(url, options, context, tries, async (response) => response);

/**
 * Makes requests until a small answer in JSON has come whole.
 *
 * @throws SyntaxError if it is something else, and was not said to be JSON
 */
export const requestJson = (
  url: string,
  options: RequestOptions,
  context: RequestContext,
  tries?: number,
): Promise<unknown> =>
  patiently(url, options, context, tries, async (response) => {
    const connection = new Connection(response, url, 0, context.pace.stalled);
    const decoder = new TextDecoder();
    let text = '';
    for (let bytes = await connection.read(); bytes; bytes = await connection.read())
      text += decoder.decode(bytes, { stream: true });
    if (connection.short) throw broken(url, connection.at);
    try {
      return JSON.parse(text + decoder.decode()) as unknown;
    } catch (cause) {
      if (!/\bjson\b/iu.test(response.headers.get('content-type') ?? '')) throw cause;
      throw broken(url, connection.at, cause);
    }
  });

type RequestContext = Pick<DownloadContext, 'credentials' | 'pace' | 'tell'>;

/** Makes a request and reads the answer, again and again as long as that makes sense. */
async function patiently<T>(
  url: string,
  options: RequestOptions,
  { credentials, pace, tell }: RequestContext,
  tries = pace.tries,
  read: (response: Response) => Promise<T>,
): Promise<T> {
  const patience = new Patience({ ...pace, tries });
  for (;;) {
    try {
      return await read(await request(url, { ...options, credentials, stalled: pace.stalled }));
    } catch (error) {
      if (options.signal?.aborted) throw error;
      await wait(patience.after(error), url, error as Interrupted, tell, options.signal);
    }
  }
}

/** Waits before the next try, and says so if it is long; `signal` cuts it short. */
export async function wait(
  ms: number,
  url: string,
  failure: Interrupted,
  tell: DownloadContext['tell'],
  signal?: AbortSignal,
): Promise<void> {
  const file = nameOf(url);
  tell({
    status: 'waiting',
    file,
    message: words.steps.again(failure.error.code === 'rate_limited', ms / 1000),
  });
  if (signal?.aborted) return;
  await new Promise<void>((resolve) => {
    const over = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', over);
      resolve();
    };
    const timer = setTimeout(over, ms);
    signal?.addEventListener('abort', over);
  });
}

/** The body of an answer, and where in the file it is. */
export class Connection {
  readonly #body: Body;
  /** Whether the answer is to be the whole file. */
  readonly whole: boolean;
  /** The byte of the file behind the last one of the answer, where it says so. */
  readonly end: number | undefined;
  /** Bytes that the whole file has at least. */
  readonly #least: number;

  constructor(
    response: Response,
    private readonly url: string,
    /** The byte of the file that comes next. */
    public at: number,
    private readonly stalled: number,
  ) {
    this.#body = bodyOf(response.body);
    this.whole = response.status !== 206;
    const { end, least } = extentOf(response);
    this.end = end;
    this.#least = least;
  }

  /** Whether less came than was announced: not every browser calls that an error. */
  get short(): boolean {
    return this.whole && this.at < this.#least;
  }

  /**
   * The next bytes; undefined at the end.
   *
   * @throws Interrupted `connection` if the connection breaks, or is silent for too long
   */
  async read(): Promise<Uint8Array | undefined> {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const silence = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error(`nothing came for ${this.stalled / 1000} s`)), this.stalled);
    });
    try {
      const bytes = await Promise.race([this.#body.read(), silence]);
      this.at += bytes?.byteLength ?? 0;
      return bytes;
    } catch (cause) {
      void this.close();
      throw broken(this.url, this.at, cause);
    } finally {
      clearTimeout(timer);
    }
  }

  close(): Promise<void> {
    return this.#body.cancel();
  }
}
