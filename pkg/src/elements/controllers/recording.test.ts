import { expect, test } from 'vitest';
import { fillMask } from '../../page/tasks/fill-mask.js';
import { nextSentence } from '../../page/tasks/next-sentence.js';
import { questionAnswering } from '../../page/tasks/question-answering.js';
import { textGeneration } from '../../page/tasks/text-generation.js';
import { fakeRunner } from '../../test-support/runner.js';
import { recorded as written, type RecordedCall } from './recorded.js';
import { recording, type HeardCall } from './recording.js';

const SIGNAL = new AbortController().signal;
const calls = (): { heard: RecordedCall[]; hear: (call: HeardCall) => void } => {
  const heard: RecordedCall[] = [];
  return { heard, hear: (call) => void heard.push(written(call)) };
};

test('the first call is recorded as it was asked and answered, without what changes no result', async () => {
  const { heard, hear } = calls();
  const pipe = nextSentence((await fakeRunner()).runner);
  const recorded = recording(pipe, hear);
  const result = await recorded('a', ['b', 'c'], { signal: SIGNAL, replace: true, on_candidate: () => undefined });
  await recorded('c', 'a');
  expect(heard).toEqual([{ task: 'next-sentence-prediction', input: { a: 'a', b: ['b', 'c'] }, options: {}, result }]);
  expect(recorded.info).toBe(pipe.info);
});

test('a text has the seed that was drawn, and no times', async () => {
  const { heard, hear } = calls();
  const recorded = recording(textGeneration((await fakeRunner()).runner), hear);
  const [written] = await recorded('Once', { max_new_tokens: 2, on_token: () => undefined });
  const { timing, ...others } = written;
  expect(timing).toBeDefined();
  const options = { max_new_tokens: 2, seed: written.seed };
  expect(heard).toEqual([{ task: 'text-generation', input: 'Once', options, result: [others] }]);
});

test('what predict() gives is recorded as what the call would have given', async () => {
  const { heard, hear } = calls();
  const { runner } = await fakeRunner();
  const unmask = fillMask(runner);
  await recording(unmask, hear).predict('a [MASK]', { top_k: 2, signal: SIGNAL });
  expect(heard[0]).toMatchObject({ task: 'fill-mask', input: 'a [MASK]', options: { top_k: 2 } });
  expect(heard[0]!.result).toEqual(await unmask('a [MASK]', { top_k: 2 }));
  const answer = questionAnswering(runner);
  for (const top_k of [1, 2]) await recording(answer, hear).predict('Who?', 'Ada wrote it.', { top_k });
  expect(heard[1]!.result).toEqual(await answer('Who?', 'Ada wrote it.', { top_k: 1 }));
  expect(heard[2]!.result).toEqual(await answer('Who?', 'Ada wrote it.', { top_k: 2 }));
});

test('a call that fails is not recorded', async () => {
  const { heard, hear } = calls();
  const recorded = recording(fillMask((await fakeRunner()).runner), hear);
  await expect(recorded('a', { top_k: 0 })).rejects.toMatchObject({ code: 'invalid_option' });
  expect(heard).toEqual([]);
});
