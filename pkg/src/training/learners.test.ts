/** What learns from a model is kept, and goes on where its tab was closed. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { fakeNavigator } from '../test-support/fake-navigator.js';
import { fakeOpfs } from '../test-support/fake-opfs.js';
import { FakeTrainingWorker, fakeTraining, type FakeTraining } from '../test-support/fake-training-core.js';
import { openHost } from './host.js';
import { forgetRunStore } from './storage/run-store.js';
import { packSource, unpackSource } from './storage/source.js';
import type { Learner, TrainingHost, TuneEvent } from './types.js';

const DATA = { labels: ['a', 'b'], examples: [{ text: 'One.', label: 'a' }] };
const TASK = { task: 'text-classification' } as const;
const FILES = ['config.json', 'model.safetensors', 'tokenizer.json'].map(
  (name) => new File([name.endsWith('.json') ? '{"model_type":"bert"}' : 'x'], name),
);

let fake: FakeTraining;
let host: TrainingHost;
beforeEach(async () => {
  fake = fakeTraining();
  vi.stubGlobal('navigator', { ...fakeNavigator(), storage: fakeOpfs() });
  vi.stubGlobal('location', { origin: 'https://page.example', href: 'https://page.example/' });
  vi.stubGlobal('Worker', class {});
  forgetRunStore();
  host = await openHost({ build: 'simd128' }, () => new FakeTrainingWorker(fake));
});
afterEach(async () => {
  await host.close();
  vi.unstubAllGlobals();
});

const finish = async (learner: Learner<never> & { state: string }): Promise<void> => {
  await learner.start();
  await vi.waitFor(() => expect(learner.state).toBe('over'));
};

test('a fine-tuning goes on where it was left, with its files, its examples and what it told', async () => {
  const tune = await host.fine_tune(FILES, DATA, { ...TASK, epochs: 2 }, { name: 'Mine', metadata: { of: 'me' } });
  expect(await host.learners()).toMatchObject([
    { id: tune.id, kind: 'fine-tuning', name: 'Mine', steps: 0, total: 6, metadata: { of: 'me' }, open: true },
  ]);
  await expect(host.resume_fine_tune(tune.id)).rejects.toMatchObject({ code: 'in_use' });
  // Before the first step there is no checkpoint, and none is needed.
  await tune.close();
  fake.files = [];
  const begun = await host.resume_fine_tune(tune.id);
  expect(fake.files).toEqual(['config.json', 'model.safetensors', 'tokenizer.json']);
  expect(begun).toMatchObject({ id: tune.id, name: 'Mine', data: DATA, settings: { epochs: 2 }, info: { steps_done: 0 } });
  for (let step = 0; step < 3; step += 1) await begun.step();
  await begun.change_metadata({ of: 'you' });
  await begun.close();
  expect(await host.learners()).toMatchObject([{ steps: 3, metadata: { of: 'you' }, open: false }]);
  const again = await host.resume_fine_tune(tune.id);
  expect(again.history.steps.map(({ step }) => step)).toEqual([0, 1, 2]);
  expect(again.info.steps_done).toBe(3);
  const events: TuneEvent[] = [];
  again.on_event((event) => events.push(event));
  await finish(again as never);
  // What the frozen layers made of the examples is not kept.
  expect(events).toContainEqual({ type: 'preparing', done: 3, total: 3 });
  expect(again.history.steps.map(({ step }) => step)).toEqual([0, 1, 2, 3, 4, 5]);
  expect(again.history.evaluations.at(-1)).toMatchObject({ step: 6 });
  await again.close();
  // One that is over says at once that it is, and tells nothing twice.
  const over = await host.resume_fine_tune(tune.id);
  const told = over.history.evaluations.length;
  await finish(over as never);
  expect(over.history.evaluations).toHaveLength(told);
  await over.close();
  await expect(host.resume(tune.id)).rejects.toMatchObject({ code: 'unsupported' });
  await expect(host.resume_chat(tune.id)).rejects.toMatchObject({ code: 'unsupported' });
  await host.remove(tune.id);
  expect(await host.learners()).toEqual([]);
});

test('ChatGPT’s steps go on in the phase in which they were left', async () => {
  const chat = await host.chat(FILES);
  await chat.supervised([{ prompt: 'p', response: 'a' }]);
  await finish(chat as never);
  await chat.reward([{ prompt: 'p', chosen: 'a', rejected: 'b' }]);
  await chat.step();
  await chat.close();
  expect(await host.learners()).toMatchObject([{ kind: 'chat', steps: 1, total: 2 }]);
  const again = await host.resume_chat(chat.id);
  expect(again.phase).toMatchObject({ kind: 'reward', steps: 2 });
  expect(again.history.map(({ phase, steps }) => [phase, steps.length])).toEqual([
    ['supervised', 2],
    ['reward', 1],
  ]);
  await finish(again as never);
  expect(again.history.at(-1)!.steps.map(({ step }) => step)).toEqual([0, 1]);
  await again.close();
});

test('what is not to be kept is not', async () => {
  const tune = await host.fine_tune(FILES, DATA, TASK, { kept: false });
  await tune.step();
  await tune.close();
  expect([tune.id, await host.learners()]).toEqual(['', []]);
});

test('a learner is no model and no run', async () => {
  const tune = await host.fine_tune(FILES, DATA, TASK);
  expect([await host.runs(), await host.models()]).toEqual([[], []]);
  await tune.close();
  await expect(host.chat({ run: tune.id })).rejects.toMatchObject({ code: 'unsupported' });
});

test('files and JSON in one file', async () => {
  const files = { 'a.json': new Uint8Array([1, 2]), empty: new Uint8Array(), 'b.bin': new Uint8Array([3]) };
  const parts = packSource({ name: 'ä' }, files) as Uint8Array<ArrayBuffer>[];
  expect(await unpackSource(new Blob(parts))).toEqual({ json: { name: 'ä' }, files });
  await expect(unpackSource(new Blob([]))).rejects.toThrow(SyntaxError);
});
