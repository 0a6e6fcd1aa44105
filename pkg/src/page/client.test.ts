import { describe, expect, test } from 'vitest';
import { advised, ModelClient } from './client.js';
import { ClozeError, crashed, toData, type ErrorData } from '../border/errors.js';
import type { LoadRequest } from '../border/load-request.js';
import type { GenerationEvent } from '../border/protocol.js';
import { FakeWorker, REQUEST } from '../test-support/fake-worker.js';
import type { ProgressInfo } from '../border/types.js';

/** A client with the workers it made, in order. */
function connect(
  request: LoadRequest = REQUEST,
  make: () => FakeWorker = () => new FakeWorker(),
): { client: ModelClient; workers: FakeWorker[] } {
  const workers: FakeWorker[] = [];
  const client = new ModelClient(request, () => {
    workers.push(make());
    return workers.at(-1)!;
  });
  return { client, workers };
}

const generate = (
  client: ModelClient,
  prompt: string,
  max_new_tokens = 3,
  signal?: AbortSignal,
  on_event?: (event: GenerationEvent) => void,
) => client.call('generate', { prompt, options: { max_new_tokens } }, { signal, ...(on_event && { on_event }) });
const code = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => 'none',
    (error: unknown) => (error instanceof ClozeError ? error.code : String(error)),
  );

test('the first call loads the model, once', async () => {
  const { client, workers } = connect();
  const told: ProgressInfo[] = [];
  client.onProgress((progress) => told.push(progress));
  await Promise.all([generate(client, 'a'), generate(client, 'b'), client.load()]);
  expect(workers).toHaveLength(1);
  expect(workers[0]!.received.map(({ call }) => call)).toEqual(['load', 'generate', 'generate']);
  expect(told.at(-1)?.status).toBe('ready');
});

test('answers and events go to their own call', async () => {
  const { client } = connect();
  const [one, two]: [string[], string[]] = [[], []];
  const hear = (heard: string[]) => (event: GenerationEvent) =>
    void (event.type === 'token' && heard.push(event.token.text));
  const [first, second] = await Promise.all([
    generate(client, 'a', 2, undefined, hear(one)),
    generate(client, 'b', 4, undefined, hear(two)),
  ]);
  expect(first.text).toBe(' w0 w1');
  expect(second.text).toBe(' w0 w1 w2 w3');
  expect([one.length, two.length]).toEqual([2, 4]);
});

test('an abort rejects at once; the next call is not touched', async () => {
  const { client } = connect();
  const stop = new AbortController();
  let heard = 0;
  const first = generate(client, 'a', 1_000_000, stop.signal, () => {
    heard++;
    if (heard === 3) stop.abort();
  });
  const second = generate(client, 'b', 2);
  expect(await code(first)).toBe('aborted');
  expect((await second).text).toBe(' w0 w1');
  expect(heard).toBe(3);
});

test('what cannot be sent is refused', async () => {
  const { client } = connect();
  await expect(client.call('fill_mask', { text: 'x', options: { top_k: (() => 1) as never } })).rejects.toMatchObject({
    code: 'invalid_option',
  });
});

test('a signal that was aborted before asks nothing', async () => {
  const { client, workers } = connect();
  expect(await code(generate(client, 'a', 1, AbortSignal.abort()))).toBe('aborted');
  expect(workers).toHaveLength(0);
});

test('a call can be stopped while the model loads; the load goes on', async () => {
  const { client } = connect();
  const stop = new AbortController();
  const call = generate(client, 'a', 1, stop.signal);
  stop.abort();
  expect(await code(call)).toBe('aborted');
  expect((await client.load()).info.model_type).toBe('gpt2');
});

test('a crash rejects all calls under way and the next call gets a fresh worker with the model', async () => {
  const { client, workers } = connect();
  const [crashing, waiting] = [code(generate(client, 'trap')), code(generate(client, 'waiting'))];
  expect([await crashing, await waiting]).toEqual(['worker_failed', 'worker_failed']);
  expect(workers[0]!.terminated).toBe(true);
  expect((await generate(client, 'again', 1)).text).toBe(' w0');
  expect(workers).toHaveLength(2);
});

