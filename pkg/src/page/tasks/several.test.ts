import { expect, test } from 'vitest';
import { fakeRunner } from '../../test-support/runner.js';
import type { FakeWorker } from '../../test-support/fake-worker.js';
import { summarization } from './summarization.js';
import { textGeneration } from './text-generation.js';

/** The options that the core was asked with. */
const sent = ({ received }: FakeWorker, call: string): Record<string, unknown>[] =>
  received.flatMap((request) =>
    request.call === call
      ? [(request as unknown as { params: { options: Record<string, unknown> } }).params.options]
      : [],
  );

test('several texts of a prompt have seeds in a row', async () => {
  const { runner, worker } = await fakeRunner();
  const generate = textGeneration(runner);
  const texts = await generate('Once', { max_new_tokens: 1, num_return_sequences: 3, seed: 5 });
  expect(texts.map(({ seed }) => seed)).toEqual([5, 6, 7]);
  expect(sent(worker, 'generate').map(({ seed }) => seed)).toEqual([5, 6, 7]);
  const chats = await generate([{ role: 'user', content: 'a' }], { max_new_tokens: 1, num_return_sequences: 2 });
  expect(chats).toHaveLength(2);
  const last = await generate('Once', { max_new_tokens: 1, num_return_sequences: 2, seed: Number.MAX_SAFE_INTEGER });
  expect(last.map(({ seed }) => seed)).toEqual([Number.MAX_SAFE_INTEGER, 0]);
});

test('several texts that would be one are refused, and a stream of several', async () => {
  const { runner } = await fakeRunner();
  const generate = textGeneration(runner);
  const refused = { code: 'invalid_option', details: { option: 'num_return_sequences' } };
  await expect(generate('a', { num_return_sequences: 2, do_sample: false })).rejects.toMatchObject(refused);
  await expect(generate('a', { num_return_sequences: 0 })).rejects.toMatchObject(refused);
  await expect(generate.stream('a', { num_return_sequences: 2 }).next()).rejects.toMatchObject(refused);
});

test('a summary’s lengths are its own', async () => {
  const { runner, worker } = await fakeRunner();
  const summarize = summarization(runner);
  await summarize('a', { max_length: 2, min_length: 1 });
  await summarize('a', { max_length: 9, max_new_tokens: 3 });
  const [first, second] = sent(worker, 'summarize');
  expect(first).toMatchObject({ max_new_tokens: 2, min_new_tokens: 1 });
  expect(first).not.toHaveProperty('max_length');
  expect(second).toMatchObject({ max_new_tokens: 3 });
  const two = await summarize(['a', 'b'], { max_new_tokens: 1, num_return_sequences: 2, do_sample: true });
  expect(two).toHaveLength(4);
});

test('a template beside the variables is among them', async () => {
  const { runner, worker } = await fakeRunner();
  await textGeneration(runner)([{ role: 'user', content: 'a' }], { chat_template: 'short', max_new_tokens: 1 });
  const [request] = worker.received.filter(({ call }) => call === 'chat');
  expect(request).toMatchObject({ params: { conversation: { variables: { chat_template: 'short' } } } });
});
