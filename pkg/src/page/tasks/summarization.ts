/** Summaries by GPT-2's `TL;DR:`. */
import { LIMITS } from '../../border/core.js';
import { invalidOption } from '../../border/errors.js';
import type { SummarizationOptions, SummarizationOutput, SummaryPlan, SummaryPlanOptions } from '../../border/types.js';
import { optionErrors } from '../../words/page/index.js';
import { given } from '../options.js';
import { each, type PipelineBase, type TaskRunner } from './base.js';
import { numbers, present, requireString } from './options.js';
import { samplingOptions, Writing } from './writing.js';

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
  (document: string, options?: SummarizationOptions): Promise<[SummarizationOutput]>;
  /** The summaries of several, one after the other. */
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

/** Makes the pipeline. */
export function summarization(runner: TaskRunner): SummarizationPipeline {
  async function one(document: string, options: SummarizationOptions): Promise<SummarizationOutput> {
    const { signal, replace } = options;
    const sampling = samplingOptions(options);
    const writing = new Writing(options);
    const params = { document: requireString('document', document), options: { ...sampling, ...planOptions(options) } };
    try {
      const done = await runner.call('summarize', params, present({ signal, replace }), writing.hear);
      return { summary_text: done.text, plan: done.plan!, ...writing.result(done, sampling.seed) };
    } catch (error) {
      throw writing.withPartial(error, sampling.seed);
    }
  }

  function call(document: string, options?: SummarizationOptions): Promise<[SummarizationOutput]>;
  function call(documents: readonly string[], options?: SummarizationOptions): Promise<SummarizationOutput[]>;
  async function call(
    document: string | readonly string[],
    asked?: SummarizationOptions,
  ): Promise<SummarizationOutput[]> {
    const options = given('summarization', asked);
    return Array.isArray(document) ? each(document, options, one) : [await one(document as string, options)];
  }

  async function plan(document: string, asked?: SummarizationOptions): Promise<SummaryPlan> {
    const options = planOptions(given('summarization', asked));
    return runner.call('summary_plan', { document: requireString('document', document), options }, {});
  }

  return runner.pipeline('summarization', call, { plan });
}
