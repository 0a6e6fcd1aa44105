/** When to try again, and when to stop trying. */
import { isInterrupted } from './interrupted.js';

/** How patient a download is. */
export interface Pace {
  /** Tries in a row without a byte, until it gives up. */
  tries: number;
  /** Before the second try, ms; twice as long before each one after that. */
  delay: number;
  /** The longest wait that a server may ask for (`Retry-After`), ms. */
  longest: number;
  /** A connection without a byte for so long counts as broken, ms. */
  stalled: number;
}

/** The usual patience: some 15 s without a byte. */
export const PACE: Pace = { tries: 6, delay: 500, longest: 120_000, stalled: 30_000 };

/** `Retry-After` in ms: seconds or a date. */
export function retryAfter(header: string | null, now = Date.now()): number | undefined {
  if (header === null) return undefined;
  if (/^\s*\d+\s*$/u.test(header)) return Number(header) * 1000;
  const date = Date.parse(header);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}

/** Counts the failures of one download in a row. */
export class Patience {
  #failures = 0;

  constructor(
    private readonly pace: Pace,
    private readonly random: () => number = Math.random,
  ) {}

  /** Bytes came. */
  progress(): void {
    this.#failures = 0;
  }

  /**
   * How long to wait after a failure, ms. Longer from time to time, and by chance, so that many clients do not come back
   * at once.
   *
   * @throws what was thrown, if it will not go away by waiting or was waited for long enough
   */
  after(thrown: unknown): number {
    if (!isInterrupted(thrown, 'connection')) throw thrown;
    this.#failures++;
    if (this.#failures >= this.pace.tries || (thrown.retry_after ?? 0) > this.pace.longest) throw thrown.error;
    return Math.max(thrown.retry_after ?? 0, this.pace.delay * 2 ** (this.#failures - 1) * (0.75 + this.random() / 2));
  }
}
