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
  const free = await lockIfFree(key);
  if (free) return free;
  waiting();
  return (await take(nameOf(key), {}))!;
}

/** The lock, if no tab fetches the file. */
export async function lockIfFree(key: string): Promise<Held | undefined> {
  return navigator.locks ? take(nameOf(key), { ifAvailable: true }) : { release: () => undefined };
}

const nameOf = (key: string): string => `cloze fetches ${key}`;

function take(name: string, options: LockOptions): Promise<Held | undefined> {
  return new Promise((resolve, reject) => {
    const work = (lock: Lock | null): Promise<void> | void => {
      if (!lock) return resolve(undefined);
      return new Promise((release) => resolve({ release }));
    };
    navigator.locks.request(name, options, work).catch(reject);
  });
}
