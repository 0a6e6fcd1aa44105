import { expect, test } from 'vitest';
import { fakeRunner } from '../../test-support/runner.js';
import { textClassification, type TextClassificationPipeline } from './text-classification.js';

const make = async (): Promise<TextClassificationPipeline> => textClassification((await fakeRunner()).runner);
const BAD = { label: 'BAD', score: 0.5 };
const GOOD = { label: 'GOOD', score: 0.25 };

test('one text: a list, also of one class', async () => {
  const classify = await make();
  expect(await classify('x')).toEqual([BAD]);
  expect(await classify('x', { top_k: 2 })).toEqual([BAD, GOOD]);
  expect(await classify('x', { top_k: null })).toHaveLength(3);
});

test('several texts: the best class of each, or lists', async () => {
  const classify = await make();
  expect(await classify(['x', { text: 'y', text_pair: 'z' }])).toEqual([BAD, BAD]);
  expect(await classify(['x', 'y'], { top_k: 2 })).toEqual([
    [BAD, GOOD],
    [BAD, GOOD],
  ]);
  expect((await classify(['x'], { top_k: null }))[0]).toHaveLength(3);
});

test('predict() says how much was read', async () => {
  expect(await (await make()).predict({ text: 'y', text_pair: 'z' })).toMatchObject({ labels: [BAD], tokens: 5 });
});

test.each<[string, unknown[]]>([
  ['text', [7]],
  ['text', [[7]]],
  ['text', [{ text: 'x', pair: 'y' }]],
  ['text', [{ text_pair: 'y' }]],
  ['text_pair', [{ text: 'x', text_pair: 7 }]],
  ['top_k', ['x', { top_k: 0 }]],
  ['function_to_apply', ['x', { function_to_apply: 'tanh' }]],
])('refuses a wrong %s: %o', async (option, args) => {
  await expect(Reflect.apply(await make(), undefined, args)).rejects.toMatchObject({
    code: 'invalid_option',
    details: { option },
  });
});