test('each rejected call has an error of its own', async () => {
  const { client } = connect();
  const errors = await Promise.all(
    [generate(client, 'trap'), generate(client, 'b')].map((call) => call.catch((error: unknown) => error)),
  );
  expect(errors[0]).not.toBe(errors[1]);
});

test('a worker whose script fails', async () => {
  const { client, workers } = connect();
  const loading = client.load();
  workers[0]!.fail();
  await expect(loading).rejects.toMatchObject({
    code: 'worker_failed',
    message: expect.stringContaining('worker-src') as string,
  });
  await client.load();
  const again = generate(client, 'a', 1_000_000);
  await new Promise((resolve) => setImmediate(resolve));
  workers[1]!.fail('ReferenceError: x is not defined');
  await expect(again).rejects.toMatchObject({
    code: 'worker_failed',
    message: expect.stringContaining('ReferenceError') as string,
  });
});

test('a worker that cannot be made', async () => {
  let attempts = 0;
  const client = new ModelClient(REQUEST, () => {
    attempts++;
    throw new DOMException('Script cannot be accessed from this origin', 'SecurityError');
  });
  await expect(client.load()).rejects.toMatchObject({
    code: 'worker_failed',
    message: expect.stringMatching(/could not be started: Script.*worker-src 'self'/u) as string,
  });
  expect(await code(client.load())).toBe('worker_failed');
  expect(attempts).toBe(2);
});

test('a worker of another origin’s that does not start says what that origin must allow', async () => {
  const wasm = { ...REQUEST.wasm, simd128: 'https://cdn.example/cloze/wasm/simd128/cloze_bg.wasm' };
  const { client, workers } = connect({ ...REQUEST, wasm });
  const loading = client.load();
  workers[0]!.fail();
  await expect(loading).rejects.toMatchObject({
    code: 'worker_failed',
    message: expect.stringMatching(/https:\/\/cdn\.example,.*Access-Control-Allow-Origin.*worker-src blob:/u) as string,
  });
});

test('a failed load is tried again by the next call', async () => {
  let attempt = 0;
  const { client, workers } = connect(REQUEST, () => {
    const worker: FakeWorker = new FakeWorker(async () => {
      if (attempt++ === 0) throw new ClozeError('network', 'The connection broke.');
      return worker.core.wasm;
    });
    return worker;
  });
  expect(await code(client.load())).toBe('network');
  expect(workers[0]!.terminated).toBe(true);
  expect((await client.load()).info.model_type).toBe('gpt2');
});

test('dispose ends the worker, rejects what is under way and all that comes', async () => {
  const { client, workers } = connect();
  await client.load();
  const call = generate(client, 'a', 1_000_000);
  await new Promise((resolve) => setImmediate(resolve));
  client.dispose();
  expect(await code(call)).toBe('disposed');
  expect(workers[0]!.terminated).toBe(true);
  expect(await code(generate(client, 'b'))).toBe('disposed');
  expect(await code(client.load())).toBe('disposed');
});

test('a crashed thread is heard although the worker waits for ever', async () => {
  const { client, workers } = connect({
    ...REQUEST,
    choice: { build: 'relaxed-simd-threads', threads: 2, threads_off_reason: null },
  });
  await client.load();
  const load = workers[0]!.received[0]!;
  const alarm = load.call === 'load' ? load.params.alarm : undefined;
  const call = code(generate(client, 'a', 1_000_000));
  const thread = new BroadcastChannel(alarm!);
  thread.postMessage(toData(crashed('RuntimeError: unreachable')));
  expect(await call).toBe('worker_failed');
  thread.close();
  expect(workers[0]!.terminated).toBe(true);
  client.dispose();
});

