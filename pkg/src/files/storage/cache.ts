/** The Cache API, where there is no file system: a file in parts, which are answers to addresses that lead nowhere. */
import { CACHE_PART } from '../bytes/sizes.js';
import { canResume, emptyRecord, parseRecord, type FileIdentity, type FileRecord, type FileState } from './record.js';
import { hashed, type ReadableFile, type Store, type WritableFile } from './store.js';

const CACHE = 'cloze-models';
/** What follows a file's address where its record is. */
const RECORD = 'note';

/** Undefined where there is none, or it is closed to this page. */
export async function cacheStore(): Promise<Store | undefined> {
  try {
    const cache = await caches.open(CACHE);
    // Firefox opens it in private windows and refuses to use it.
    await cache.match(addressOf('', RECORD));
    return new CacheStore(cache);
  } catch {
    return undefined;
  }
}

/** The address of a file's record or of one of its parts; `name` is the file's key, hashed. */
const addressOf = (name: string, part: string | number): string =>
  new URL(`/cloze-kept/${name}/${part}`, location.origin).href;

class CacheStore implements Store {
  readonly kind = 'cache';

  constructor(private readonly cache: Cache) {}

  async records(): Promise<FileRecord[]> {
    const records: FileRecord[] = [];
    for (const { url } of await this.cache.keys()) {
      const record = url.endsWith(`/${RECORD}`) ? await this.#recordAt(url) : undefined;
      if (record) records.push(record);
    }
    return records;
  }

  async record(key: string): Promise<FileRecord | undefined> {
    return this.#recordAt(addressOf(await hashed(key), RECORD));
  }

  async amend(key: string, change: Partial<FileState>): Promise<void> {
    const record = await this.record(key);
    if (record) await writeRecord(this.cache, await hashed(key), { ...record, ...change }).catch(() => undefined);
  }

  async open(identity: FileIdentity): Promise<WritableFile> {
    const name = await hashed(identity.key);
    const before = await this.record(identity.key);
    if (canResume(before, identity)) {
      const length = before.safe[0]?.[1] ?? 0;
      // The last part may be a piece of one.
      const last = await readPart(this.cache, name, Math.floor(length / CACHE_PART));
      return new CachedFile(this.cache, name, before, length, last);
    }
    const record = emptyRecord(identity);
    await this.#clear(name);
    await writeRecord(this.cache, name, record);
    return new CachedFile(this.cache, name, record, 0, new Uint8Array());
  }

  async reader(key: string): Promise<ReadableFile> {
    return new CachedFileReader(this.cache, await hashed(key));
  }

  async *pieces({ key }: FileRecord): AsyncGenerator<Uint8Array> {
    const name = await hashed(key);
    for (let index = 0; ; index++) {
      const part = await readPart(this.cache, name, index);
      if (part.byteLength === 0) return;
      yield part;
    }
  }

  async remove(key: string): Promise<void> {
    await this.#clear(await hashed(key));
  }

  async tidy(): Promise<void> {
    const folderOf = (url: string): string => url.slice(0, url.lastIndexOf('/') + 1);
    const urls = (await this.cache.keys()).map(({ url }) => url);
    const recorded = new Set(urls.filter((url) => url.endsWith(`/${RECORD}`)).map(folderOf));
    for (const url of urls) if (!recorded.has(folderOf(url))) await this.cache.delete(url);
  }

  async #recordAt(url: string): Promise<FileRecord | undefined> {
    const found = await this.cache.match(url);
    return found && parseRecord(await found.text());
  }

  /** Removes a file's parts and its record. */
  async #clear(name: string): Promise<void> {
    const start = addressOf(name, '');
    for (const { url } of await this.cache.keys()) if (url.startsWith(start)) await this.cache.delete(url);
  }
}

/** A file that is read; the part that was read last is held. */
class CachedFileReader implements ReadableFile {
  #index = -1;
  #part = new Uint8Array();

  constructor(
    protected readonly cache: Cache,
    protected readonly name: string,
  ) {}

  async read(buffer: Uint8Array, at: number): Promise<number> {
    const index = Math.floor(at / CACHE_PART);
    if (this.#index !== index) {
      this.#part = await readPart(this.cache, this.name, index);
      this.#index = index;
    }
    const bytes = this.#part.subarray(at - index * CACHE_PART).subarray(0, buffer.byteLength);
    buffer.set(bytes);
    return bytes.byteLength;
  }

  close(): void {
    this.#part = new Uint8Array();
    this.#index = -1;
  }
}

/** A file that is written from its beginning to its end: a part is put into the cache once it is full, or saved. */
class CachedFile extends CachedFileReader implements WritableFile {
  readonly random_access = false;
  /** The part that is being filled. */
  #filling = new Uint8Array(CACHE_PART);

  /** `last` is what the cache has of the part that `length` bytes end in. */
  constructor(
    cache: Cache,
    name: string,
    readonly record: FileRecord,
    private length: number,
    last: Uint8Array,
  ) {
    super(cache, name);
    this.#filling.set(last);
  }

  async write(bytes: Uint8Array, at: number): Promise<void> {
    if (at !== this.length) throw new Error('parts are written one after the other');
    for (let done = 0; done < bytes.byteLength;) {
      const start = this.length % CACHE_PART;
      const count = Math.min(CACHE_PART - start, bytes.byteLength - done);
      this.#filling.set(bytes.subarray(done, done + count), start);
      done += count;
      this.length += count;
      if (this.length % CACHE_PART === 0) await this.#putPart();
    }
  }

  async save(change: Partial<FileRecord>): Promise<void> {
    if (this.length % CACHE_PART !== 0) await this.#putPart();
    await writeRecord(this.cache, this.name, Object.assign(this.record, change));
  }

  override close(): void {
    super.close();
    this.#filling = new Uint8Array();
  }

  /** Puts the part that the last byte is in. */
  async #putPart(): Promise<void> {
    const index = Math.ceil(this.length / CACHE_PART) - 1;
    const bytes = this.#filling.slice(0, this.length - index * CACHE_PART);
    await this.cache.put(addressOf(this.name, index), new Response(bytes));
  }
}

const writeRecord = (cache: Cache, name: string, record: FileRecord): Promise<void> =>
  cache.put(addressOf(name, RECORD), new Response(JSON.stringify(record)));

/** A part of a file; empty where there is none. */
async function readPart(cache: Cache, name: string, index: number): Promise<Uint8Array<ArrayBuffer>> {
  const found = await cache.match(addressOf(name, index));
  return new Uint8Array(found ? await found.arrayBuffer() : new ArrayBuffer(0));
}
