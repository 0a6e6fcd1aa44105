/** How far a download is, and how fast. */

/** Between two messages, ms. */
const INTERVAL = 100;
/** How far back the rate looks, ms. */
const WINDOW = 2000;

/** Where a download stands. */
export interface ProgressReport {
  loaded: number;
  total?: number;
  /** Bytes per second over the last two seconds. */
  rate?: number;
  /** Until the end, at that rate. */
  seconds_left?: number;
}

/** Counts the bytes of one download, and reports now and then. */
export class Progress {
  loaded: number;
  #last = Number.NEGATIVE_INFINITY;
  /** Time and bytes, oldest first, within the window. */
  readonly #marks: [number, number][] = [];

  constructor(
    private readonly total: number | undefined,
    private readonly now: () => number = () => performance.now(),
    /** Bytes that were there before; they say nothing of the rate. */
    before = 0,
  ) {
    this.loaded = before;
    if (before > 0) this.#marks.push([now(), before]);
  }

  /** Counts bytes; calls `tell` if {@link INTERVAL} has passed, and always at the end. */
  add(bytes: number, tell: (report: ProgressReport) => void): void {
    this.loaded += bytes;
    const time = this.now();
    const complete = this.loaded === this.total;
    if (time - this.#last < INTERVAL && !complete) return;
    this.#last = time;
    this.#marks.push([time, this.loaded]);
    while (this.#marks.length > 2 && time - this.#marks[0]![0] > WINDOW) this.#marks.shift();
    const [start, before] = this.#marks[0]!;
    const seconds = (time - start) / 1000;
    const rate = seconds > 0 ? (this.loaded - before) / seconds : 0;
    const left = this.total === undefined ? Number.NaN : this.total - this.loaded;
    tell({
      loaded: this.loaded,
      ...(this.total === undefined ? {} : { total: this.total }),
      ...(seconds > 0 ? { rate } : {}),
      ...(rate > 0 && left >= 0 ? { seconds_left: left / rate } : {}),
    });
  }
}
