import { expect, test } from 'vitest';
import { fakeRunner } from '../../test-support/runner.js';
import { nextSentence, type NextSentencePipeline } from './next-sentence.js';

const make = async (): Promise<NextSentencePipeline> => nextSentence((await fakeRunner()).runner);

test('one sentence: both probabilities', async () => {
  const nsp = await make();
  const result = await nsp('It rains.', 'B.');
  expect(Object.keys(result).sort()).toEqual(['is_next', 'label', 'not_next', 'score', 'tokens']);
  expect(result.is_next + result.not_next).toBeCloseTo(1);
});

test('a list: ranked, with their places in it', async () => {
  const nsp = await make();
  const heard: number[] = [];
  const ranked = await nsp('It rains.', ['Long one.', 'B', 'Mid.'], { on_candidate: ({ index }) => heard.push(index) });
  expect(ranked.map(({ index, sentence }) => [index, sentence])).toEqual([
    [1, 'B'],
    [2, 'Mid.'],
    [0, 'Long one.'],
  ]);
  // Batches are of like lengths, so the order is not that of the list.
  expect(heard.sort()).toEqual([0, 1, 2]);
});

test('a list of one stays a list', async () => {
  expect(await (await make())('A.', ['B.'])).toHaveLength(1);
});

test.each<[string, unknown[]]>([
  ['a', [undefined, 'B.']],
  ['b', ['A.', undefined]],
  ['b', ['A.', []]],
  ['b', ['A.', ['B.', 3]]],
])('refuses a wrong %s: %o', async (option, args) => {
  const nsp = await make();
  await expect(Reflect.apply(nsp, undefined, args)).rejects.toMatchObject({
    code: 'invalid_option',
    details: { option },
  });
});
