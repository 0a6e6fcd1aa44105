/** One tab at a time fetches a file. */

/** A lock that is held. */
export interface Held {
  release(): void;
}

/**
 * Waits until no other tab fetches the file; `waiting` is called if one does. The lock of a tab that is closed is free at
 * once. Where there are no locks, nothing can be kept by two tabs either.
 */
export async function lock(key: string, waiting: () => void): Promise<Held> {
  const { locks } = navigator;
  if (!locks) return { release: () => undefined };
  const name = `cloze fetches ${key}`;
  const free = await take(name, { ifAvailable: true });
  if (free) return free;
  waiting();
  return (await take(name, {}))!;
}

function take(name: string, options: LockOptions): Promise<Held | undefined> {
  return new Promise((resolve, reject) => {
    const work = (lock: Lock | null): Promise<void> | void => {
      if (!lock) return resolve(undefined);
      return new Promise((release) => resolve({ release }));
    };
    navigator.locks.request(name, options, work).catch(reject);
  });
}
