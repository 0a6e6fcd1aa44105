/** Where this code runs: a model needs a place that has workers. */
import { ClozeError } from '../border/errors.js';
import { workerErrors } from '../words/page/index.js';

/** @throws ClozeError `unsupported_browser` where there are no workers, saying where there are */
export function requireWorkers(): void {
  if (typeof Worker === 'undefined') throw new ClozeError('unsupported_browser', workerErrors.noWorkers[whereabouts()]);
}

function whereabouts(): keyof typeof workerErrors.noWorkers {
  if ('ServiceWorkerGlobalScope' in globalThis) return 'serviceWorker';
  if ('SharedWorkerGlobalScope' in globalThis) return 'sharedWorker';
  return 'document' in globalThis || 'WorkerGlobalScope' in globalThis ? 'other' : 'node';
}
