import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { LoadControl } from './load-control.js';
import type { PipelineOptions } from './load-options.js';
import { pipeline, type Task } from './pipeline.js';
import { FakeWorker } from '../test-support/fake-worker.js';
import { serveFiles, stall, type FilesServer } from '../test-support/files-server.js';
import type { ProgressInfo } from '../border/types.js';

let server: FilesServer;
let workers: FakeWorker[];
let scripts: string[];
let model: string;

beforeEach(async () => {
  const folder = { config: '{}', tokenizer: '{}', weights: new Uint8Array(1000) };
  server = await serveFiles({
    '/m/config.json': folder.config,
    '/m/tokenizer.json': folder.tokenizer,
    '/m/model.safetensors': folder.weights,
    '/encoder/config.json': '{"kind":"encoder","model_type":"bert","heads":["mlm","nsp"]}',
    '/encoder/tokenizer.json': folder.tokenizer,
    '/encoder/model.safetensors': folder.weights,
    '/slow/config.json': folder.config,
    '/slow/tokenizer.json': folder.tokenizer,
    '/slow/model.safetensors': stall(1000, 10),
  });
  model = `${server.base}m`;
  workers = [];
  scripts = [];
  const made = (url: string): FakeWorker => {
    scripts.push(url);
    workers.push(new FakeWorker());
    return workers.at(-1)!;
  };
  vi.stubGlobal('Worker', function Worker(url: string) {
    return made(url);
  });
  vi.stubGlobal('location', { href: server.base });
});

afterEach(async () => {
  vi.unstubAllGlobals();
  await server.stop();
});

test('loads the model in the package’s worker', async () => {
  const generate = await pipeline('text-generation', model);
  expect(scripts).toEqual([new URL('./worker.js', import.meta.url).href]);
  expect((await generate('x', { max_new_tokens: 1 }))[0].text).toBe(' w0');
  generate.dispose();
});

test('pipelines on the same model share a worker until the last is disposed of', async () => {
  const one = await pipeline('text-generation', model);
  const two = await pipeline('summarization', model);
  expect(workers).toHaveLength(1);
  one.dispose();
  one.dispose();
  expect(workers[0]!.terminated).toBe(false);
  expect((await two('x', { max_new_tokens: 1 }))[0].summary_text).toBe(' w0');
  two.dispose();
  expect(workers[0]!.terminated).toBe(true);
});

test('the same folder by another name is the same model', async () => {
  const one = await pipeline('text-generation', model);
  const two = await pipeline('text-generation', '/m/');
  expect(workers).toHaveLength(1);
  one.dispose();
  two.dispose();
});

test('another form of the weights is another model', async () => {
  const one = await pipeline('text-generation', model, { dtype: 'q8' });
  const two = await pipeline('text-generation', model, { dtype: 'fp32' });
  expect(workers).toHaveLength(2);
  one.dispose();
  two.dispose();
});

test('progress names the model, and ends with ready also for the second pipeline', async () => {
  const told: ProgressInfo[] = [];
  const one = await pipeline('text-generation', model, { progress_callback: (progress) => told.push(progress) });
  expect(told.every(({ name }) => name === model)).toBe(true);
  expect(told.at(-1)?.status).toBe('ready');
  const again: ProgressInfo[] = [];
  const two = await pipeline('text-generation', model, { progress_callback: (progress) => again.push(progress) });
  expect(again.map(({ status }) => status)).toEqual(['ready']);
  one.dispose();
  two.dispose();
});

test('after a crash the next call loads again, and says so', async () => {
  const told: string[] = [];
  const generate = await pipeline('text-generation', model, { progress_callback: ({ status }) => told.push(status) });
  await expect(generate('trap')).rejects.toMatchObject({ code: 'worker_failed' });
  told.length = 0;
  expect((await generate('x', { max_new_tokens: 1 }))[0].text).toBe(' w0');
  expect(told).toContain('ready');
  expect(workers).toHaveLength(2);
  generate.dispose();
});

test('a load can be stopped: its worker ends', async () => {
  const stop = new AbortController();
  const loading = pipeline('text-generation', `${server.base}slow/`, {
    signal: stop.signal,
    progress_callback: ({ status }) => status === 'progress' && stop.abort(),
  });
  await expect(loading).rejects.toMatchObject({ code: 'aborted' });
  expect(workers[0]!.terminated).toBe(true);
});

test('a load that another pipeline waits for goes on', async () => {
  const stop = new AbortController();
  const stopped = pipeline('text-generation', model, { signal: stop.signal });
  const other = pipeline('text-generation', model);
  stop.abort();
  await expect(stopped).rejects.toMatchObject({ code: 'aborted' });
  (await other).dispose();
  expect(workers).toHaveLength(1);
});

