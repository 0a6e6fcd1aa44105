/** Calls that can be stopped. */
import { aborted } from '../border/errors.js';

/** Waits, but no longer than until `signal` aborts: then it rejects with code `aborted`, saying that `what` was stopped. */
export async function untilAborted<T>(
  promise: Promise<T>,
  signal: AbortSignal | undefined,
  what = 'Loading',
): Promise<T> {
  if (!signal) return promise;
  let onAbort = (): void => undefined;
  const stop = new Promise<never>((_, reject) => {
    onAbort = () => reject(aborted(what));
    if (signal.aborted) onAbort();
    else signal.addEventListener('abort', onAbort, { once: true });
  });
  try {
    return await Promise.race([promise, stop]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}

/** A controller that aborts with `signal`, and how to part the two. */
export function followAbort(signal: AbortSignal | undefined): { controller: AbortController; unfollow: () => void } {
  const controller = new AbortController();
  const follow = (): void => controller.abort();
  if (signal?.aborted) follow();
  signal?.addEventListener('abort', follow, { once: true });
  return { controller, unfollow: () => signal?.removeEventListener('abort', follow) };
}
