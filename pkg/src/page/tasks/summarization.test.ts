import { expect, test } from 'vitest';
import { fakeRunner } from '../../test-support/runner.js';
import type { FakeWorker } from '../../test-support/fake-worker.js';
import { summarization, type SummarizationPipeline } from './summarization.js';

async function make(): Promise<{ summarize: SummarizationPipeline; worker: FakeWorker }> {
  const { runner, worker } = await fakeRunner();
  return { summarize: summarization(runner), worker };
}

test('gives the summary with what was read', async () => {
  const { summarize } = await make();
  const [result] = await summarize('A document.', { max_new_tokens: 2, seed: 1 });
  expect(result).toMatchObject({
    summary_text: ' w0 w1',
    seed: 1,
    plan: { prompt: 'A document.\nTL;DR:', left_out: null },
    finish_reason: 'length',
  });
});

test('plan() tells beforehand', async () => {
  const { summarize, worker } = await make();
  expect(await summarize.plan('A document.', { truncation: 'head' })).toMatchObject({ document_tokens: 1, budget: 50 });
  expect(worker.core.calls).toEqual(['summary_plan A document.']);
});

test('options reach the core, the absent ones not', async () => {
  const { summarize, worker } = await make();
  await summarize('D.', { cue: '\nIn short:', truncation: 'middle', sentences: 1, top_k: 2, seed: 1 });
  expect(worker.received.at(-1)).toMatchObject({
    params: { options: { cue: '\nIn short:', truncation: 'middle', sentences: 1, top_k: 2, seed: 1 } },
  });
  expect(Object.keys((worker.received.at(-1) as { params: { options: object } }).params.options)).toHaveLength(5);
});

test.each<[string, object]>([
  ['truncation', { truncation: 'start' }],
  ['sentences', { sentences: 0 }],
  ['cue', { cue: 3 }],
  ['max_new_tokens', { max_new_tokens: 0 }],
])('refuses a wrong %s: %o', async (option, options) => {
  const { summarize } = await make();
  await expect(summarize('D.', options as never)).rejects.toMatchObject({
    code: 'invalid_option',
    details: { option },
  });
  await expect(summarize.plan('D.', options as never)).rejects.toMatchObject({
    code: 'invalid_option',
    details: { option },
  });
});

test('a stopped summary is in the error', async () => {
  const { summarize } = await make();
  const stop = new AbortController();
  const stopped = summarize('D.', { max_new_tokens: 1_000_000, signal: stop.signal, on_token: () => stop.abort() });
  await expect(stopped).rejects.toMatchObject({ code: 'aborted', partial: { text: ' w0' } });
});
