/**
 * A file on its way from the network into the core and the storage, in three parts: its bytes come from a {@link Source},
 * a {@link Copy} of them is kept, and a {@link Check} tells whether they are the right ones.
 */
import * as words from '../../words/files/index.js';
import { beginCheck } from './check.js';
import { openCopy, type Copy, type StorageEntry } from './copy.js';
import { knownVersion, type DownloadContext, type IncomingFile, type RemoteFile } from './incoming-file.js';
import { isInterrupted } from './interrupted.js';
import { Progress } from './progress.js';
import { openSource, type Source } from './source.js';

/** Asks for a file and opens its copy; the body is read when the pieces are. */
export async function beginTransfer(
  file: RemoteFile,
  context: DownloadContext,
  entry: StorageEntry | undefined,
): Promise<IncomingFile> {
  const source = await openSource(file, context, entry?.record, entry !== undefined);
  try {
    const version = source.may_store ? source.version : undefined;
    const copy = await openCopy(file, context, entry, { version, length: source.length });
    const total = source.length === undefined ? {} : { total: source.length };
    context.tell({ status: 'download', file: file.name, message: words.steps.fetching(file.name), ...total });
    const transfer = new Transfer(file, context, source, copy);
    return {
      name: file.name,
      total: source.length,
      pieces: transfer.pieces(),
      discardCopy: () => transfer.discardCopy(),
    };
  } catch (error) {
    await source.disconnect();
    throw error;
  }
}

class Transfer {
  readonly #progress: Progress;
  /** Whether the hash was compared with one from elsewhere. */
  #verified = false;

  constructor(
    private readonly file: RemoteFile,
    private readonly context: DownloadContext,
    private readonly source: Source,
    private readonly copy: Copy,
  ) {
    this.#progress = new Progress(source.length, undefined, copy.present.bytes);
  }

  /** See {@link IncomingFile.pieces}. */
  async *pieces(): AsyncGenerator<Uint8Array> {
    const check = await beginCheck(this.file, this.source.length);
    let length = 0;
    let whole = false;
    try {
      for await (const bytes of this.#inOrder()) {
        check.update(bytes);
        length += bytes.byteLength;
        yield bytes;
      }
      const { sha256, verified } = check.finish();
      this.#verified = verified;
      await this.copy.complete({ length, sha256, etag: this.source.etag, verified });
      whole = true;
    } catch (error) {
      if (isInterrupted(error, 'spoiled')) await this.copy.discard();
      throw error;
    } finally {
      await this.source.disconnect();
      await this.copy.close(whole);
    }
  }

  /** See {@link IncomingFile.discardCopy}. What the hash speaks for is not to blame; what was there before may be. */
  async discardCopy(): Promise<boolean> {
    if (this.#verified) return false;
    await this.copy.remove();
    return this.copy.resumed || knownVersion(this.file) !== undefined;
  }

  /** The file from its first byte to its last: what the copy has, and what the source sends, as it comes. */
  async *#inOrder(): AsyncGenerator<Uint8Array> {
    const { source, copy } = this;
    let at = 0;
    for (;;) {
      for await (const bytes of copy.read(at)) {
        at += bytes.byteLength;
        yield bytes;
      }
      if (at === source.length) return;
      if (this.context.pause.paused) await this.#waitForResume(at);
      else at = yield* this.#fromSource(at);
    }
  }

  /** What the source sends until it stops, and what the copy has behind it. Returns where the next byte belongs. */
  async *#fromSource(at: number): AsyncGenerator<Uint8Array, number> {
    const { source, copy } = this;
    const { any_order } = copy;
    for await (const span of source.spans(at, copy.present, any_order)) {
      await copy.write(span.bytes, span.at);
      // The copy did not take it: it is fetched again, and counted then.
      if (span.at !== at && any_order && !copy.any_order) break;
      await this.#arrived(span.bytes.byteLength);
      if (span.at === at) {
        at += span.bytes.byteLength;
        yield span.bytes;
        for await (const bytes of copy.read(at)) {
          at += bytes.byteLength;
          yield bytes;
        }
      }
      // What comes out of order has no place to go any more.
      if (any_order && !copy.any_order) break;
    }
    return at;
  }

  /** Counts bytes, and tells and records now and then how far it is. */
  async #arrived(bytes: number): Promise<void> {
    const { name } = this.file;
    this.#progress.add(bytes, (report) =>
      this.context.tell({ status: 'progress', file: name, message: words.steps.fetching(name), ...report }),
    );
    await this.copy.saveNowAndThen(this.source.length);
  }

  /** Waits while the load is paused. Meanwhile another tab may go on with the file. */
  async #waitForResume(at: number): Promise<void> {
    const { source, copy } = this;
    const { tell, pause } = this.context;
    const { name } = this.file;
    const { version, length } = source;
    const where = { loaded: this.#progress.loaded, ...(length !== undefined && { total: length }) };
    const lent = await copy.lend(where);
    if (lent) await source.disconnect();
    tell({ status: 'paused', file: name, message: words.steps.paused(name), ...where });
    await pause.resumed();
    if (lent) this.#progress.loaded = (await copy.takeBack(at, { version, length })) ? copy.present.bytes : at;
    tell({ status: 'progress', file: name, message: words.steps.fetching(name), ...where });
  }
}
