import { expect, test } from 'vitest';
import { fakeRunner } from '../../test-support/runner.js';
import { textGeneration } from './text-generation.js';

const LONG = { max_new_tokens: 1_000_000 };

test('every pipeline has its task, the model’s facts and tokenize', async () => {
  const pipe = textGeneration((await fakeRunner()).runner);
  expect({ ...pipe }).toMatchObject({
    task: 'text-generation',
    info: { hidden_size: 8 },
    runtime: { build: 'simd128' },
  });
  await expect(pipe.tokenize('a', Symbol('b') as never)).rejects.toMatchObject({
    code: 'invalid_option',
    details: { option: 'pair' },
  });
  const tokens = await pipe.tokenize('a text', 'a pair');
  expect(tokens.map(({ token, sequence }) => [token, sequence])).toEqual([
    ['[CLS]', null],
    ['a', 0],
    ['text', 0],
    ['a', 1],
    ['pair', 1],
    ['[SEP]', null],
  ]);
  expect(pipe.tokenizer.mask_token).toBe('[MASK]');
});

test('calls wait for each other', async () => {
  const { runner, worker } = await fakeRunner();
  const pipe = textGeneration(runner);
  const order: string[] = [];
  await Promise.all([
    pipe('one', { max_new_tokens: 9, on_token: () => order.push('one') }),
    pipe('two', { max_new_tokens: 1, on_token: () => order.push('two') }),
  ]);
  expect(order.lastIndexOf('one')).toBeLessThan(order.indexOf('two'));
  expect(worker.core.calls).toEqual(['generate one', 'generate two']);
});

test('replace stops the running and the waiting call of the same pipeline', async () => {
  const { runner, worker } = await fakeRunner();
  const pipe = textGeneration(runner);
  const outcome = (promise: Promise<unknown>): Promise<string> =>
    promise.then(
      () => 'done',
      (error: { code: string }) => error.code,
    );
  const running = outcome(pipe('running', LONG));
  const waiting = outcome(pipe('waiting', LONG));
  await new Promise((resolve) => setTimeout(resolve, 5));
  const [{ text }] = await pipe('last', { max_new_tokens: 2, replace: true });
  expect([await running, await waiting, text]).toEqual(['aborted', 'aborted', ' w0 w1']);
  expect(worker.core.calls).toEqual(['generate running', 'generate last']);
});

test('replace leaves another pipeline on the same model alone', async () => {
  const { runner } = await fakeRunner();
  const other = textGeneration(
    new (runner.constructor as typeof import('./base.js').TaskRunner)(runner.client, runner.loaded, () => undefined),
  );
  const pipe = textGeneration(runner);
  const [[theirs], [ours]] = await Promise.all([
    other('theirs', { max_new_tokens: 20 }),
    pipe('ours', { max_new_tokens: 1, replace: true }),
  ]);
  expect(theirs.tokens).toHaveLength(20);
  expect(ours.tokens).toHaveLength(1);
});

test('dispose ends the calls of its own, and lets go once', async () => {
  const { runner, released } = await fakeRunner();
  const pipe = textGeneration(runner);
  const running = pipe('a', LONG);
  pipe.dispose();
  await expect(running).rejects.toMatchObject({ code: 'disposed' });
  await expect(pipe('b')).rejects.toMatchObject({ code: 'disposed' });
  expect(released()).toBe(true);
  pipe.dispose();
});
