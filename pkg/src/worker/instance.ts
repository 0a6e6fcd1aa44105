/** An instance of the wasm core in the worker, with its threads. */
import { startWorker, workerScript } from '../border/addresses.js';
import { compile, type FetchListener } from './compile.js';
import type { Core } from './core.js';
import { ClozeError } from '../border/errors.js';
import { workerWords as say } from '../words/worker/index.js';
import type { Start } from './serve.js';
import type { ThreadAnswer, ThreadStart } from './thread.js';
import { BUILDS } from './wasm-builds.js';

/** Loads the build and starts its threads; see {@link ThreadStart} for `alarm`. */
export async function instantiate({ build, threads, wasm, alarm }: Start, listener?: FetchListener): Promise<Core> {
  const core = BUILDS[build];
  const module = await compile(new URL(wasm), listener);
  const { memory } = await core.default({ module_or_path: module });
  if (build === 'relaxed-simd-threads') await startThreads(core, threads, { module, memory, alarm });
  return core;
}

async function startThreads(core: Core, threads: number, start: ThreadStart): Promise<void> {
  if (!core.startThread) throw new ClozeError('internal', say.noThreads);
  // This worker is one of the threads itself.
  // A constant name: bundlers read these options without running them.
  const script = workerScript(
    () => new Worker(new URL('./thread.js', import.meta.url), { type: 'module', name: 'cloze thread' }),
  );
  const workers = Array.from({ length: threads - 1 }, () => startWorker(script));
  try {
    await Promise.all(workers.map((worker) => startThread(worker, start)));
  } catch (error) {
    workers.forEach((worker) => worker.terminate());
    throw error;
  }
}

function startThread(worker: Worker, start: ThreadStart): Promise<void> {
  return new Promise((resolve, reject) => {
    const fail = (message: string): void => reject(new ClozeError('worker_failed', say.threadNotStarted(message)));
    worker.addEventListener(
      'message',
      ({ data }: MessageEvent<ThreadAnswer>) => (data.ready ? resolve() : fail(data.message)),
      { once: true },
    );
    worker.addEventListener('error', (event) => fail(event.message || 'its script could not be loaded'), {
      once: true,
    });
    worker.postMessage(start);
  });
}
