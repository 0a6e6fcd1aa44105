/** A file on its way from the network into the core and the storage. */
import { ClozeError } from '../../border/errors.js';
import { makeRoom } from '../storage/room.js';
import type { Held } from '../storage/lock.js';
import { tellNews } from '../storage/news.js';
import type { Copy } from '../storage/store.js';
import type { ProgressInfo } from '../../border/types.js';
import { answer, broken, Connection, wait } from './connection.js';
import { Crew, Paused, WORTH } from './crew.js';
import { digest, type Digest } from '../bytes/digest.js';
import { knownVersion, Spoiled, type Fetching, type IncomingFile, type Keeping, type RemoteFile } from './file.js';
import { Meter } from './meter.js';
import { Ranges, type Span } from '../bytes/ranges.js';
import { extentOf, mayKeep, shownOf, versionOf, type Extent } from './request.js';
import { Patience, Transient } from './retry.js';
import { waitFor } from './waiting.js';

/** Bytes of a kept part that are read at once. */
const PIECE = 4 << 20;
/** Between two notes of what is on disk, ms: a browser that is killed loses no more than arrived in between. */
const SAVE_EVERY = 500;

/** Asks for a file and opens its copy; the body is read when the pieces are. */
export async function begin(file: RemoteFile, fetching: Fetching, keeping: Keeping | undefined): Promise<IncomingFile> {
  const { response, extent } = await first(file, fetching, keeping);
  try {
    const version = knownVersion(file) ?? versionOf(response.headers);
    const length = file.size ?? extent.length;
    if (file.size !== undefined && extent.length !== undefined && extent.length !== file.size)
      throw wrongLength(file, extent.length);
    let copy: Copy | undefined;
    if (keeping && version !== undefined && (knownVersion(file) !== undefined || mayKeep(response.headers))) {
      copy = await openCopy(file, fetching, keeping, { version, length: length ?? null });
    }
    fetching.tell({ status: 'download', file: file.name, message: `Fetching ${file.name}` });
    const transfer = new Transfer(file, fetching, keeping, copy, {
      version,
      etag: versionOf(response.headers),
      length,
      extent,
      response,
    });
    return { name: file.name, total: length, pieces: transfer.pieces(), refuse: () => transfer.refuse() };
  } catch (error) {
    await response.body?.cancel().catch(() => undefined);
    throw error;
  }
}

/** The first answer: to the first missing byte of what is kept, if the server goes along, else to the first byte. */
async function first(
  file: RemoteFile,
  fetching: Fetching,
  keeping: Keeping | undefined,
): Promise<{ response: Response; extent: Extent }> {
  const { note } = keeping ?? {};
  const uncached = keeping !== undefined;
  const known = knownVersion(file);
  const goesOn =
    note !== undefined &&
    note.length !== null &&
    !note.complete &&
    (known === undefined || note.version === known) &&
    (file.size ?? note.length) === note.length;
  const from = goesOn ? (new Ranges(note.safe).missing(note.length!)[0]?.[0] ?? 0) : 0;
  if (from > 0) {
    const response = await answer(
      file.url,
      { uncached, span: [from, Infinity], version: known === undefined ? note!.version : undefined },
      fetching,
    ).catch((error: unknown) => {
      if ((error as ClozeError).details?.['status'] === 416) return undefined;
      throw error;
    });
    if (response) {
      const extent = extentOf(response);
      const same = known !== undefined || versionOf(response.headers) === note!.version;
      if (
        response.status !== 206 ||
        (same && extent.start === from && (extent.length ?? note!.length) === note!.length)
      ) {
        return { response, extent: response.status === 206 ? { ...extent, length: note!.length! } : extent };
      }
      await response.body?.cancel().catch(() => undefined);
    }
  }
  const response = await answer(file.url, { uncached }, fetching);
  return { response, extent: extentOf(response) };
}

