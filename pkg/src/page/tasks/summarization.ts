/** Summaries by GPT-2's `TL;DR:`. */
import { LIMITS } from '../../border/core.js';
import { invalidOption } from '../../border/errors.js';
import type { SummarizationOptions, SummarizationOutput, SummaryPlan, SummaryPlanOptions } from '../../border/types.js';
import { optionErrors } from '../../words/page/index.js';
import { given } from '../options.js';
import { each, type PipelineBase, type TaskRunner } from './base.js';
import { numbers, present, requireString } from './options.js';
import { samplingOptions, writeEach, Writing } from './writing.js';

/**
 * Asks the model to go on after `TL;DR:`.
 *
 * @example
 * ```ts
 * const summarize = await pipeline('summarization');
 * const [{ summary_text, plan }] = await summarize(article);
 * if (plan.left_out) console.log(`${plan.left_out.tokens} tokens were left out`);
 * ```
 */
export interface SummarizationPipeline extends PipelineBase {
  /** Its name. */
  readonly task: 'summarization';
  /** Rejects with `empty_input`, `invalid_option`; when stopped with `aborted` and `partial`. */
  (document: string, options: SummarizationOptions & { num_return_sequences: number }): Promise<SummarizationOutput[]>;
  /** The same without `num_return_sequences`: one summary. */
  (document: string, options?: SummarizationOptions): Promise<[SummarizationOutput]>;
  /** The summaries of several, one after the other in one list. */
  (documents: readonly string[], options?: SummarizationOptions): Promise<SummarizationOutput[]>;
  /** What would be read; counts tokens only. The other options of a summary may be there, and change nothing. */
  plan(document: string, options?: SummarizationOptions): Promise<SummaryPlan>;
}

const PARTS = ['head', 'middle', 'tail'];

function planOptions({ cue, truncation, sentences, max_new_tokens }: SummaryPlanOptions): SummaryPlanOptions {
  if (truncation !== undefined && !PARTS.includes(truncation)) {
    throw invalidOption('truncation', optionErrors.noneOf(String(truncation), PARTS));
  }
  return {
    ...present({ cue: cue === undefined ? undefined : requireString('cue', cue), truncation }),
    ...numbers(LIMITS.summarization, { sentences, max_new_tokens }),
  };
}

/** A summary's lengths are those of the summary alone, as with the models of two halves that transformers.js sums up with. */
function ofSummary({ max_length, min_length, ...options }: SummarizationOptions): SummarizationOptions {
  const max_new_tokens = options.max_new_tokens ?? max_length;
  const min_new_tokens = options.min_new_tokens ?? min_length;
  return { ...options, ...present({ max_new_tokens, min_new_tokens }) };
}

/** Makes the pipeline. */
export function summarization(runner: TaskRunner): SummarizationPipeline {
  async function one(document: string, asked: SummarizationOptions): Promise<SummarizationOutput[]> {
    const options = ofSummary(asked);
    const { signal, replace } = options;
    const text = requireString('document', document);
    const plan = planOptions(options);
    return writeEach(options, samplingOptions(options), runner.loaded.info, async (sampling, index) => {
      const writing = new Writing(options, runner.specialIds);
      const params = { document: text, options: { ...sampling, ...plan }, ...writing.echo };
      const settings = present({ signal, replace: index === 0 ? replace : undefined });
      try {
        const done = await runner.call('summarize', params, settings, writing.hear);
        return { summary_text: done.text, plan: done.plan!, ...writing.result(done, sampling.seed) };
      } catch (error) {
        throw writing.withPartial(error, sampling.seed);
      }
    });
  }

  async function call(
    document: string | readonly string[],
    asked?: SummarizationOptions,
  ): Promise<SummarizationOutput[]> {
    const options = given('summarization', asked);
    return Array.isArray(document) ? (await each(document, options, one)).flat() : one(document as string, options);
  }

  async function plan(document: string, asked?: SummarizationOptions): Promise<SummaryPlan> {
    const options = planOptions(ofSummary(given('summarization', asked)));
    return runner.call('summary_plan', { document: requireString('document', document), options }, {});
  }

  return runner.pipeline('summarization', call as SummarizationPipeline, { plan });
}
