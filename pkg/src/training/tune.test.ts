/** Fine-tuning and ChatGPT's steps from the page to the core and back. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { fakeNavigator } from '../test-support/fake-navigator.js';
import { fakeOpfs } from '../test-support/fake-opfs.js';
import { FakeTrainingWorker, fakeTraining, SETTINGS, type FakeTraining } from '../test-support/fake-training-core.js';
import { openHost } from './host.js';
import { forgetRunStore } from './storage/run-store.js';
import type { ChatEvent, TrainingHost, TuneEvent } from './types.js';

const DATA = { labels: ['a', 'b'], examples: [{ text: 'One.', label: 'a' }] };
const FILES = ['config.json', 'tokenizer.json', 'model.safetensors'].map(
  (name) =>
    new File([name.endsWith('.json') ? '{"model_type":"bert","num_hidden_layers":3,"hidden_size":8}' : 'x'], name),
);

let fake: FakeTraining;
let host: TrainingHost;
let workers: FakeTrainingWorker[];
beforeEach(async () => {
  fake = fakeTraining();
  workers = [];
  vi.stubGlobal('navigator', { ...fakeNavigator(), storage: fakeOpfs() });
  vi.stubGlobal('location', { origin: 'https://page.example', href: 'https://page.example/' });
  vi.stubGlobal('Worker', class {});
  forgetRunStore();
  host = await openHost({ build: 'simd128' }, () => {
    const worker = new FakeTrainingWorker(fake);
    workers.push(worker);
    return worker;
  });
});
afterEach(async () => {
  await host.close();
  vi.unstubAllGlobals();
});

test('a folder is fine-tuned, evaluated once an epoch, and kept as a model', async () => {
  expect(await host.describe(FILES)).toEqual({ model_type: 'bert', num_layers: 3, hidden_size: 8 });
  const tune = await host.fine_tune(FILES, DATA, { task: 'text-classification' });
  expect(fake.files).toEqual(['config.json', 'model.safetensors', 'tokenizer.json']);
  expect(tune.info).toMatchObject({ weights: 9, labels: ['a', 'b'] });
  const events: TuneEvent[] = [];
  const over = new Promise<void>((resolve) =>
    tune.on_event((event) => {
      events.push(event);
      if (event.type === 'over') resolve();
    }),
  );
  await tune.start();
  await over;
  expect(events.flatMap((event) => (event.type === 'preparing' ? [event.done] : []))).toEqual([1, 2, 3]);
  expect(tune.history.steps).toHaveLength(6);
  expect(tune.history.evaluations.map(({ step }) => step)).toEqual([2, 4, 6]);
  expect(await tune.predict({ text: 'Two.' })).toEqual({ labels: [{ label: '{"text":"Two."}', score: 1 }] });
  expect(await host.models()).toEqual([]);
  await tune.keep('Mine');
  const id = await tune.keep('Mine: again');
  // In the place of the first one, and held by nobody.
  expect(await host.models()).toMatchObject([{ id, name: 'Mine: again', weights: 2, open: false }]);
  expect(await host.runs()).toEqual([]);
  const files = await host.folder(id);
  expect(files.map(({ webkitRelativePath }) => webkitRelativePath)).toEqual([
    'Mine- again/config.json',
    'Mine- again/model.safetensors',
  ]);
  expect(new Uint8Array(await files[1]!.arrayBuffer())).toEqual(new Uint8Array(8).fill(6));
  await tune.close();
  await expect(host.resume(id)).rejects.toMatchObject({ code: 'unsupported' });
  // A kept model is a model to start from.
  await host.fine_tune({ run: id }, DATA, { task: 'text-classification' });
  expect(fake.files).toEqual(['config.json', 'model.safetensors']);
  await host.remove(id);
  expect(await host.models()).toEqual([]);
});

test('a kept run is a model to start from', async () => {
  const run = await host.run(SETTINGS, 'It was the best of times.');
  expect(await host.describe({ run: run.id })).toEqual({ model_type: 'gpt2', num_layers: 1, hidden_size: 8 });
  await host.chat({ run: run.id });
  expect(fake.files).toEqual(['model.safetensors']);
  await expect(host.chat({ run: 'none' })).rejects.toMatchObject({ code: 'not_found' });
  await expect(host.describe({ run: 'none' })).rejects.toMatchObject({ code: 'not_found' });
});

test('what is refused leaves the worker for the next one; what is stopped does not', async () => {
  const settings = { task: 'text-classification' } as const;
  const none = { labels: [], examples: [] };
  await expect(host.fine_tune(FILES, none, settings)).rejects.toMatchObject({ code: 'text_too_short' });
  await expect(host.fine_tune(undefined as never, DATA, settings)).rejects.toMatchObject({ code: 'invalid_option' });
  expect(workers).toHaveLength(1);
  const stop = new AbortController();
  const stopped = host.fine_tune(FILES, DATA, settings, { signal: stop.signal });
  stop.abort();
  await expect(stopped).rejects.toMatchObject({ code: 'aborted' });
  await host.fine_tune(FILES, DATA, settings);
  expect(workers).toHaveLength(2);
});

test('each phase of the chat is begun, and goes to its end', async () => {
  const chat = await host.chat(FILES, { epochs: 1 });
  const events: ChatEvent[] = [];
  chat.on_event((event) => events.push(event));
  const pairs = [{ prompt: 'p', chosen: 'a', rejected: 'b' }];
  const finish = async (): Promise<void> => {
    await chat.start();
    await vi.waitFor(() => expect(chat.state).toBe('over'));
  };
  await expect(chat.supervised([])).rejects.toMatchObject({ code: 'text_too_short' });
  expect(chat.phase).toBeUndefined();
  expect(await chat.supervised([{ prompt: 'p', response: 'a' }], { epochs: 2 })).toMatchObject({
    kind: 'supervised',
    settings: { epochs: 2 },
  });
  await finish();
  await chat.reward(pairs);
  expect(chat.state).toBe('paused');
  await finish();
  expect(events.some(({ type }) => type === 'preparing')).toBe(false);
  await chat.preference(pairs);
  await finish();
  expect(events).toContainEqual({ type: 'preparing', done: 4, total: 4 });
  expect(chat.history.map(({ phase, steps }) => [phase, steps.length])).toEqual([
    ['supervised', 2],
    ['reward', 2],
    ['preference', 2],
  ]);
  expect(chat.history[2]!.steps[0]!.parts[0]!.name).toBe('preference');
  expect(await chat.sample('p', { before: true })).toBe('p {"before":true}');
  expect(await chat.score('p', 'four')).toBe(4);
});
