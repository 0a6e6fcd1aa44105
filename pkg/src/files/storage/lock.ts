/** One tab at a time fetches a file. */

/** The right to write one file. */
export interface FileLock {
  release(): void;
}

/**
 * Waits until no other tab fetches the file; `onWait` is called if one does. The lock of a tab that is closed is free at
 * once. Where there are no locks, two tabs cannot store anything either.
 */
export async function lockFile(key: string, onWait: () => void): Promise<FileLock> {
  const free = await tryLockFile(key);
  if (free) return free;
  onWait();
  return (await request(lockName(key), {}))!;
}

/** The lock, if no tab fetches the file. */
export async function tryLockFile(key: string): Promise<FileLock | undefined> {
  return globalThis.navigator?.locks ? request(lockName(key), { ifAvailable: true }) : { release: () => undefined };
}

/** What the lock of a file is called. */
export const lockName = (key: string): string => `cloze fetches ${key}`;

/** A Web Lock is held as long as the promise that its callback returns is open. */
function request(name: string, options: LockOptions): Promise<FileLock | undefined> {
  return new Promise((resolve, reject) => {
    const granted = (lock: Lock | null): Promise<void> | void => {
      if (!lock) return resolve(undefined);
      return new Promise((release) => resolve({ release }));
    };
    navigator.locks.request(name, options, granted).catch(reject);
  });
}
