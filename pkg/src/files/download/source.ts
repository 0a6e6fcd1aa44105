/** Where the bytes of a download come from: one version of a file on its server. */
import type { ClozeError } from '../../border/errors.js';
import { Ranges, type Span } from '../bytes/ranges.js';
import { REQUEST_PART, WORTH_SEVERAL_REQUESTS } from '../bytes/sizes.js';
import type { FileRecord } from '../storage/record.js';
import { Connection, requestPatiently, wait } from './connection.js';
import { knownVersion, type DownloadContext, type RemoteFile } from './incoming-file.js';
import { Interrupted, isInterrupted } from './interrupted.js';
import { ParallelRequests, type FetchedSpan } from './parallel-requests.js';
import { broken, changed, noRanges, wrongLength } from './problems.js';
import { extentOf, mayKeep, versionOf, type Extent } from './request.js';
import { Patience } from './retry.js';

/** The first answer of a server, and which bytes it brings. */
interface FirstAnswer {
  response: Response;
  extent: Extent;
}

/**
 * Asks for a file: from the first byte on that `record` lacks, if the server goes along, else from the first byte.
 * `uncached` is for files that are to be stored.
 *
 * @throws ClozeError if there is no answer
 */
export async function openSource(
  file: RemoteFile,
  context: DownloadContext,
  record: FileRecord | undefined,
  uncached: boolean,
): Promise<Source> {
  const span = resumable(file, record);
  let first = span && (await resumedAnswer(file, context, record!, span, uncached));
  if (!first) {
    const response = await requestPatiently(file.url, { uncached }, context);
    first = { response, extent: extentOf(response) };
  }
  const { length } = first.extent;
  if (file.size !== undefined && length !== undefined && length !== file.size) {
    await first.response.body?.cancel().catch(() => undefined);
    throw wrongLength(file, length);
  }
  return new Source(file, context, first, uncached);
}

/**
 * The bytes to ask for first: behind what is stored, if that can be of the same version. Where several connections share
 * the rest, they are this one's part: what comes behind it would be thrown away.
 */
function resumable(file: RemoteFile, record: FileRecord | undefined): Span | undefined {
  const known = knownVersion(file);
  const resumable =
    record !== undefined &&
    record.length !== null &&
    !record.complete &&
    (known === undefined || record.version === known) &&
    (file.size ?? record.length) === record.length;
  if (!resumable) return undefined;
  const present = new Ranges(record.safe);
  const [part] = present.missing(record.length!, REQUEST_PART);
  if (!part || part[0] === 0) return undefined;
  return record.length! - present.bytes >= WORTH_SEVERAL_REQUESTS ? part : [part[0], Infinity];
}

/** The answer with these bytes; all of the file, if the server sends that; undefined for another version's bytes. */
async function resumedAnswer(
  file: RemoteFile,
  context: DownloadContext,
  { version, length }: FileRecord,
  span: Span,
  uncached: boolean,
): Promise<FirstAnswer | undefined> {
  const known = knownVersion(file);
  const response = await requestPatiently(
    file.url,
    { uncached, span, version: known === undefined ? version : undefined },
    context,
  ).catch((error: unknown) => {
    // The file is shorter now.
    if ((error as ClozeError).details?.['status'] === 416) return undefined;
    throw error;
  });
  if (!response) return undefined;
  const extent = extentOf(response);
  if (response.status !== 206) return { response, extent };
  const same = known !== undefined || versionOf(response.headers) === version;
  if (same && extent.start === span[0] && (extent.length ?? length) === length)
    return { response, extent: { ...extent, length: length! } };
  await response.body?.cancel().catch(() => undefined);
  return undefined;
}

/** One version of a file. Its bytes come over one connection, or several where that is worth it. */
export class Source {
  /** What names the version: a hash, or the server's own name; undefined where neither is known. */
  readonly version: string | undefined;
  /** What the server calls the version. */
  readonly etag: string | undefined;
  /** Whether the file may be stored: its version is known, and the server does not forbid it. */
  readonly may_store: boolean;
  readonly #patience: Patience;
  #length: number | undefined;
  /** Whether the server gives ranges of the file. */
  #ranged: boolean;
  /** The connection that is open between two calls of {@link spans}. */
  #connection: Connection | undefined;

  constructor(
    private readonly file: RemoteFile,
    private readonly context: DownloadContext,
    { response, extent }: FirstAnswer,
    private readonly uncached: boolean,
  ) {
    const known = knownVersion(file);
    this.etag = versionOf(response.headers);
    this.version = known ?? this.etag;
    this.may_store = known !== undefined || (this.etag !== undefined && mayKeep(response.headers));
    this.#patience = new Patience(context.pace);
    this.#length = file.size ?? extent.length;
    this.#ranged = extent.ranged;
    this.#connection = new Connection(response, file.url, extent.start, context.pace.stalled);
  }

  /** The file's length in bytes; undefined as long as it is not known. */
  get length(): number | undefined {
    return this.#length;
  }

