import { expect, test } from 'vitest';
import { fakeRunner } from '../../test-support/runner.js';
import { questionAnswering, type QuestionAnsweringPipeline } from './question-answering.js';

const make = async (): Promise<QuestionAnsweringPipeline> => questionAnswering((await fakeRunner()).runner);
const FIRST = { answer: 'Ada', score: 0.5, start: 0, end: 3, null_score: 0.125 };
const SECOND = { answer: 'wrote', score: 0.25, start: 4, end: 9, null_score: 0.125 };

test('one answer, or a list of several', async () => {
  const answer = await make();
  expect(await answer('Who?', 'Ada wrote it.')).toEqual(FIRST);
  expect(await answer('Who?', 'Ada wrote it.', { top_k: 1 })).toEqual(FIRST);
  expect(await answer('Who?', 'Ada wrote it.', { top_k: 2 })).toEqual([FIRST, SECOND]);
});

test('several questions, about one text or each about its own', async () => {
  const answer = await make();
  expect(await answer(['Who?', 'What?'], 'Ada wrote it.')).toEqual([FIRST, FIRST]);
  const [one, two] = await answer(['Who?', 'What?'], ['Ada wrote it.', 'Bea']);
  expect([one!.answer, two!.answer]).toEqual(['Ada', 'Bea']);
  await expect(answer(['Who?', 'What?'], ['Ada'])).rejects.toMatchObject({ details: { option: 'context' } });
  expect(await answer([], 'Ada')).toEqual([]);
});

test('predict() says how much was read, and tells of each window', async () => {
  const answer = await make();
  const heard: number[][] = [];
  const on_window = ({ index, windows }: { index: number; windows: number }): unknown => heard.push([index, windows]);
  expect(await answer.predict('Who?', 'Ada wrote', { on_window })).toMatchObject({
    tokens: 2,
    windows: 2,
    null_score: 0.125,
  });
  expect(heard).toEqual([
    [0, 2],
    [1, 2],
  ]);
});

test('a context of which a tokenizer drops everything is an empty one', async () => {
  const answer = await make();
  const refusal = { code: 'empty_input', details: { input: 'context' } };
  await expect(answer('Who?', '\u200b')).rejects.toMatchObject(refusal);
  await expect(answer.predict('Who?', '\u200b')).rejects.toMatchObject(refusal);
});

test.each<[string, unknown[]]>([
  ['question', [7, 'Ada']],
  ['context', ['Who?', undefined]],
  ['context', ['Who?', ['Ada']]],
  ['top_k', ['Who?', 'Ada', { top_k: 0 }]],
  ['doc_stride', ['Who?', 'Ada', { doc_stride: -1 }]],
  ['max_answer_len', ['Who?', 'Ada', { max_answer_len: 1.5 }]],
  ['handle_impossible_answer', ['Who?', 'Ada', { handle_impossible_answer: 'yes' }]],
  ['on_window', ['Who?', 'Ada', { on_window: 1 }]],
])('refuses a wrong %s: %o', async (option, args) => {
  await expect(Reflect.apply(await make(), undefined, args)).rejects.toMatchObject({
    code: 'invalid_option',
    details: { option },
  });
});