/** Opens the copy to write; undefined, with a warning, where there is no room. */
async function openCopy(
  file: RemoteFile,
  { tell }: Fetching,
  { store, note }: Keeping,
  { version, length }: { version: string; length: number | null },
): Promise<Copy | undefined> {
  const { key, name, url, model } = file;
  const there = note?.version === version ? new Ranges(note.safe).bytes : 0;
  try {
    if (await makeRoom(store, (length ?? 0) - there, model.id))
      return await store.open({ key, name, url: shownOf(url), model, version, length });
    tell(noRoom(file));
  } catch (error) {
    tell(notKept(file, error));
  }
  return undefined;
}

const noRoom = ({ name }: RemoteFile) =>
  ({
    status: 'warning',
    code: 'quota',
    file: name,
    message: `There is no room left to keep ${name}: it runs from memory, and is fetched again the next time. To keep it, delete other models or free space on the disk`,
  }) as const;

const notKept = (file: RemoteFile, error: unknown): ProgressInfo =>
  isQuota(error)
    ? noRoom(file)
    : {
        status: 'warning',
        code: 'no_storage',
        file: file.name,
        message: `${file.name} cannot be kept in this browser’s storage: it is fetched again the next time`,
      };

const isQuota = (error: unknown): boolean => error instanceof DOMException && error.name === 'QuotaExceededError';

const wrongLength = ({ name, url, size }: RemoteFile, found: number): Spoiled =>
  new Spoiled(
    new ClozeError(
      'hash_mismatch',
      `${name} has ${found} bytes instead of ${size}. The server at ${new URL(url).host} sends another file than the one that was published: try again later, or take the model from elsewhere.`,
      { url: shownOf(url), found, expected: size },
    ),
  );

/** The storage failed, not the network. */
class Unkept extends Error {}

/** A server that said it gives parts of a file sent all of it. */
class NoParts extends Error {}

/** What the first answer told. */
interface Start {
  version: string | undefined;
  /** What the server itself calls the version. */
  etag: string | undefined;
  length: number | undefined;
  extent: Extent;
  response: Response;
}

class Transfer {
  /** What is in the copy; without one, nothing. */
  #safe: Ranges;
  #copy: Copy | undefined;
  readonly #resumed: boolean;
  /** Bytes on the way or there, for the meter. */
  readonly #meter: Meter;
  readonly #patience: Patience;
  /** Whether what arrives still goes into the copy. */
  #keeps: boolean;
  #length: number | undefined;
  #connection: Connection | undefined;
  #crew: Crew | undefined;
  #saved = performance.now();
  #verified = false;
  #ranged: boolean;
  #spoilt: Spoiled | undefined;
  #held: Held | undefined;

  constructor(
    private readonly file: RemoteFile,
    private readonly fetching: Fetching,
    private readonly keeping: Keeping | undefined,
    copy: Copy | undefined,
    private readonly start: Start,
  ) {
    this.#copy = copy;
    this.#held = keeping?.held;
    this.#ranged = start.extent.ranged;
    this.#safe = new Ranges(copy?.note.safe);
    this.#resumed = this.#safe.bytes > 0;
    this.#keeps = copy !== undefined;
    this.#length = start.length;
    this.#meter = new Meter(start.length, undefined, this.#safe.bytes);
    this.#patience = new Patience(fetching.pace);
    this.#connection = new Connection(start.response, file.url, start.extent.start, fetching.pace.stalled);
  }

