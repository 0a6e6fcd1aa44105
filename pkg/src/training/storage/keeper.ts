/** Keeps a run: its snapshots by turns in two files, and the log behind what is there. Only in workers. */
import { ClozeError } from '../../border/errors.js';
import { trainingErrors as say } from '../../words/training/index.js';
import { announceRuns } from './changes.js';
import { logLines, snapshotParts, type Facts, type LogEntry, type SnapshotFacts } from './format.js';
import { holdRun, type Slot } from './kept.js';
import { openRunStore, type RunFiles } from './run-store.js';

/** The right to write a run. */
interface Hold {
  release(): void;
}

/** Where a run that goes on was left. */
type Left = Pick<SnapshotFacts, 'sequence' | 'log'> & { slot: Slot };

/** The files of one run, held by this worker. */
export class Keeper {
  #left: Left = { sequence: 0, log: 0, slot: 'b' };
  #hold: Hold | undefined;
  #files: RunFiles | undefined;
  /** What a new run is made from, until it is on disk. */
  #source: (() => readonly Uint8Array[]) | undefined;
  /** Lines that are not on disk yet. */
  readonly #lines: LogEntry[] = [];
  #last: Promise<unknown> = Promise.resolve();

  private constructor(private readonly id: string) {}

  /** For a new run, with the parts of what it is made from; its files are made when it is saved. */
  static of(id: string, source: () => readonly Uint8Array[]): Keeper {
    const keeper = new Keeper(id);
    keeper.#source = source;
    return keeper;
  }

  /** For a run that goes on, whose lock is held. */
  static resume(id: string, hold: Hold, left: Left): Keeper {
    const keeper = new Keeper(id);
    keeper.#hold = hold;
    keeper.#left = left;
    return keeper;
  }

  /** A line of the log, to be written with the next snapshot. */
  note(entry: LogEntry): void {
    this.#lines.push(entry);
  }

  /** Whether there are lines that are not on disk yet. */
  get pending(): boolean {
    return this.#lines.length > 0;
  }

  /**
   * Writes a snapshot into the older file; what was noted before belongs to it. Returns its bytes.
   *
   * @throws ClozeError `storage_full`, `not_kept`; the newer file is as it was, and the next call tries again
   */
  save(facts: Facts, checkpoint: Uint8Array): Promise<number> {
    const count = this.#lines.length;
    const saving = this.#last.then(() =>
      this.#save(facts, checkpoint, count).catch((error: unknown) => {
        throw refused(error);
      }),
    );
    this.#last = saving.catch(() => undefined);
    return saving;
  }

  async #save(facts: Facts, checkpoint: Uint8Array, count: number): Promise<number> {
    const files = (this.#files ??= await this.#open());
    if (this.#source !== undefined) {
      await files.write('text', 0, this.#source());
      this.#source = undefined;
    }
    const { slot, sequence, log } = this.#left;
    const lines = logLines(this.#lines.slice(0, count));
    if (lines.byteLength > 0) await files.write('log', log, [lines]);
    const next: Left = { slot: slot === 'a' ? 'b' : 'a', sequence: sequence + 1, log: log + lines.byteLength };
    const { slot: file, ...place } = next;
    const parts = await snapshotParts({ ...facts, ...place, saved: Date.now() }, checkpoint);
    await files.write(file, 0, parts);
    this.#left = next;
    this.#lines.splice(0, count);
    announceRuns();
    return parts.reduce((sum, { byteLength }) => sum + byteLength, 0);
  }

  async #open(): Promise<RunFiles> {
    const store = await openRunStore();
    if (!store) throw new ClozeError('not_kept', say.notKept);
    this.#hold ??= await holdRun(this.id);
    return store.open(this.id);
  }

  /** Lets go of the files, once what is being written is there. */
  async close(): Promise<void> {
    await this.#last;
    this.#files?.close();
    this.#hold?.release();
    announceRuns();
  }
}

/** What the browser refused, as an error of the package. */
function refused(error: unknown): ClozeError {
  if (error instanceof ClozeError) return error;
  const { name, message } = error as Partial<DOMException>;
  if (name === 'QuotaExceededError') return new ClozeError('storage_full', say.storageFull, {}, { cause: error });
  return new ClozeError('not_kept', say.notKeptFor(String(message)), {}, { cause: error });
}
