import { expect, test } from 'vitest';
import type { ProgressInfo } from '../border/types.js';
import { FakeWorker, REQUEST } from '../test-support/fake-worker.js';
import { answering, connect, openTokenizer } from './text-tokenizer.js';

test('only the small files are read, and no weights', async () => {
  const worker = new FakeWorker();
  const tokenizer = answering(await connect(REQUEST, () => worker));
  expect(worker.received.map(({ call }) => call)).toEqual(['load_tokenizer']);
  expect(Object.keys(worker.core.files)).toEqual(['config', 'tokenizer']);
  expect(worker.core.pushed).toBe(0);
  const tokens = await tokenizer.tokenize('two words');
  expect(tokens.map(({ token, start, end }) => [token, start, end])).toEqual([
    ['two', 0, 3],
    ['words', 4, 9],
  ]);
  expect((await tokenizer.steps('two')).words[0]).toMatchObject({ text: 'two', pieces: ['t', '##wo'] });
});

test('its load tells which model it is of, and when it is ready', async () => {
  const source = { ...REQUEST.source, name: 'mine' };
  const told: ProgressInfo[] = [];
  await connect({ ...REQUEST, source }, () => new FakeWorker(), {
    progress_callback: (progress) => told.push(progress),
  });
  expect(told.at(0)).toMatchObject({ status: 'initiate', name: 'mine' });
  expect(told.at(-1)).toMatchObject({ status: 'ready', name: 'mine', message: 'The tokenizer is ready' });
});

test('a worker that crashed is replaced by the next call', async () => {
  const workers: FakeWorker[] = [];
  const tokenizer = answering(await connect(REQUEST, () => (workers.push(new FakeWorker()), workers.at(-1)!)));
  workers[0]!.fail('out of order');
  await expect(tokenizer.tokenize('a')).resolves.toHaveLength(1);
  expect(workers).toHaveLength(2);
});

test('a call on one that was let go, and arguments that are none', async () => {
  const worker = new FakeWorker();
  const tokenizer = answering(await connect(REQUEST, () => worker));
  await expect(tokenizer.steps(7 as never)).rejects.toMatchObject({ code: 'invalid_option' });
  tokenizer.dispose();
  expect(worker.terminated).toBe(true);
  await expect(tokenizer.tokenize('a')).rejects.toMatchObject({ code: 'disposed' });
  await expect(openTokenizer(undefined, { default_tokenizer: 'word' as never })).rejects.toMatchObject({
    code: 'invalid_option',
    details: { option: 'default_tokenizer' },
  });
});

test('a model’s calls are none of a tokenizer’s', async () => {
  const worker = new FakeWorker();
  await connect(REQUEST, () => worker);
  const answer = new Promise((resolve) => worker.addEventListener('message', ({ data }) => resolve(data)));
  worker.postMessage({ id: 99, call: 'surprisal', params: { text: 'a' } });
  expect(await answer).toMatchObject({ id: 99, kind: 'error' });
});
