import { expect, test } from 'vitest';
import { fakeRunner } from '../../test-support/runner.js';
import { featureExtraction, type FeatureExtractionPipeline } from './feature-extraction.js';

const make = async (): Promise<FeatureExtractionPipeline> => featureExtraction((await fakeRunner()).runner);

test('a vector of each text', async () => {
  const { type, dims, size, data, tolist } = await (await make())(['ab', 'c'], { pooling: 'mean' });
  expect([type, dims, size]).toEqual(['float32', [2, 2], 4]);
  expect([...data]).toEqual([1, 2, 1, 2]);
  expect(tolist()).toEqual([
    [1, 2],
    [1, 2],
  ]);
  expect((await (await make())('c', { pooling: 'first_token', normalize: true })).dims).toEqual([1, 2]);
});

test('vectors of tokens; shorter texts end in zeros', async () => {
  const { dims, tolist } = await (await make())(['ab', 'c']);
  expect(dims).toEqual([2, 2, 2]);
  expect(tolist()).toEqual([
    [
      [1, 2],
      [3, 4],
    ],
    [
      [1, 2],
      [0, 0],
    ],
  ]);
});

test.each<[string, unknown[]]>([
  ['text', [7]],
  ['text', [['x', 7]]],
  ['text', [[]]],
  ['pooling', ['x', { pooling: 'eos' }]],
  ['normalize', ['x', { normalize: 1 }]],
])('refuses a wrong %s: %o', async (option, args) => {
  await expect(Reflect.apply(await make(), undefined, args)).rejects.toMatchObject({
    code: 'invalid_option',
    details: { option },
  });
});
