/** Models that several pipelines share: the same files in the same form are loaded once. */
import { startWorker, workerScript } from '../border/addresses.js';
import { ModelClient } from './client.js';
import type { LoadRequest } from '../border/load-request.js';

interface Entry {
  client: ModelClient;
  users: number;
}

const entries = new Map<string, Entry>();

/** A user's hold on a model. */
export interface Lease {
  client: ModelClient;
  /** Lets go; the last user's going ends the worker. */
  release(): void;
}

/** Starts a worker that has loaded nothing yet. */
export const makeWorker = (): Worker =>
  startWorker(
    workerScript(() => new Worker(new URL('./worker.js', import.meta.url), { type: 'module', name: 'cloze model' })),
  );

/** Takes hold of the model for a request, making its client if there is none. */
export function lease(
  request: LoadRequest,
  make: () => ModelClient = () => new ModelClient(request, makeWorker),
): Lease {
  const key = keyOf(request);
  const entry = entries.get(key) ?? { client: make(), users: 0 };
  entry.users += 1;
  entries.set(key, entry);
  let held = true;
  return {
    client: entry.client,
    release() {
      if (!held) return;
      held = false;
      entry.users -= 1;
      if (entry.users > 0) return;
      if (entries.get(key) === entry) entries.delete(key);
      entry.client.dispose();
    },
  };
}

/** What makes two requests ask for the same worker: not how the model was named, nor why there are no threads. */
function keyOf({ source, dtype, choice: { build, threads } }: LoadRequest): string {
  // Files from a disk have no name that tells them apart for sure, but the same objects are the same files.
  const place =
    source.kind === 'files'
      ? { ...source, files: source.files.map(numberOf) }
      : source.kind === 'directory'
        ? { ...source, directory: numberOf(source.directory) }
        : source.kind === 'default'
          ? source
          : { ...source, name: undefined };
  return JSON.stringify([place, dtype, build, threads]);
}

const numbers = new WeakMap<object, number>();
let nextNumber = 1;

/** A number of its own for each object. */
function numberOf(object: object): number {
  let number = numbers.get(object);
  if (number === undefined) numbers.set(object, (number = nextNumber++));
  return number;
}
