import { expect, test } from 'vitest';
import { fakeRunner } from '../../test-support/runner.js';
import { featureExtraction, type FeatureExtractionPipeline } from './feature-extraction.js';

const make = async (): Promise<FeatureExtractionPipeline> => featureExtraction((await fakeRunner()).runner);

test('a vector of each text', async () => {
  const pooled = await (await make())(['ab', 'c'], { pooling: 'mean' });
  const { type, dims, size, data, tolist } = pooled;
  expect([type, dims, size]).toEqual(['float32', [2, 2], 4]);
  expect([...data]).toEqual([1, 2, 1, 2]);
  expect(tolist()).toEqual([
    [1, 2],
    [1, 2],
  ]);
  expect(pooled).not.toHaveProperty('tokens');
  expect((await (await make())('c', { pooling: 'first_token', normalize: true })).dims).toEqual([1, 2]);
});

test('vectors of tokens, and where they stand; shorter texts end in zeros', async () => {
  const { dims, tolist, tokens } = await (await make())(['ab', 'c']);
  expect(dims).toEqual([2, 2, 2]);
  const places = tokens.map((text) => text.filter(({ special }) => !special).map(({ start, end }) => [start, end]));
  expect(places).toEqual([[[0, 2]], [[0, 1]]]);
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
  ['pooling', ['x', { pooling: 'median' }]],
  ['quantize', ['x', { quantize: true }]],
  ['quantize', ['x', { quantize: true, pooling: 'mean' }]],
  ['precision', ['x', { precision: 'binary', pooling: 'mean' }]],
  ['precision', ['x', { precision: 'ternary', quantize: true }]],
  ['normalize', ['x', { normalize: 1 }]],
])('refuses a wrong %s: %o', async (option, args) => {
  await expect(Reflect.apply(await make(), undefined, args)).rejects.toMatchObject({
    code: 'invalid_option',
    details: { option },
  });
});

test.each(['last_token', 'eos'] as const)('%s takes the last vector of each text', async (pooling) => {
  const extract = await make();
  const { dims, tolist } = await extract(['ab', 'c'], { pooling });
  expect(dims).toEqual([2, 2]);
  expect(tolist()).toEqual([
    [3, 4],
    [1, 2],
  ]);
  const [[x, y]] = (await extract('ab', { pooling, normalize: true })).tolist() as [[number, number]];
  expect([x, y]).toEqual([expect.closeTo(0.6, 6), expect.closeTo(0.8, 6)]);
});
