import { expect, test } from 'vitest';
import { fakeRunner } from '../../test-support/runner.js';
import { fillMask, type FillMaskPipeline } from './fill-mask.js';
import type { JointStep } from '../../border/types.js';

const make = async (): Promise<FillMaskPipeline> => fillMask((await fakeRunner()).runner);

test('one mask: a list of candidates with their place', async () => {
  const unmask = await make();
  expect(await unmask('A [MASK] here.', { top_k: 2 })).toEqual([
    { score: 0.5, token: 0, token_str: 'w0', sequence: 'A w0 here.', start: 2, end: 8 },
    { score: 0.25, token: 1, token_str: 'w1', sequence: 'A w1 here.', start: 2, end: 8 },
  ]);
});

test('several masks: a list for each', async () => {
  const unmask = await make();
  const lists = await unmask('[MASK] and [MASK]');
  expect(lists).toMatchObject([
    [{ start: 0 }, {}, {}, {}, {}],
    [{ start: 11 }, {}, {}, {}, {}],
  ]);
});

test('masks(): always a list for each', async () => {
  const unmask = await make();
  expect(await unmask.masks('[MASK]', { top_k: 1 })).toMatchObject([[{ token_str: 'w0' }]]);
});

test('joint filling tells each step and multiplies the probabilities', async () => {
  const unmask = await make();
  const heard: JointStep[] = [];
  const result = await unmask('[MASK] [MASK]', { joint: 'left-to-right', on_step: (step) => heard.push(step) });
  expect(result.sequence).toBe('w0 w1');
  expect(result.score).toBeCloseTo(0.25);
  expect(result.steps.map(({ mask, start }) => [mask, start])).toEqual([
    [0, 0],
    [1, 7],
  ]);
  expect(heard).toEqual(result.steps);
});

test('pseudo-perplexity gathers the tokens of all batches', async () => {
  const unmask = await make();
  const heard: number[] = [];
  const { perplexity, tokens } = await unmask.pseudo_perplexity('a fine day', {
    on_tokens: (batch) => heard.push(batch.length),
  });
  expect(perplexity).toBeCloseTo(Math.E);
  expect(tokens.map(({ token_str, start, end }) => [token_str, start, end])).toEqual([
    ['a', 0, 1],
    ['fine', 2, 6],
    ['day', 7, 10],
  ]);
  expect(heard).toEqual([2, 1]);
  await expect(unmask.pseudo_perplexity(7 as never)).rejects.toMatchObject({ code: 'invalid_option' });
});

test('pseudo-perplexity of several texts: one batch may hold tokens of two', async () => {
  const unmask = await make();
  const heard: number[][] = [];
  const outputs = await unmask.pseudo_perplexity(['one', 'and two'], {
    on_tokens: (batch) => heard.push(batch.map(({ text }) => text)),
  });
  expect(outputs.map(({ tokens }) => tokens.map(({ token_str }) => token_str))).toEqual([['one'], ['and', 'two']]);
  expect(heard).toEqual([[0, 1], [1]]);
  expect(await unmask.pseudo_perplexity([])).toEqual([]);
});

test('one side of the mask is read where that is asked for', async () => {
  const { runner, worker } = await fakeRunner();
  await fillMask(runner)('A [MASK].', { context: 'left' });
  expect(worker.received.at(-1)).toMatchObject({ params: { options: { context: 'left' } } });
});

test('the core’s errors come through', async () => {
  const unmask = await make();
  await expect(unmask('no mask')).rejects.toMatchObject({ name: 'ClozeError', code: 'no_mask' });
});

test.each<[string, object]>([
  ['top_k', { top_k: 0 }],
  ['top_k', { top_k: 1.5 }],
  ['targets', { targets: 'word' }],
  ['joint', { joint: 'random' }],
  ['targets', { joint: 'best-first', targets: ['word'] }],
  ['context', { context: 'up' }],
  ['context', { joint: 'best-first', context: 'down' }],
])('refuses a wrong %s: %o', async (option, options) => {
  const unmask = await make();
  await expect(unmask('[MASK]', options as never)).rejects.toMatchObject({
    code: 'invalid_option',
    details: { option },
  });
});

test('several texts: an answer for each', async () => {
  const unmask = await make();
  const [one, two] = await unmask(['A [MASK].', '[MASK] [MASK]'], { top_k: 1, replace: true });
  expect(one).toEqual(await unmask('A [MASK].', { top_k: 1 }));
  expect(two).toEqual(await unmask('[MASK] [MASK]', { top_k: 1 }));
  expect(await unmask([])).toEqual([]);
  expect(await unmask(['[MASK] [MASK]'], { joint: 'best-first' })).toMatchObject([{ sequence: 'w0 w1' }]);
});

test.each([[undefined], [null], [7], [{}], [[7]], [[['[MASK]']]]])('refuses what is no text: %j', async (text) => {
  await expect((await make())(text as never)).rejects.toMatchObject({
    code: 'invalid_option',
    details: { option: 'text' },
  });
});

test('steps are told of joint filling alone', async () => {
  const asked = (await make())('[MASK]', { on_step: () => undefined } as never);
  await expect(asked).rejects.toMatchObject({ code: 'invalid_option', details: { option: 'on_step' } });
});
