/** A file on its way from the network into the core and the storage. */
import { ClozeError } from '../errors.js';
import { makeRoom } from '../storage/room.js';
import { tellNews } from '../storage/news.js';
import type { Copy } from '../storage/store.js';
import { answer, broken, Connection, wait } from './connection.js';
import { Crew, WORTH } from './crew.js';
import { digest, type Digest } from './digest.js';
import { knownVersion, Spoiled, type Fetching, type IncomingFile, type Keeping, type RemoteFile } from './file.js';
import { Meter } from './meter.js';
import { Ranges, type Span } from './ranges.js';
import { extentOf, mayKeep, versionOf, type Extent } from './request.js';
import { Patience, Transient } from './retry.js';

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
    if (file.size !== undefined && extent.length !== undefined && extent.length !== file.size) throw wrongLength(file, extent.length);
    let copy: Copy | undefined;
    if (keeping && version !== undefined && (knownVersion(file) !== undefined || mayKeep(response.headers))) {
      copy = await openCopy(file, fetching, keeping, { version, length: length ?? null });
    }
    fetching.tell({ status: 'download', file: file.name, message: `Fetching ${file.name}` });
    const transfer = new Transfer(file, fetching, keeping, copy, { version, length, extent, response });
    return { name: file.name, total: length, pieces: transfer.pieces(), refuse: () => transfer.refuse() };
  } catch (error) {
    await response.body?.cancel().catch(() => undefined);
    throw error;
  }
}

/** The first answer: to the first missing byte of what is kept, if the server goes along, else to the first byte. */
async function first(file: RemoteFile, fetching: Fetching, keeping: Keeping | undefined): Promise<{ response: Response; extent: Extent }> {
  const { note } = keeping ?? {};
  const uncached = keeping !== undefined;
  const known = knownVersion(file);
  const goesOn = note !== undefined && note.length !== null && !note.complete && (known === undefined || note.version === known) && (file.size ?? note.length) === note.length;
  const from = goesOn ? (new Ranges(note.safe).missing(note.length!)[0]?.[0] ?? 0) : 0;
  if (from > 0) {
    const response = await answer(file.url, { uncached, span: [from, Infinity], version: known === undefined ? note!.version : undefined }, fetching).catch((error: unknown) => {
      if ((error as ClozeError).details?.['status'] === 416) return undefined;
      throw error;
    });
    if (response) {
      const extent = extentOf(response);
      const same = known !== undefined || versionOf(response.headers) === note!.version;
      if (response.status !== 206 || (same && extent.start === from && (extent.length ?? note!.length) === note!.length)) {
        return { response, extent: response.status === 206 ? { ...extent, length: note!.length! } : extent };
      }
      await response.body?.cancel().catch(() => undefined);
    }
  }
  const response = await answer(file.url, { uncached }, fetching);
  return { response, extent: extentOf(response) };
}

