/** What of a download is kept: its copy in the storage. */
import * as words from '../../words/files/index.js';
import { Ranges, type Span } from '../bytes/ranges.js';
import { STORAGE_READ } from '../bytes/sizes.js';
import { announceChange } from '../storage/changes.js';
import { makeSpace } from '../storage/free-space.js';
import type { FileLock } from '../storage/lock.js';
import type { FileRecord } from '../storage/record.js';
import type { Store, WritableFile } from '../storage/store.js';
import type { DownloadContext, RemoteFile } from './incoming-file.js';
import { queueForLock } from './lock-queue.js';
import { noSpace, notStored, unreadable } from './problems.js';
import { withoutQuery } from './request.js';

/** Between two changes of the record, ms: a browser that is killed loses no more than arrived in between. */
const SAVE_EVERY = 500;

/** A file's place in the storage: what is there of it, and the right to write it. */
export interface StorageEntry {
  store: Store;
  record: FileRecord | undefined;
  lock: FileLock;
}

/** Which version of a file a copy is of. */
export interface Version {
  /** Undefined where nothing may be stored, as no other answer could be told to be of the same version. */
  version: string | undefined;
  /** Its length in bytes, if it is known. */
  length: number | undefined;
}

/** Opens a file's copy to be written. With a warning it takes nothing where there is no space, or the storage fails. */
export async function openCopy(
  file: RemoteFile,
  context: DownloadContext,
  entry: StorageEntry | undefined,
  { version, length }: Version,
): Promise<Copy> {
  if (!entry || version === undefined) return new Copy(file, context, entry, undefined);
  const { store, record } = entry;
  const there = record?.version === version ? new Ranges(record.safe).bytes : 0;
  let opened: WritableFile | undefined;
  try {
    if (await makeSpace(store, (length ?? 0) - there, file.model.id)) opened = await open(file, store, version, length);
    else context.tell(noSpace(file));
  } catch (error) {
    context.tell(notStored(file, error));
  }
  return new Copy(file, context, entry, opened);
}

const open = (
  { key, name, url, model }: RemoteFile,
  store: Store,
  version: string,
  length: number | undefined,
): Promise<WritableFile> => store.open({ key, name, url: withoutQuery(url), model, version, length: length ?? null });

/** The copy of a file that is stored while it arrives. Where nothing is stored, it is empty and takes nothing. */
export class Copy {
  /** Whether some of the file was there before. */
  readonly resumed: boolean;
  /** What can be read from the copy. */
  #present: Ranges;
  /** Undefined where there is none, and while another tab may write it. */
  #opened: WritableFile | undefined;
  /** Whether what arrives goes into the copy. */
  #writes: boolean;
  #saved = performance.now();
  /** For all reads of the copy: a download has thousands of them, and buffers are collected late. */
  #buffer: Uint8Array | undefined;
  #lock: FileLock | undefined;

  constructor(
    private readonly file: RemoteFile,
    private readonly context: DownloadContext,
    private readonly entry: StorageEntry | undefined,
    opened: WritableFile | undefined,
  ) {
    this.#lock = entry?.lock;
    this.#opened = opened;
    this.#writes = opened !== undefined;
    this.#present = new Ranges(opened?.record.safe);
    this.resumed = this.#present.bytes > 0;
  }

  /** What can be read from the copy. It grows with each write. */
  get present(): Ranges {
    return this.#present;
  }

  /** Whether bytes may be written in any order. */
  get any_order(): boolean {
    return this.#writes && this.#opened?.random_access === true;
  }

  /**
   * The bytes from `at` on that are there, in pieces that overwrite each other.
   *
   * @throws Interrupted `spoiled` if they cannot be read
   */
  async *read(at: number): AsyncGenerator<Uint8Array> {
    for (let end = this.#present.endFrom(at); this.#opened && at < end; end = this.#present.endFrom(at)) {
      this.#buffer ??= new Uint8Array(STORAGE_READ);
      const buffer = this.#buffer;
      const count = await this.#opened.read(buffer.subarray(0, end - at), at);
      if (count === 0) throw unreadable(this.file.name, words.copies.partUnreadable(this.file.name));
      yield buffer.subarray(0, count);
      at += count;
    }
  }