  async *pieces(): AsyncGenerator<Uint8Array> {
    const hash = await digest(this.file.expected ?? {}, this.#length);
    let at = 0;
    let done = false;
    try {
      for (;;) {
        for await (const bytes of this.#kept(at)) {
          hash.update(bytes);
          at += bytes.byteLength;
          yield bytes;
        }
        if (at === this.#length) break;
        if (await this.#paused(at)) continue;
        if (await this.#crewReached(at)) continue;
        const bytes = await this.#next(at);
        if (!bytes) break;
        hash.update(bytes);
        at += bytes.byteLength;
        yield bytes;
      }
      await this.#finish(at, hash);
      done = true;
    } finally {
      this.#crew?.stop();
      await this.#connection?.close();
      await this.#close(done);
    }
  }

  /** The core refused the file. What the hash speaks for is not to blame; what came before there was one may be. */
  async refuse(): Promise<boolean> {
    if (this.#verified) return false;
    await this.#remove();
    return this.#resumed || knownVersion(this.file) !== undefined;
  }

  /** What is in the copy from `at` on. */
  async *#kept(at: number): AsyncGenerator<Uint8Array> {
    let buffer: Uint8Array | undefined;
    for (let end = this.#safe.endFrom(at); this.#copy && at < end; end = this.#safe.endFrom(at)) {
      buffer ??= new Uint8Array(PIECE);
      const count = await this.#copy.read(buffer.subarray(0, end - at), at);
      if (count === 0)
        throw await this.#spoiled(
          new ClozeError('network', `The kept part of ${this.file.name} cannot be read. Load it again.`, {
            file: this.file.name,
          }),
        );
      yield buffer.subarray(0, count);
      at += count;
    }
  }

  /** Lets several connections work if that is worth it; whether to look again for the byte at `at`. */
  async #crewReached(at: number): Promise<boolean> {
    if (this.#spoilt) throw this.#spoilt;
    const length = this.#length;
    if (!this.#crew) {
      if (
        !this.#keeps ||
        !this.#copy?.anywhere ||
        length === undefined ||
        !this.#ranged ||
        length - this.#safe.bytes < WORTH
      )
        return false;
      const first = this.#connection?.at === at ? this.#connection : undefined;
      if (!first) await this.#connection?.close();
      this.#connection = undefined;
      this.#crew = new Crew(
        {
          url: this.file.url,
          safe: this.#safe,
          length,
          fetching: this.fetching,
          connect: (span, signal) => this.#connect(span, signal),
          write: (bytes, where) => this.#write(bytes, where),
          arrived: (bytes) => this.#arrived(bytes),
        },
        first,
      );
    }
    try {
      await this.#crew.reached(at);
      return true;
    } catch (error) {
      this.#crew?.stop();
      this.#crew = undefined;
      if (this.#spoilt) throw this.#spoilt;
      if (error instanceof Paused) return true;
      // All of it over one connection, past what is there already.
      if (error instanceof NoParts) this.#ranged = false;
      // What is there can still be read; the rest goes past the storage.
      else if (error instanceof Unkept) this.#giveUpKeeping(error.cause);
      else if (this.#keeps) throw error;
      return false;
    }
  }

  /** The next bytes over one connection; undefined at the end of the file. */
  async #next(at: number): Promise<Uint8Array | undefined> {
    for (;;) {
      try {
        await this.#paused(at);
        this.#connection ??= await this.#connect([at, Infinity]);
        const connection = this.#connection;
        // What is there already comes again from servers that give no parts, and where a copy has gaps.
        const skip = at - connection.at;
        const read = await connection.read();
        if (!read) {
          await connection.close();
          this.#connection = undefined;
          await this.#ended(at, connection);
          return undefined;
        }
        if (skip < 0) throw broken(this.file.url, at);
        const bytes = read.subarray(Math.min(skip, read.byteLength));
        if (bytes.byteLength === 0) continue;
        if (this.file.size !== undefined && at + bytes.byteLength > this.file.size)
          throw await this.#spoiled(wrongLength(this.file, at + bytes.byteLength).error);
        this.#patience.progress();
        await this.#keep(bytes, at);
        await this.#arrived(bytes.byteLength);
        return bytes;
      } catch (error) {
        await this.#connection?.close();
        this.#connection = undefined;
        await wait(this.#patience.after(error), this.file.url, error as Transient, this.fetching.tell);
      }
    }
  }

  /** A body ended well. Where it was only a part of the file, or the file's length is known, it may still be too short. */
  async #ended(at: number, { whole, short }: Connection): Promise<void> {
    if (short || (!whole && at !== this.#length)) throw broken(this.file.url, at);
    if (this.file.size !== undefined && at !== this.file.size)
      throw await this.#spoiled(wrongLength(this.file, at).error);
    this.#length = at;
  }

  /** Another connection, to the same version. */
  async #connect(span: Span, crew?: AbortSignal): Promise<Connection> {
    const { version } = this.start;
    const asked = span[0] > 0 || Number.isFinite(span[1]);
    const known = knownVersion(this.file) !== undefined;
    // Nothing would tell whether what follows is of the same file.
    if (span[0] > 0 && version === undefined) throw await this.#spoiled(broken(this.file.url, span[0]).error);
    const response = await answer(
      this.file.url,
      {
        uncached: this.#copy !== undefined,
        ...(asked && this.#ranged && { span }),
        version: known ? undefined : version,
        signal: crew,
      },
      this.fetching,
    );
    const found = extentOf(response);
    const length = found.length ?? this.#length;
    const same = known || versionOf(response.headers) === version;
    if (!same || length !== this.#length || Number.isNaN(found.start) || found.start > span[0]) {
      await response.body?.cancel().catch(() => undefined);
      throw await this.#spoiled(
        new ClozeError(
          'network',
          `${this.file.name} changed on the server while it was being fetched. Load it again.`,
          { url: shownOf(this.file.url) },
        ),
      );
    }
    if (crew && response.status !== 206) {
      await response.body?.cancel().catch(() => undefined);
      throw new NoParts();
    }
    if (crew && found.start !== span[0]) {
      await response.body?.cancel().catch(() => undefined);
      throw new Transient(
        new ClozeError(
          'network',
          `The server at ${new URL(this.file.url).host} stopped giving parts of ${this.file.name}. Load it again.`,
          { url: shownOf(this.file.url) },
        ),
      );
    }
    return new Connection(response, this.file.url, found.start, this.fetching.pace.stalled);
  }

  async #keep(bytes: Uint8Array, at: number): Promise<void> {
    if (!this.#keeps) return;
    try {
      await this.#write(bytes, at);
      this.#safe.add(at, at + bytes.byteLength);
    } catch (error) {
      this.#giveUpKeeping((error as Error).cause);
    }
  }

  async #write(bytes: Uint8Array, at: number): Promise<void> {
    try {
      await this.#copy!.write(bytes, at);
    } catch (cause) {
      throw new Unkept('', { cause });
    }
  }

  /** Counts, tells, and notes what is on disk now and then. */
  async #arrived(bytes: number): Promise<void> {
    const { name: file, key } = this.file;
    this.#meter.add(bytes, (progress) =>
      this.fetching.tell({ status: 'progress', file, message: `Fetching ${file}`, ...progress }),
    );
    if (this.#keeps && this.#copy && performance.now() - this.#saved > SAVE_EVERY) {
      await this.#save();
      tellNews({ key, loaded: this.#safe.bytes, ...(this.#length !== undefined && { total: this.#length }) });
    }
  }

  async #save(): Promise<void> {
    this.#saved = performance.now();
    try {
      await this.#copy!.save({ safe: this.#safe.spans, saved: Date.now() });
    } catch (error) {
      this.#giveUpKeeping(error);
    }
  }

  /** Waits while the load is paused; whether it was. Meanwhile another tab may go on with the file. */
  async #paused(at: number): Promise<boolean> {
    const { gate, tell } = this.fetching;
    if (!gate.shut) return false;
    const { name: file, key } = this.file;
    const where = { loaded: this.#meter.loaded, ...(this.#length !== undefined && { total: this.#length }) };
    // A copy of unknown length cannot be gone on with.
    const lent = this.#keeps && this.#length !== undefined;
    if (this.#keeps) await this.#save();
    if (lent) {
      this.#closeCopy();
      await this.#connection?.close();
      this.#connection = undefined;
    }
    if (lent || !this.#copy) this.#held?.release();
    if (this.#keeps) tellNews({ key, ...where, paused: true });
    tell({ status: 'paused', file, message: `Paused: ${file}`, ...where });
    await gate.passed();
    if (lent && this.#keeps) await this.#reopen(at);
    tell({ status: 'progress', file, message: `Fetching ${file}`, ...where });
    return true;
  }

  /** Takes the copy up again, with what another tab has added to it. */
  async #reopen(at: number): Promise<void> {
    const { file, fetching, start } = this;
    const { store } = this.keeping!;
    this.#safe = new Ranges();
    this.#held = await waitFor(file, fetching);
    try {
      const note = await store.note(file.key);
      const goesOn =
        note &&
        note.version === start.version &&
        note.length === this.#length &&
        new Ranges(note.safe).endFrom(0) >= at;
      if (goesOn) {
        const { key, name, url, model } = file;
        this.#copy = await store.open({
          key,
          name,
          url: shownOf(url),
          model,
          version: start.version!,
          length: this.#length!,
        });
        this.#safe = new Ranges(this.#copy.note.safe);
        this.#meter.loaded = this.#safe.bytes;
        return;
      }
      fetching.tell(notKept(file, undefined));
    } catch (error) {
      fetching.tell(notKept(file, error));
    }
    // It was deleted, or is another version's: that is not ours to write or remove.
    this.#keeps = false;
    this.#meter.loaded = at;
    this.#held.release();
  }

  /** Nothing more is kept. What is in the copy can still be read. */
  #giveUpKeeping(error: unknown): void {
    if (!this.#keeps) return;
    this.#keeps = false;
    this.#crew?.stop();
    this.#crew = undefined;
    this.fetching.tell(notKept(this.file, error));
  }

  async #finish(at: number, hash: Digest): Promise<void> {
    const { sha256, good } = hash.finish();
    const { name, url, expected } = this.file;
    if (!good) {
      throw await this.#spoiled(
        new ClozeError(
          'hash_mismatch',
          `${name} is not the file that was published: its hash is another one. It was not used. The server at ${new URL(url).host} or something on the way changes it: try again later, or take the model from elsewhere.`,
          { url: shownOf(url), sha256, expected: expected?.sha256 ?? expected?.git_oid },
        ),
      );
    }
    this.#verified = knownVersion(this.file) !== undefined;
    if (!this.#keeps) return;
    const now = Date.now();
    const whole = {
      safe: at > 0 ? [[0, at] as Span] : [],
      complete: true,
      length: at,
      sha256,
      etag: this.start.etag ?? null,
      verified: this.#verified,
      fetched: now,
      used: now,
    };
    await this.#copy!.save(whole).catch((error: unknown) => this.#giveUpKeeping(error));
  }

  /** Closes the copy; of one that is not whole, notes how far it is. */
  async #close(done: boolean): Promise<void> {
    if (this.#copy) {
      if (this.#keeps && !done) await this.#save();
      this.#closeCopy();
      if (!this.#keeps) await this.#remove();
      tellNews({ key: this.file.key });
    }
    this.#held?.release();
  }

  #closeCopy(): void {
    this.#copy?.close();
    this.#copy = undefined;
  }

  /** Gives up what came: its copy, and what the copy had. */
  async #spoiled(error: ClozeError): Promise<Spoiled> {
    if (this.#spoilt) return this.#spoilt;
    this.#spoilt = new Spoiled(error);
    this.#keeps = false;
    this.#crew?.stop();
    if (this.#copy) {
      this.#closeCopy();
      this.#safe = new Ranges();
      await this.#remove();
      tellNews({ key: this.file.key });
    }
    return this.#spoilt;
  }

  async #remove(): Promise<void> {
    await this.keeping?.store.remove(this.file.key).catch(() => undefined);
  }
}
