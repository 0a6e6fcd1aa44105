/** The one exception by which a download steers itself. */
import type { ClozeError } from '../../border/errors.js';

/**
 * Why the bytes stopped coming before the end of the file:
 * - `connection`: the connection or the server failed; another request may do better.
 * - `no_ranges`: the server announced ranges of the file, and sent all of it when asked for one.
 * - `spoiled`: what came is not what it should be. Nothing of it is stored, and fetching all of it again may do better.
 */
export type Reason = 'connection' | 'no_ranges' | 'spoiled';

/** Bytes stopped coming, and something can be done about it. */
export class Interrupted extends Error {
  constructor(
    readonly reason: Reason,
    /** What to tell if nothing helps. */
    readonly error: ClozeError,
    /** How long the server asked to wait, ms. */
    readonly retry_after?: number,
  ) {
    super(error.message);
  }
}

/** Whether something thrown is an interruption for this reason. */
export const isInterrupted = (error: unknown, reason: Reason): error is Interrupted =>
  error instanceof Interrupted && error.reason === reason;

/** Tries once more if what came was spoiled. */
export async function retryIfSpoiled<T>(attempt: () => Promise<T>): Promise<T> {
  try {
    return await attempt();
  } catch (error) {
    if (!isInterrupted(error, 'spoiled')) throw error;
  }
  try {
    return await attempt();
  } catch (error) {
    throw isInterrupted(error, 'spoiled') ? error.error : error;
  }
}
