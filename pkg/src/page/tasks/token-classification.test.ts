import { expect, test } from 'vitest';
import { fakeRunner } from '../../test-support/runner.js';
import { tokenClassification, type TokenClassificationPipeline } from './token-classification.js';

const make = async (): Promise<TokenClassificationPipeline> => tokenClassification((await fakeRunner()).runner);

test('tokens with their classes and places; groups with a strategy', async () => {
  const tag = await make();
  expect(await tag('so Ada said')).toEqual([{ entity: 'PER', score: 0.5, index: 2, word: 'Ada', start: 3, end: 6 }]);
  expect(await tag('so Ada', { aggregation_strategy: 'simple' })).toEqual([
    { entity_group: 'PER', score: 0.5, word: 'Ada', start: 3, end: 6 },
  ]);
  expect(await tag('so Ada', { ignore_labels: [] })).toHaveLength(2);
});

test('each window of a long text is told', async () => {
  const heard: number[] = [];
  await (
    await make()
  )('Ada', { on_window: ({ index }) => heard.push(index) });
  expect(heard).toEqual([0, 1]);
});

test('several texts: a list for each', async () => {
  expect(await (await make())(['Ada', 'so'])).toMatchObject([[{ word: 'Ada' }], []]);
});

test.each<[string, unknown[]]>([
  ['text', [7]],
  ['aggregation_strategy', ['x', { aggregation_strategy: 'last' }]],
  ['ignore_labels', ['x', { ignore_labels: 'O' }]],
  ['stride', ['x', { stride: -1 }]],
])('refuses a wrong %s: %o', async (option, args) => {
  await expect(Reflect.apply(await make(), undefined, args)).rejects.toMatchObject({
    code: 'invalid_option',
    details: { option },
  });
});
