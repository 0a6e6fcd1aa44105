import { expect, test } from 'vitest';
import type { LoadRequest } from '../border/load-request.js';
import type { Request, Response } from '../border/protocol.js';
import { serve, type Instantiate } from './serve.js';
import { coreError, fakeCore } from '../test-support/fake-core.js';
import { REQUEST } from '../test-support/fake-worker.js';

/** The worker's side alone, driven by hand. */
function worker(instantiate?: Instantiate): {
  send: (request: Request) => void;
  answers: Response[];
  answered: (id: number) => Promise<Response>;
  core: ReturnType<typeof fakeCore>;
} {
  const core = fakeCore();
  const answers: Response[] = [];
  let send!: (request: Request) => void;
  const watchers = new Map<number, (response: Response) => void>();
  const post = (response: Response): void => {
    answers.push(response);
    if (response.kind !== 'event') watchers.get(response.id)?.(response);
  };
  serve({ post, listen: (receive) => (send = receive) }, instantiate ?? (async () => core.wasm));
  const answered = (id: number): Promise<Response> =>
    new Promise((resolve) => {
      const there = answers.find((response) => response.id === id && response.kind !== 'event');
      if (there) resolve(there);
      else watchers.set(id, resolve);
    });
  return { send, answers, answered, core };
}

const load: Request = { id: 1, call: 'load', params: REQUEST };
const generate = (id: number, prompt: string, max_new_tokens = 3): Request => ({
  id,
  call: 'generate',
  params: { prompt, options: { max_new_tokens } },
});

test('load answers with the model and what computes', async () => {
  const { send, answered } = worker();
  send(load);
  expect(await answered(1)).toMatchObject({
    kind: 'result',
    result: {
      info: { model_type: 'gpt2' },
      runtime: {
        build: 'simd128',
        threads: 1,
        threads_off_reason: 'A test.',
        version: '0.0.0-test',
        wasm_bytes: 65536,
      },
    },
  });
});

test('calls are served one after the other, in order', async () => {
  const { send, answered, answers } = worker();
  send(load);
  send(generate(2, 'first'));
  send(generate(3, 'second'));
  await answered(3);
  const ids = answers.map(({ id }) => id);
  expect(ids).toEqual([...ids].sort((a, b) => a - b));
});

test('a generation tells each step and ends with its result', async () => {
  const { send, answered, answers, core } = worker();
  send(load);
  send(generate(2, 'x'));
  expect(await answered(2)).toMatchObject({
    kind: 'result',
    result: { text: ' w0 w1 w2', finish_reason: 'length', prompt_tokens: 1 },
  });
  const events = answers.flatMap((answer) =>
    answer.id === 2 && answer.kind === 'event' ? [answer.event as { type: string }] : [],
  );
  expect(events.map(({ type }) => type)).toEqual(['prefill', 'token', 'token', 'token']);
  expect(core.alive).toBe(0);
});

test('an abort acts before the next token', async () => {
  const { send, answered, answers, core } = worker();
  send(load);
  await answered(1);
  send(generate(2, 'x', 1000));
  while (answers.filter(({ id }) => id === 2).length < 5) await new Promise((resolve) => setImmediate(resolve));
  const told = answers.length;
  send({ id: 2, call: 'abort' });
  expect(await answered(2)).toMatchObject({ kind: 'error', error: { code: 'aborted' }, fatal: false });
  expect(answers.length - told).toBeLessThanOrEqual(2); // at most the token in the making, and the answer
  expect(core.alive).toBe(0);
});

test('a waiting call that is aborted is never begun', async () => {
  const { send, answered, core } = worker();
  send(load);
  send(generate(2, 'first'));
  send(generate(3, 'second'));
  send({ id: 3, call: 'abort' });
  expect(await answered(3)).toMatchObject({ kind: 'error', error: { code: 'aborted' } });
  expect(core.calls).toEqual(['generate first']);
});

test('after an error of the core the next call is served', async () => {
  const { send, answered } = worker();
  send(load);
  send(generate(2, 'refuse this'));
  send(generate(3, 'x'));
  expect(await answered(2)).toMatchObject({
    kind: 'error',
    error: { code: 'empty_input', details: { input: 'refuse this' } },
    fatal: false,
  });
  expect(await answered(3)).toMatchObject({ kind: 'result' });
});

