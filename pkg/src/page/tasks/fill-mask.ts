/** Masked-word prediction. */
import { LIMITS } from '../../border/core.js';
import { invalidOption } from '../../border/errors.js';
import type {
  FillMaskOptions,
  FillMaskOutput,
  JointFillOptions,
  JointFillOutput,
  JointStep,
  PseudoPerplexityOptions,
  PseudoPerplexityOutput,
  MaskPrediction,
  ScoredToken,
  TextPrediction,
} from '../../border/types.js';
import { optionErrors } from '../../words/page/index.js';
import type { PipelineBase, TaskRunner } from './base.js';
import { numbers, optionalStrings, present, requireString } from './options.js';

/**
 * Guesses masked words.
 *
 * @example
 * ```ts
 * const unmask = await pipeline('fill-mask');
 * const [best] = await unmask('She opened the [MASK] and went in.');
 * ```
 */
export interface FillMaskPipeline extends PipelineBase {
  /** Its name. */
  readonly task: 'fill-mask';
  /** All masks filled one after the other, each choice seen by the next. */
  (text: string, options: JointFillOptions): Promise<JointFillOutput>;
  /**
   * Candidates: one list for one mask, a list of lists for several.
   *
   * Rejects with `no_mask`, `empty_input`, `input_too_long`, `unknown_target`.
   */
  (text: string, options?: FillMaskOptions): Promise<FillMaskOutput[] | FillMaskOutput[][]>;
  /** As the call, but always a list per mask. */
  masks(text: string, options?: FillMaskOptions): Promise<FillMaskOutput[][]>;
  /** The same with the tokens of the text, which the model reads once for both. */
  predict(text: string, options?: FillMaskOptions): Promise<TextPrediction>;
  /**
   * How natural a text without masks reads to the model: each token masked in turn and guessed from all others.
   *
   * Rejects with `empty_input`, `input_too_long`.
   */
  pseudo_perplexity(text: string, options?: PseudoPerplexityOptions): Promise<PseudoPerplexityOutput>;
}

/** Makes the pipeline. */
export function fillMask(runner: TaskRunner): FillMaskPipeline {
  async function predict(
    text: string,
    { signal, replace, top_k, targets }: FillMaskOptions = {},
  ): Promise<TextPrediction> {
    const options = {
      ...numbers(LIMITS['fill-mask'], { top_k }),
      ...present({ targets: optionalStrings('targets', targets) }),
    };
    const params = { text: requireString('text', text), options };
    return runner.call('fill_mask', params, present({ signal, replace }));
  }

  const masks = async (text: string, options?: FillMaskOptions): Promise<FillMaskOutput[][]> =>
    flatten((await predict(text, options)).masks);

  async function joint(
    text: string,
    { signal, replace, top_k, joint: order, on_step, ...rest }: JointFillOptions,
  ): Promise<JointFillOutput> {
    if (order !== 'left-to-right' && order !== 'best-first') {
      throw invalidOption('joint', optionErrors.neither(String(order), 'left-to-right', 'best-first'));
    }
    if ((rest as FillMaskOptions).targets !== undefined) throw invalidOption('targets', optionErrors.jointTargets);
    const options = { order, ...numbers(LIMITS['fill-mask'], { top_k }) };
    const steps: JointStep[] = [];
    const params = { text: requireString('text', text), options };
    const { sequence, log_prob } = await runner.call('joint_fill', params, present({ signal, replace }), (step) => {
      steps.push(step);
      on_step?.(step);
    });
    return { sequence, score: Math.exp(log_prob), steps };
  }

  async function pseudo_perplexity(
    text: string,
    { signal, replace, on_tokens }: PseudoPerplexityOptions = {},
  ): Promise<PseudoPerplexityOutput> {
    const tokens: ScoredToken[] = [];
    const params = { text: requireString('text', text) };
    const { perplexity } = await runner.call('pseudo_perplexity', params, present({ signal, replace }), (batch) => {
      tokens.push(...batch);
      on_tokens?.(batch);
    });
    return { perplexity, tokens };
  }

  async function call(text: string, options: FillMaskOptions | JointFillOptions = {}): Promise<unknown> {
    if ('joint' in options && options.joint !== undefined) return joint(text, options);
    const lists = await masks(text, options);
    return lists.length === 1 ? lists[0] : lists;
  }

  return runner.pipeline('fill-mask', call as FillMaskPipeline, { masks, predict, pseudo_perplexity });
}

/** Each candidate with the place of its mask and the fields that transformers.js gives it. */
function flatten(predictions: MaskPrediction[]): FillMaskOutput[][] {
  return predictions.map(({ start, end, candidates }) =>
    candidates.map(({ score, token, token_str, sequence }) => ({ score, token, token_str, sequence, start, end })),
  );
}
