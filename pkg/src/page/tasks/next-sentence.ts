/** Next-sentence prediction. */
import { invalidOption } from '../../border/errors.js';
import type { NextSentenceOptions, NextSentenceOutput, RankedSentence } from '../../border/types.js';
import { optionErrors } from '../../words/page/index.js';
import { given } from '../options.js';
import type { PipelineBase, TaskRunner } from './base.js';
import { present, requireString } from './options.js';

/**
 * Says how likely one sentence follows another.
 *
 * @example
 * ```ts
 * const nsp = await pipeline('next-sentence-prediction');
 * const { label, is_next } = await nsp('It is raining.', 'Take an umbrella.');
 * ```
 */
export interface NextSentencePipeline extends PipelineBase {
  /** Its name. */
  readonly task: 'next-sentence-prediction';
  /** Both probabilities. Rejects with `empty_input`, `input_too_long`, `no_nsp_head`. */
  (a: string, b: string, options?: NextSentenceOptions): Promise<NextSentenceOutput>;
  /** The candidates, likeliest first; several are read at a time, as one batch. */
  (a: string, candidates: string[], options?: NextSentenceOptions): Promise<RankedSentence[]>;
}

/** Makes the pipeline. */
export function nextSentence(runner: TaskRunner): NextSentencePipeline {
  async function call(a: string, b: string | string[], options?: NextSentenceOptions): Promise<unknown> {
    const { signal, replace, on_candidate } = given('next-sentence-prediction', options);
    requireString('a', a);
    const list = Array.isArray(b);
    const candidates = (list ? b : [b]).map((sentence) => requireString('b', sentence));
    if (candidates.length === 0) throw invalidOption('b', optionErrors.noCandidates);
    const results: RankedSentence[] = [];
    await runner.call('next_sentences', { a, candidates }, present({ signal, replace }), (batch) => {
      for (const result of batch) {
        const ranked = { ...result, sentence: candidates[result.index]! };
        results.push(ranked);
        on_candidate?.(ranked);
      }
    });
    if (list) return results.sort((x, y) => y.is_next - x.is_next || x.index - y.index);
    const { index: _, sentence: __, ...only } = results[0]!;
    return only;
  }

  return runner.pipeline('next-sentence-prediction', call as NextSentencePipeline, {});
}