test('a shared load goes on when the one that paused it leaves', async () => {
  const [pausing, other] = [new LoadControl(), new LoadControl()];
  const stop = new AbortController();
  const paused = pipeline('text-generation', model, { signal: stop.signal, control: pausing });
  pausing.pause();
  const waiting = pipeline('text-generation', model, { control: other });
  expect(other.paused).toBe(true);
  stop.abort();
  await expect(paused).rejects.toMatchObject({ code: 'aborted' });
  expect(other.paused).toBe(false);
  (await waiting).dispose();
});

test('a shared load that another one paused can be let go on', async () => {
  const [pausing, other] = [new LoadControl(), new LoadControl()];
  const both = [
    pipeline('text-generation', model, { control: pausing }),
    pipeline('text-generation', model, { control: other }),
  ];
  pausing.pause();
  expect(other.paused).toBe(true);
  other.resume();
  expect(pausing.paused).toBe(false);
  (await Promise.all(both)).forEach((pipe) => pipe.dispose());
});

test('a failed load rejects with its reason and leaves nothing behind', async () => {
  await expect(pipeline('fill-mask', `${server.base}nothing/`)).rejects.toMatchObject({
    name: 'ClozeError',
    code: 'not_found',
  });
  expect(workers[0]!.terminated).toBe(true);
});

test('a model of the other kind is refused at once', async () => {
  await expect(pipeline('fill-mask', model)).rejects.toMatchObject({
    code: 'wrong_architecture',
    details: { needed: 'encoder', found: 'gpt2' },
  });
  expect(workers[0]!.terminated).toBe(true);
});

test.each<[Task, string, string]>([
  ['question-answering', 'no_qa_head', 'distilbert/distilbert-base-cased-distilled-squad'],
  ['text-classification', 'no_classification_head', 'distilbert/distilbert-base-uncased-finetuned-sst-2-english'],
  ['token-classification', 'no_tagging_head', 'dslim/bert-base-NER'],
])('%s: a model without the head is refused, with what it is good for', async (task, code, example) => {
  const refused = pipeline(task, `${server.base}encoder`);
  await expect(refused).rejects.toMatchObject({ name: 'ClozeError', code, details: { has: ['mlm', 'nsp'] } });
  const { message } = (await refused.catch((error: unknown) => error)) as Error;
  expect(message).toContain('which this BERT file has not');
  expect(message).toContain('It is good for fill-mask, next-sentence-prediction and feature-extraction.');
  expect(message).toContain(example);
  expect(workers[0]!.terminated).toBe(true);
});

test.each<[Task, string]>([
  ['question-answering', 'qa'],
  ['text-classification', 'sequence-classification'],
  ['token-classification', 'token-classification'],
])('%s: nothing is fetched where no model is named, and what is needed is said', async (task, needed) => {
  await expect(pipeline(task)).rejects.toMatchObject({
    code: 'invalid_option',
    details: { option: 'model', needed },
    message: expect.stringMatching(/fine-tuned for it.* such as "[\w-]+\/[\w.-]+"/u) as string,
  });
  expect(workers).toHaveLength(0);
});

test('models of both kinds classify and make vectors', async () => {
  const classify = await pipeline('text-classification', model);
  expect(await classify('x')).toEqual([{ label: 'BAD', score: 0.5 }]);
  const extract = await pipeline('feature-extraction', `${server.base}encoder`);
  expect((await extract('ab', { pooling: 'mean' })).dims).toEqual([1, 2]);
  const decoder = await pipeline('feature-extraction', model);
  await expect(pipeline('question-answering', model)).rejects.toMatchObject({ code: 'no_qa_head' });
  classify.dispose();
  decoder.dispose();
  extract.dispose();
});

test('nothing that is typed is in a request', async () => {
  const generate = await pipeline('text-generation', model);
  await generate('secret words', { max_new_tokens: 1 });
  expect(server.asked.join()).not.toContain('secret');
  generate.dispose();
});

test.each<[string, unknown, unknown, PipelineOptions]>([
  ['task', 'translation', undefined, {}],
  ['task', 'constructor', undefined, {}],
  ['model', 'fill-mask', 7, {}],
  ['dtype', 'fill-mask', undefined, { dtype: 'q5' as never }],
  ['device', 'fill-mask', undefined, { device: 'webgpu' as never }],
  ['build', 'fill-mask', undefined, { build: 'avx' as never }],
  ['threads', 'fill-mask', undefined, { threads: -1 }],
])('refuses a wrong %s', async (option, task, wrong, options) => {
  await expect(pipeline(task as Task, wrong as string, options)).rejects.toMatchObject({
    code: 'invalid_option',
    details: { option },
  });
  expect(workers).toHaveLength(0);
});