  /** Takes bytes. If the storage fails, it takes no more, with a warning; what is there can still be read. */
  async write(bytes: Uint8Array, at: number): Promise<void> {
    if (!this.#writes) return;
    try {
      await this.#opened!.write(bytes, at);
      this.#present.add(at, at + bytes.byteLength);
    } catch (error) {
      this.#giveUp(error);
    }
  }

  /** Records now and then how much is on disk, and tells other tabs. `total` is the file's length. */
  async saveNowAndThen(total: number | undefined): Promise<void> {
    if (!this.#writes || performance.now() - this.#saved <= SAVE_EVERY) return;
    await this.#saveProgress();
    announceChange({ key: this.file.key, loaded: this.#present.bytes, ...(total !== undefined && { total }) });
  }

  /** Records that the file is whole. */
  async complete(whole: {
    length: number;
    sha256: string;
    etag: string | undefined;
    verified: boolean;
  }): Promise<void> {
    if (!this.#writes) return;
    const now = Date.now();
    await this.#save({
      ...whole,
      safe: whole.length > 0 ? [[0, whole.length] as Span] : [],
      complete: true,
      etag: whole.etag ?? null,
      fetched: now,
      used: now,
    });
  }

  /**
   * While the load is paused another tab may go on with the file. Returns whether it may: a copy of unknown length
   * cannot be resumed.
   */
  async lend(where: { loaded: number; total?: number }): Promise<boolean> {
    if (this.#writes) await this.#saveProgress();
    const lent = this.#writes && where.total !== undefined;
    if (lent) this.#closeFile();
    if (!this.#opened) this.#lock?.release();
    if (this.#writes) announceChange({ key: this.file.key, ...where, paused: true });
    return lent;
  }

  /**
   * Takes a lent copy up again, with what another tab has added to it. Returns whether it is still a copy of this
   * version with the first `at` bytes; if not, it takes nothing any more, with a warning.
   */
  async takeBack(at: number, { version, length }: Version): Promise<boolean> {
    const { file, context } = this;
    const { store } = this.entry!;
    this.#present = new Ranges();
    this.#lock = await queueForLock(file, context);
    try {
      const record = await store.record(file.key);
      const same = record?.version === version && record?.length === length;
      if (same && new Ranges(record?.safe).endFrom(0) >= at) {
        this.#opened = await open(file, store, version!, length);
        this.#present = new Ranges(this.#opened.record.safe);
        return true;
      }
      context.tell(notStored(file, undefined));
    } catch (error) {
      context.tell(notStored(file, error));
    }
    // It was deleted, or is another version's, and not this load's to write or remove.
    this.#writes = false;
    this.#lock.release();
    return false;
  }

  /** Removes the copy: what came is not what it should be. */
  async discard(): Promise<void> {
    this.#writes = false;
    this.#present = new Ranges();
    if (!this.#opened) return;
    this.#closeFile();
    await this.remove();
    announceChange({ key: this.file.key });
  }

  /** Closes the copy. It stays if all of it, or some, is there; it goes if the storage failed. */
  async close(whole: boolean): Promise<void> {
    if (this.#opened) {
      if (this.#writes && !whole) await this.#saveProgress();
      this.#closeFile();
      if (!this.#writes) await this.remove();
      announceChange({ key: this.file.key });
    }
    this.#lock?.release();
  }

  /** Removes whatever is stored of the file. */
  async remove(): Promise<void> {
    await this.entry?.store.remove(this.file.key).catch(() => undefined);
  }

  async #saveProgress(): Promise<void> {
    this.#saved = performance.now();
    await this.#save({ safe: this.#present.spans, saved: Date.now() });
  }

  async #save(change: Partial<FileRecord>): Promise<void> {
    try {
      await this.#opened!.save(change);
    } catch (error) {
      this.#giveUp(error);
    }
  }

  #giveUp(error: unknown): void {
    if (!this.#writes) return;
    this.#writes = false;
    this.context.tell(notStored(this.file, error));
  }

  #closeFile(): void {
    this.#opened?.close();
    this.#opened = undefined;
  }
}
