import { beforeEach, expect, test, vi } from 'vitest';
import { FakeHost } from '../../test-support/fake-host.js';
import { RunController } from './run.js';

let host: FakeHost;
let runs: RunController;
const listener = { done: vi.fn(), stopped: vi.fn(), failed: vi.fn() };

beforeEach(() => {
  vi.clearAllMocks();
  host = new FakeHost();
  runs = new RunController(host.asHost);
});

/** Work that ends when it is told to, and is stopped by its signal. */
function pending() {
  let resolve: (value: string) => void = () => undefined;
  const work = (signal: AbortSignal): Promise<string> =>
    new Promise((done, reject) => {
      resolve = done;
      signal.addEventListener('abort', () => reject(new DOMException('', 'AbortError')));
    });
  return { work, end: (value: string) => resolve(value) };
}

test('a run that ends gives its result', async () => {
  const { work, end } = pending();
  const run = runs.run(work, listener);
  expect(runs.running).toBe(true);
  end('yes');
  expect(await run).toBe('yes');
  expect(listener.done).toHaveBeenCalledWith('yes');
  expect(runs.running).toBe(false);
});

test('a later run replaces it, and it says nothing', async () => {
  const first = runs.run(pending().work, listener);
  const second = pending();
  const later = runs.run(second.work, listener);
  expect(await first).toBeUndefined();
  expect(runs.running).toBe(true);
  second.end('second');
  await later;
  expect(listener.done.mock.calls).toEqual([['second']]);
  expect(listener.stopped).not.toHaveBeenCalled();
});

test('stop ends it; the focus goes from the button that goes', async () => {
  const run = runs.run(pending().work, listener);
  host.shadowRoot.activeElement = { id: 'stop' };
  runs.stop();
  expect(await run).toBeUndefined();
  expect(listener.stopped).toHaveBeenCalledOnce();
  expect(host.focused).toBe('run');
});

test('a failure is told; an error with code aborted is a stop', async () => {
  await runs.run(() => Promise.reject(new Error('broken')), listener);
  expect(listener.failed).toHaveBeenCalledOnce();
  await runs.run(() => Promise.reject(Object.assign(new Error('x'), { code: 'aborted' })), listener);
  expect(listener.stopped).toHaveBeenCalledOnce();
});

test('a run ends with its element, not with a move of it', async () => {
  const { work, end } = pending();
  const run = runs.run(work, listener);
  await host.disconnect({ moved: true });
  end('moved');
  expect(await run).toBe('moved');
  const other = runs.run(pending().work, listener);
  await host.disconnect();
  expect(await other).toBeUndefined();
});
