/** Masked-word prediction. */
import { LIMITS } from '../../border/core.js';
import { invalidOption } from '../../border/errors.js';
import type {
  FilledMasks,
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
import { given } from '../options.js';
import { each, type PipelineBase, type TaskRunner } from './base.js';
import { numbers, oneOf, optionalStrings, present, requireString } from './options.js';

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
  /** The same of several texts. */
  (texts: readonly string[], options: JointFillOptions): Promise<JointFillOutput[]>;
  /**
   * Candidates: one list for one mask, a list of lists for several. Of a text that is known when the program is written,
   * TypeScript knows which; {@link FillMaskPipeline.masks} always gives lists.
   *
   * Rejects with `no_mask`, `empty_input`, `input_too_long`, `unknown_target`.
   */
  <T extends string>(text: T, options?: FillMaskOptions): Promise<FilledMasks<T>>;
  /** The same of several texts, one after the other. */
  <T extends string>(texts: readonly T[], options?: FillMaskOptions): Promise<FilledMasks<T>[]>;
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
  /** The same of several texts, whose masked copies are read in common batches. */
  pseudo_perplexity(texts: readonly string[], options?: PseudoPerplexityOptions): Promise<PseudoPerplexityOutput[]>;
}

type AnyOptions = FillMaskOptions & Partial<JointFillOptions>;

/** Which side of a mask is read. */
const CONTEXTS = ['both', 'left', 'right'] as const;

/** Makes the pipeline. */
export function fillMask(runner: TaskRunner): FillMaskPipeline {
  async function predict(text: string, asked?: FillMaskOptions): Promise<TextPrediction> {
    const { signal, replace, top_k, targets, context } = given('masks() and predict()', asked);
    const options = {
      ...numbers(LIMITS['fill-mask'], { top_k }),
      ...present({ targets: optionalStrings('targets', targets), context: oneOf('context', context, CONTEXTS) }),
    };
    const params = { text: requireString('text', text), options };
    return runner.call('fill_mask', params, present({ signal, replace }));
  }

  const masks = async (text: string, options?: FillMaskOptions): Promise<FillMaskOutput[][]> =>
    flatten((await predict(text, options)).masks);

  async function joint(text: string, asked: JointFillOptions & FillMaskOptions): Promise<JointFillOutput> {
    const { signal, replace, top_k, targets, context, joint: order, on_step } = asked;
    if (order !== 'left-to-right' && order !== 'best-first') {
      throw invalidOption('joint', optionErrors.neither(String(order), 'left-to-right', 'best-first'));
    }
    if (targets !== undefined) throw invalidOption('targets', optionErrors.jointTargets);
    const options = {
      order,
      ...numbers(LIMITS['fill-mask'], { top_k }),
      ...present({ context: oneOf('context', context, CONTEXTS) }),
    };
    const steps: JointStep[] = [];
    const params = { text: requireString('text', text), options };
    const { sequence, log_prob } = await runner.call('joint_fill', params, present({ signal, replace }), (step) => {
      steps.push(step);
      on_step?.(step);
    });
    return { sequence, score: Math.exp(log_prob), steps };
  }

  async function pseudo_perplexity(
    text: string | readonly string[],
    asked?: PseudoPerplexityOptions,
  ): Promise<PseudoPerplexityOutput | PseudoPerplexityOutput[]> {
    const { signal, replace, on_tokens } = given('pseudo_perplexity()', asked);
    const texts = (Array.isArray(text) ? text : [text]).map((one) => requireString('text', one));
    if (texts.length === 0) return [];
    const scored: ScoredToken[][] = texts.map(() => []);
    const { perplexities } = await runner.call(
      'pseudo_perplexities',
      { texts },
      present({ signal, replace }),
      (batch) => {
        for (const token of batch) scored[token.text]!.push(token);
        on_tokens?.(batch);
      },
    );
    const outputs = scored.map((tokens, index) => ({ perplexity: perplexities[index]!, tokens }));
    return Array.isArray(text) ? outputs : outputs[0]!;
  }

  async function one(text: string, { joint: order, on_step, ...options }: AnyOptions): Promise<unknown> {
    if (order !== undefined) return joint(text, { ...options, joint: order, ...present({ on_step }) });
    if (on_step !== undefined) throw invalidOption('on_step', optionErrors.withoutJoint);
    const lists = await masks(text, options);
    return lists.length === 1 ? lists[0] : lists;
  }

  async function call(text: string | readonly string[], asked?: FillMaskOptions | JointFillOptions): Promise<unknown> {
    const options: AnyOptions = given('fill-mask', asked);
    return Array.isArray(text) ? each(text, options, one) : one(text as string, options);
  }

  return runner.pipeline('fill-mask', call as FillMaskPipeline, {
    masks,
    predict,
    pseudo_perplexity: pseudo_perplexity as FillMaskPipeline['pseudo_perplexity'],
  });
}

/** Each candidate with the place of its mask and the fields that transformers.js gives it. */
function flatten(predictions: MaskPrediction[]): FillMaskOutput[][] {
  return predictions.map(({ start, end, candidates }) =>
    candidates.map(({ score, token, token_str, sequence }) => ({ score, token, token_str, sequence, start, end })),
  );
}