/** Opens the copy to write; undefined, with a warning, where there is no room. */
async function openCopy(file: RemoteFile, { tell }: Fetching, { store, note }: Keeping, { version, length }: { version: string; length: number | null }): Promise<Copy | undefined> {
  const { key, name, url, model } = file;
  const there = note?.version === version ? new Ranges(note.safe).bytes : 0;
  try {
    if (await makeRoom(store, (length ?? 0) - there, key)) return await store.open({ key, name, url, model, version, length });
    tell(noRoom(file));
  } catch (error) {
    tell(isQuota(error) ? noRoom(file) : { status: 'warning', code: 'no_storage', file: name, message: `${name} cannot be kept in this browser’s storage: it is fetched again the next time` });
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

const isQuota = (error: unknown): boolean => error instanceof DOMException && error.name === 'QuotaExceededError';

const wrongLength = ({ name, url, size }: RemoteFile, found: number): Spoiled =>
  new Spoiled(new ClozeError('hash_mismatch', `${name} has ${found} bytes instead of ${size}. The server at ${new URL(url).host} sends another file than the one that was published: try again later, or take the model from elsewhere.`, { url, found, expected: size }));

/** What the first answer told. */
interface Start {
  version: string | undefined;
  length: number | undefined;
  extent: Extent;
  response: Response;
}

class Transfer {
  /** What is in the copy; without one, nothing. */
  readonly #safe: Ranges;
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
  #saying = false;
  #verified = false;

  constructor(
    private readonly file: RemoteFile,
    private readonly fetching: Fetching,
    private readonly keeping: Keeping | undefined,
    private readonly copy: Copy | undefined,
    private readonly start: Start,
  ) {
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
    for (let end = this.#safe.endFrom(at); this.copy && at < end; end = this.#safe.endFrom(at)) {
      buffer ??= new Uint8Array(PIECE);
      const count = await this.copy.read(buffer.subarray(0, end - at), at);
      if (count === 0) throw await this.#spoiled(new ClozeError('network', `The kept part of ${this.file.name} cannot be read. Load it again.`, { file: this.file.name }));
      yield buffer.subarray(0, count);
      at += count;
    }
  }

  /** Lets several connections work if that is worth it; whether the byte at `at` is there now. */
  async #crewReached(at: number): Promise<boolean> {
    const length = this.#length;
    if (!this.#crew) {
      if (!this.#keeps || !this.copy!.anywhere || length === undefined || !this.start.extent.ranged || length - this.#safe.bytes < WORTH) return false;
      const first = this.#connection?.at === at ? this.#connection : undefined;
      if (!first) await this.#connection?.close();
      this.#connection = undefined;
      this.#crew = new Crew(
        {
          url: this.file.url,
          safe: this.#safe,
          length,
          fetching: this.fetching,
          connect: (span) => this.#connect(span),
          write: (bytes, where) => this.copy!.write(bytes, where),
          arrived: (bytes) => this.#arrived(bytes),
        },
        first,
      );
    }
    try {
      await this.#crew.reached(at);
      return true;
    } catch (error) {
      if (!isQuota(error) && this.#keeps) throw error;
      // What is there can still be read; the rest goes past the storage.
      await this.#outOfRoom();
      return false;
    }
  }

  /** The next bytes over one connection; undefined at the end of the file. */
  async #next(at: number): Promise<Uint8Array | undefined> {
    for (;;) {
      try {
        await this.#pause();
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
        if (this.file.size !== undefined && at + bytes.byteLength > this.file.size) throw await this.#spoiled(wrongLength(this.file, at + bytes.byteLength).error);
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
  async #ended(at: number, { whole }: Connection): Promise<void> {
    if (!whole && at !== this.#length) throw broken(this.file.url, at);
    if (this.file.size !== undefined && at !== this.file.size) throw await this.#spoiled(wrongLength(this.file, at).error);
    this.#length = at;
  }

  /** Another connection, to the same version. */
  async #connect(span: Span): Promise<Connection> {
    const { version, extent } = this.start;
    const asked = span[0] > 0 || Number.isFinite(span[1]);
    const known = knownVersion(this.file) !== undefined;
    const response = await answer(this.file.url, { uncached: this.copy !== undefined, ...(asked && extent.ranged && { span }), version: known ? undefined : version }, this.fetching);
    const found = extentOf(response);
    const length = found.length ?? this.#length;
    const same = known || versionOf(response.headers) === version;
    if (!same || length !== this.#length || Number.isNaN(found.start) || found.start > span[0]) {
      await response.body?.cancel().catch(() => undefined);
      throw await this.#spoiled(new ClozeError('network', `${this.file.name} changed on the server while it was being fetched. Load it again.`, { url: this.file.url }));
    }
    if (this.#crew && found.start !== span[0]) {
      await response.body?.cancel().catch(() => undefined);
      throw new Transient(new ClozeError('network', `The server at ${new URL(this.file.url).host} stopped giving parts of ${this.file.name}. Load it again.`, { url: this.file.url }));
    }
    return new Connection(response, this.file.url, found.start, this.fetching.pace.stalled);
  }

  async #keep(bytes: Uint8Array, at: number): Promise<void> {
    if (!this.#keeps) return;
    try {
      await this.copy!.write(bytes, at);
      this.#safe.add(at, at + bytes.byteLength);
    } catch {
      await this.#outOfRoom();
    }
  }

  /** Counts, tells, and notes what is on disk now and then. */
  async #arrived(bytes: number): Promise<void> {
    const { name: file, key } = this.file;
    this.#meter.add(bytes, (progress) => this.fetching.tell({ status: 'progress', file, message: `Fetching ${file}`, ...progress }));
    if (this.#keeps && performance.now() - this.#saved > SAVE_EVERY) {
      await this.#save();
      tellNews({ key, loaded: this.#safe.bytes, ...(this.#length !== undefined && { total: this.#length }) });
    }
    await this.#pause();
  }

  async #save(): Promise<void> {
    this.#saved = performance.now();
    try {
      await this.copy!.save({ safe: this.#safe.spans });
    } catch {
      await this.#outOfRoom();
    }
  }

  async #pause(): Promise<void> {
    const { gate, tell } = this.fetching;
    if (!gate.shut || this.#saying) return gate.passed();
    this.#saying = true;
    const { name: file, key } = this.file;
    const where = { loaded: this.#meter.loaded, ...(this.#length !== undefined && { total: this.#length }) };
    if (this.#keeps) {
      await this.#save();
      tellNews({ key, ...where, paused: true });
    }
    tell({ status: 'paused', file, message: `Paused: ${file}`, ...where });
    await gate.passed();
    this.#saying = false;
    tell({ status: 'progress', file, message: `Fetching ${file}`, ...where });
  }

  /** Nothing more is kept. What is in the copy can still be read. */
  async #outOfRoom(): Promise<void> {
    if (!this.#keeps) return;
    this.#keeps = false;
    this.#crew?.stop();
    this.#crew = undefined;
    this.fetching.tell(noRoom(this.file));
  }

  async #finish(at: number, hash: Digest): Promise<void> {
    const { sha256, good } = hash.finish();
    const { name, url, expected } = this.file;
    if (!good) {
      throw await this.#spoiled(
        new ClozeError(
          'hash_mismatch',
          `${name} is not the file that was published: its hash is another one. It was not used. The server at ${new URL(url).host} or something on the way changes it: try again later, or take the model from elsewhere.`,
          { url, sha256, expected: expected?.sha256 ?? expected?.git_oid },
        ),
      );
    }
    this.#verified = knownVersion(this.file) !== undefined;
    if (!this.#keeps) return;
    const now = Date.now();
    await this.copy!.save({ safe: at > 0 ? [[0, at]] : [], complete: true, length: at, sha256, verified: this.#verified, fetched: now, used: now }).catch(() => this.#outOfRoom());
  }

  /** Closes the copy; of one that is not whole, notes how far it is. */
  async #close(done: boolean): Promise<void> {
    if (!this.copy) return this.keeping?.held.release();
    if (this.#keeps && !done && !this.#closed) await this.#save();
    await this.#closeCopy();
    if (!this.#keeps) await this.#remove();
    this.keeping?.held.release();
    tellNews({ key: this.file.key });
  }

  #closed = false;

  async #closeCopy(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.copy?.close();
  }

  /** Gives up what came. */
  async #spoiled(error: ClozeError): Promise<Spoiled> {
    this.#keeps = false;
    this.#crew?.stop();
    await this.#closeCopy();
    await this.#remove();
    return new Spoiled(error);
  }

  async #remove(): Promise<void> {
    await this.keeping?.store.remove(this.file.key).catch(() => undefined);
  }
}