  /**
   * What of the file is not `present`, from `at` on; each span's bytes are good until the next is asked for. With
   * `any_order` several connections may fetch it. The spans end with the file, when the load is paused, or when the
   * server turns out to give no ranges: then ask again.
   *
   * @throws Interrupted `spoiled` if what comes is of another version or length
   * @throws ClozeError if the server cannot be reached any more
   */
  spans(at: number, present: Ranges, any_order: boolean): AsyncGenerator<FetchedSpan> {
    const length = this.#length;
    const several =
      any_order && this.#ranged && length !== undefined && length - present.bytes >= WORTH_SEVERAL_REQUESTS;
    return several ? this.#inParallel(at, present, length) : this.#inOrder(at, present);
  }

  /** Ends the connection; {@link spans} opens another. */
  async disconnect(): Promise<void> {
    await this.#connection?.close();
    this.#connection = undefined;
  }

  async *#inParallel(at: number, present: Ranges, length: number): AsyncGenerator<FetchedSpan> {
    if (this.#connection?.at !== at) await this.disconnect();
    const first = this.#connection;
    this.#connection = undefined;
    const requests = new ParallelRequests({
      url: this.file.url,
      context: this.context,
      parts: present.missing(length, REQUEST_PART),
      connect: (span, signal) => this.#connect(span, signal),
    });
    try {
      yield* requests.spans(first);
    } catch (error) {
      if (!isInterrupted(error, 'no_ranges')) throw error;
      this.#ranged = false;
    }
  }

  /** Over one connection, and over another when it breaks. */
  async *#inOrder(at: number, present: Ranges): AsyncGenerator<FetchedSpan> {
    const { url, size } = this.file;
    while (at !== this.#length && !this.context.pause.paused) {
      let bytes: Uint8Array | undefined;
      try {
        this.#connection ??= await this.#connect([at, Infinity]);
        bytes = await this.#read(this.#connection, at);
      } catch (error) {
        await this.disconnect();
        await wait(this.#patience.after(error), url, error as Interrupted, this.context.tell);
        continue;
      }
      if (!bytes) return;
      if (bytes.byteLength === 0) continue;
      if (size !== undefined && at + bytes.byteLength > size) throw wrongLength(this.file, at + bytes.byteLength);
      this.#patience.progress();
      yield { at, bytes };
      at = present.endFrom(at + bytes.byteLength);
    }
  }

  /** The bytes from `at` on that one read of the connection brings; undefined at the end of the file. */
  async #read(connection: Connection, at: number): Promise<Uint8Array | undefined> {
    // What is there already comes again from servers that give no ranges, and where a copy has gaps.
    const skip = at - connection.at;
    const read = await connection.read();
    if (!read) {
      await this.disconnect();
      // All of a part came, and the file goes on.
      if (connection.at === connection.end && at !== this.#length) return new Uint8Array();
      this.#checkEnd(at, connection);
      return undefined;
    }
    if (skip < 0) throw broken(this.file.url, at);
    return read.subarray(Math.min(skip, read.byteLength));
  }

  /** A body ended well. Where it was a part of the file, or the file's length is known, it may still be too short. */
  #checkEnd(at: number, { whole, short }: Connection): void {
    if (short || (!whole && at !== this.#length)) throw broken(this.file.url, at);
    if (this.file.size !== undefined && at !== this.file.size) throw wrongLength(this.file, at);
    this.#length = at;
  }

  /** Another connection, to the same version. With `signal` the answer must be just the span. */
  async #connect(span: Span, signal?: AbortSignal): Promise<Connection> {
    const { url } = this.file;
    const known = knownVersion(this.file) !== undefined;
    const part = span[0] > 0 || Number.isFinite(span[1]);
    // Nothing would tell whether what follows is of the same file.
    if (span[0] > 0 && this.version === undefined) throw new Interrupted('spoiled', broken(url, span[0]).error);
    const response = await requestPatiently(
      url,
      {
        uncached: this.uncached,
        ...(part && this.#ranged && { span }),
        version: known ? undefined : this.version,
        signal,
      },
      this.context,
    );
    const extent = extentOf(response);
    const problem = this.#differs(response, extent, span) ?? (signal && notJust(span, response, extent, this.file));
    if (problem) {
      await response.body?.cancel().catch(() => undefined);
      throw problem;
    }
    return new Connection(response, url, extent.start, this.context.pace.stalled);
  }

  /** Whether an answer is of another version than the first one, or begins behind the span. */
  #differs({ headers }: Response, { start, length }: Extent, span: Span): Interrupted | undefined {
    const same = knownVersion(this.file) !== undefined || versionOf(headers) === this.version;
    const fits = (length ?? this.#length) === this.#length && start <= span[0];
    return same && fits ? undefined : changed(this.file);
  }
}

/** Whether an answer brings something else than the span that was asked for. */
function notJust(span: Span, { status }: Response, { start }: Extent, file: RemoteFile): Interrupted | undefined {
  if (status !== 206) return new Interrupted('no_ranges', noRanges(file));
  return start === span[0] ? undefined : new Interrupted('connection', noRanges(file));
}