test.each(['trap', 'later trap', 'deep trap'])('a %s is fatal', async (prompt) => {
  const { send, answered } = worker();
  send(load);
  send(generate(2, prompt));
  expect(await answered(2)).toMatchObject({ kind: 'error', error: { code: 'worker_failed' }, fatal: true });
});

test('a trap for want of memory says so, and for how much', async () => {
  const { send, answered, core } = worker();
  send(load);
  await answered(1);
  core.refused = 300e6;
  send(generate(2, 'later trap'));
  const answer = await answered(2);
  expect(answer).toMatchObject({
    kind: 'error',
    error: { code: 'out_of_memory', details: { bytes: 300e6 } },
    fatal: true,
  });
  expect(answer.kind === 'error' && answer.error.message).toContain('300 MB');
});

test.each([
  new RangeError('WebAssembly.instantiate(): Out of memory: Cannot allocate Wasm memory for new instance'),
  new RangeError('Array buffer allocation failed'),
])('an instance that finds no memory: %s', async (error) => {
  const { send, answered } = worker(() => Promise.reject(error));
  send(load);
  expect(await answered(1)).toMatchObject({
    kind: 'error',
    error: { code: 'out_of_memory', details: {} },
    fatal: true,
  });
});

test('what the core itself has no memory for costs no worker', async () => {
  const { send, answered, core } = worker();
  core.wasm.ModelLoader.prototype.push = () => {
    throw coreError('out_of_memory', 'There is no memory for a matrix.', { bytes: 4e9, model_bytes: 5e9 });
  };
  send(load);
  expect(await answered(1)).toMatchObject({
    kind: 'error',
    error: { code: 'out_of_memory', details: { bytes: 4e9, model_bytes: 5e9 } },
    fatal: false,
  });
});

test('a call before the load is refused', async () => {
  const { send, answered } = worker();
  send(generate(1, 'x'));
  expect(await answered(1)).toMatchObject({ kind: 'error', error: { code: 'internal' } });
});

test('where threads do not start, the fallback runs and says why', async () => {
  const core = fakeCore();
  const asked: string[] = [];
  const { send, answered } = worker(async ({ build }) => {
    asked.push(build);
    if (build === 'relaxed-simd-threads') throw coreError('worker_failed', 'A thread did not start.');
    return core.wasm;
  });
  const choice = {
    build: 'relaxed-simd-threads',
    threads: 2,
    threads_off_reason: null,
    fallback: { build: 'relaxed-simd', threads: 1, threads_off_reason: 'The threads did not start.' },
  } as const;
  send({ id: 1, call: 'load', params: { ...REQUEST, choice } });
  expect(await answered(1)).toMatchObject({
    result: { runtime: { build: 'relaxed-simd', threads: 1, threads_off_reason: 'The threads did not start.' } },
  });
  expect(asked).toEqual(['relaxed-simd-threads', 'relaxed-simd']);
});

test('a model with BERT’s tokenizer is run by the lean build, and says so', async () => {
  const lean_wasm = { simd128: 'lean:', 'relaxed-simd': 'lean:', 'relaxed-simd-threads': 'lean:' };
  const asked: string[] = [];
  const loaded = async (request: LoadRequest): Promise<unknown> => {
    const core = fakeCore();
    const { send, answered } = worker(async ({ wasm }) => {
      asked.push(wasm);
      return core.wasm;
    });
    send({ id: 1, call: 'load', params: request });
    return answered(1);
  };
  expect(await loaded({ ...REQUEST, lean_wasm })).toMatchObject({ result: { runtime: { lean: true } } });
  expect(await loaded(REQUEST)).toMatchObject({ result: { runtime: { lean: false } } });
  expect(asked).toEqual(['lean:', 'data:,']);
});

test('where the lean build cannot be fetched, the whole one runs the model', async () => {
  const lean_wasm = { simd128: 'lean:', 'relaxed-simd': 'lean:', 'relaxed-simd-threads': 'lean:' };
  const core = fakeCore();
  const asked: string[] = [];
  const { send, answered } = worker(async ({ wasm }) => {
    asked.push(wasm);
    if (wasm === 'lean:') throw Object.assign(new Error('gone'), { code: 'network' });
    return core.wasm;
  });
  send({ id: 1, call: 'load', params: { ...REQUEST, lean_wasm } });
  expect(await answered(1)).toMatchObject({ result: { runtime: { lean: false } } });
  expect(asked).toEqual(['lean:', 'data:,']);
});