test('a pause ends when whoever asked for it leaves; a resume is for all', async () => {
  const { client, workers } = connect();
  const [one, two] = [{}, {}];
  const heard: boolean[] = [];
  client.onPause((paused) => heard.push(paused));
  client.pause(one);
  client.pause(two);
  client.leave(one);
  expect(client.paused).toBe(true);
  client.leave(two);
  expect(client.paused).toBe(false);
  client.pause(one);
  client.pause(two);
  client.resume();
  expect(client.paused).toBe(false);
  expect(heard).toEqual([true, false, true, false]);
  const loading = client.load();
  await new Promise((resolve) => setImmediate(resolve));
  client.pause(one);
  client.leave(one);
  await loading;
  expect(workers[0]!.received.map(({ call }) => call)).toEqual(['load', 'pause', 'resume']);
});

test('who comes later hears how far the load is', async () => {
  let go = (): void => undefined;
  const held = new Promise<void>((resolve) => (go = resolve));
  const { client } = connect(REQUEST, () => {
    const worker: FakeWorker = new FakeWorker(async () => {
      await held;
      return worker.core.wasm;
    });
    return worker;
  });
  const [early, late]: [ProgressInfo[], ProgressInfo[]] = [[], []];
  client.onProgress((progress) => early.push(progress));
  const loading = client.load();
  while (early.length === 0) await new Promise((resolve) => setImmediate(resolve));
  client.onProgress((progress) => late.push(progress));
  expect(late).toEqual([early.at(-1)]);
  go();
  await loading;
  const after: ProgressInfo[] = [];
  client.onProgress((progress) => after.push(progress));
  expect(after).toEqual([]);
});

describe('what can be done about an error of the core', () => {
  const memory = { what: 'x', model_bytes: 1 };
  test.each<[string, ErrorData['code'], Record<string, unknown>, string]>([
    ['a file that ends early', 'truncated_weights', {}, ' Download it again.'],
    ['a wrong header', 'invalid_weights', { reason: 'its header' }, ''],
    ['a broken checksum', 'invalid_weights', { reason: 'the CRC-32 of x' }, ' Download it again.'],
    [
      'no memory for a model',
      'out_of_memory',
      { ...memory, dtype: 'q8' },
      ' Close other tabs, load it as q4, or choose a smaller model.',
    ],
    [
      'no memory for one that is as small as it gets',
      'out_of_memory',
      { ...memory, dtype: 'q4' },
      ' Close other tabs, or choose a smaller model.',
    ],
    ['no memory, of a worker that is gone', 'out_of_memory', {}, ''],
    ['nothing', 'no_mask', {}, ''],
  ])('%s', (_, code, details, advice) => {
    expect(advised({ code, message: 'So it is.', details }).message).toBe(`So it is.${advice}`);
  });
});

test('what the lean build does not read is loaded again with the whole one', async () => {
  const lean = { simd128: 'lean:', 'relaxed-simd': 'lean:', 'relaxed-simd-threads': 'lean:' };
  const asked: string[] = [];
  const { client, workers } = connect({ ...REQUEST, lean_wasm: lean }, () => {
    const worker: FakeWorker = new FakeWorker(async ({ wasm }) => {
      asked.push(wasm);
      if (wasm !== 'lean:') return worker.core.wasm;
      class ModelLoader {
        constructor() {
          throw Object.assign(new Error('a chat template'), {
            code: 'beyond_build',
            details: { what: 'a chat template' },
          });
        }
      }
      return { ...worker.core.wasm, ModelLoader: ModelLoader as never };
    });
    return worker;
  });
  const [{ runtime }, again] = await Promise.all([client.load(), client.load()]);
  expect(asked).toEqual(['lean:', 'data:,']);
  expect(runtime.lean).toBe(false);
  expect(again.runtime).toEqual(runtime);
  expect(workers.map(({ terminated }) => terminated)).toEqual([true, false]);
  expect((await generate(client, 'a', 1)).text).toBe(' w0');
});
