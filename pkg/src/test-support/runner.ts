/** A task's way to a fake model, for tests of one task. */
import { ModelClient } from '../page/client.js';
import { TaskRunner } from '../page/tasks/base.js';
import { FakeWorker, REQUEST } from './fake-worker.js';

/** Makes a runner, and the worker behind it. */
export async function fakeRunner(): Promise<{ runner: TaskRunner; worker: FakeWorker; released: () => boolean }> {
  const worker = new FakeWorker();
  const client = new ModelClient(REQUEST, () => worker);
  let released = false;
  const runner = new TaskRunner(client, await client.load(), () => (released = true));
  return { runner, worker, released: () => released };
}
