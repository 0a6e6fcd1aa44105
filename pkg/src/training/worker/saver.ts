/** Keeps what learns: every few seconds, where it rests, and at its end. */
import { ClozeError, toData } from '../../border/errors.js';
import { trainingErrors as say } from '../../words/training/index.js';
import type { TrainingNews } from '../protocol.js';
import type { Facts, LogEntry } from '../storage/format.js';
import type { Keeper } from '../storage/keeper.js';
import { isRefusal } from './session.js';

/** Saving takes at most this share of the time. */
const SAVING_SHARE = 0.1;
/** A larger checkpoint has no room beside what learns. */
const MOST_BYTES = 512 * 2 ** 20;

/** What it is made of. */
export interface SaverParts {
  keeper: Keeper;
  /** Seconds between two savings; 0: after each step. */
  every: number;
  /** Steps that are kept already. */
  kept?: number;
  steps(): number;
  facts(): Facts;
  checkpoint(): Uint8Array;
  /** Bytes of a checkpoint, before it is made. */
  size?(): number;
  tell(news: TrainingNews): void;
}

/** Saves one thing that learns. */
export class Saver {
  /** Steps that are kept, and when the next ones are to be. */
  #saved: number;
  #next = 0;
  #every = 0;
  #touched = false;

  constructor(private readonly parts: SaverParts) {
    this.#saved = parts.kept ?? -1;
    this.every = parts.every;
  }

  /** Seconds between two savings. */
  set every(seconds: number) {
    this.#every = seconds;
    this.#next = seconds === 0 ? 0 : performance.now() + seconds * 1000;
  }

  get every(): number {
    return this.#every;
  }

  /** A line of the log, to be kept with the next snapshot. */
  note(entry: LogEntry): void {
    this.parts.keeper.note(entry);
  }

  /** Something other than a step has changed. */
  touch(): void {
    this.#touched = true;
  }

  /** Saves if it is time, or all steps are done. */
  async due(over: boolean): Promise<void> {
    if (!over && performance.now() < this.#next) return;
    const before = performance.now();
    await this.trySave();
    const took = performance.now() - before;
    this.#next = this.#every === 0 ? 0 : before + Math.max(this.#every * 1000, took / SAVING_SHARE);
  }

  /** Saves, or says why it cannot. */
  async trySave(): Promise<void> {
    try {
      await this.save();
    } catch (error) {
      if (!isRefusal(error)) throw error;
      this.parts.tell({ type: 'unsaved', error: toData(error) });
    }
  }

  /** @throws ClozeError `storage_full`, `not_kept` */
  async save(): Promise<void> {
    const { parts } = this;
    const { keeper } = parts;
    const step = parts.steps();
    if (this.#saved === step && !keeper.pending && !this.#touched) return;
    if ((parts.size?.() ?? 0) > MOST_BYTES) throw new ClozeError('not_kept', say.tooLarge);
    this.#touched = false;
    const checkpoint = parts.checkpoint();
    try {
      const bytes = await keeper.save(parts.facts(), checkpoint);
      this.#saved = step;
      parts.tell({ type: 'saved', step, bytes });
    } catch (error) {
      this.#touched = true;
      throw error;
    } finally {
      release(checkpoint);
    }
  }

  /** Saves a last time, and lets go of the files. */
  async close(): Promise<void> {
    await this.trySave();
    await this.parts.keeper.close();
  }
}

/** Frees the bytes at once. The browser's collector takes its time: checkpoints of half a minute would lie in memory together. */
function release({ buffer }: Uint8Array): void {
  // Browsers before 2024 may lack it.
  if (buffer.byteLength > 0) (buffer as { transfer?(length: number): unknown }).transfer?.(0);
}
