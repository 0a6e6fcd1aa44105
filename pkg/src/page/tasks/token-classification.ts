/** Token classification: names, parts of speech. */
import { LIMITS } from '../../border/core.js';
import type {
  AggregationStrategy,
  TaggedGroup,
  TaggedToken,
  TokenClassificationOptions,
  TokenClassificationOutput,
} from '../../border/types.js';
import { given } from '../options.js';
import { each, type PipelineBase, type TaskRunner } from './base.js';
import { numbers, oneOf, optionalStrings, present, requireString } from './options.js';
import { STRATEGIES } from './strategies.js';

/**
 * Finds names and other classes of words in a text. One longer than the model reads at once is read in windows that
 * overlap by `stride` tokens.
 *
 * @example
 * ```ts
 * const tag = await pipeline('token-classification', 'dslim/bert-base-NER');
 * const names = await tag('My name is Sarah and I live in London.', { aggregation_strategy: 'simple' });
 * for (const { entity_group, word, start, end } of names) console.log(entity_group, word, start, end);
 * ```
 */
export interface TokenClassificationPipeline extends PipelineBase {
  /** Its name. */
  readonly task: 'token-classification';
  /**
   * The tokens with their classes in the order of the text; with an `aggregation_strategy`, whole names.
   *
   * Rejects with `empty_input`.
   */
  <const S extends AggregationStrategy = 'none'>(
    text: string,
    options?: TokenClassificationOptions<S>,
  ): Promise<TokenClassificationOutput<S>[]>;
  /** The same of several texts, one after the other. */
  <const S extends AggregationStrategy = 'none'>(
    texts: readonly string[],
    options?: TokenClassificationOptions<S>,
  ): Promise<TokenClassificationOutput<S>[][]>;
}

/** Makes the pipeline. */
export function tokenClassification(runner: TaskRunner): TokenClassificationPipeline {
  async function one(text: string, asked: TokenClassificationOptions): Promise<(TaggedToken | TaggedGroup)[]> {
    const { signal, replace, on_window, aggregation_strategy, ignore_labels, stride } = asked;
    const options = {
      ...numbers(LIMITS['token-classification'], { stride }),
      ...present({
        aggregation_strategy: oneOf('aggregation_strategy', aggregation_strategy, STRATEGIES),
        ignore_labels: optionalStrings('ignore_labels', ignore_labels),
      }),
    };
    const params = { text: requireString('text', text), options };
    const found = await runner.call('tag', params, present({ signal, replace }), ({ index, windows }) =>
      on_window?.({ index, windows }),
    );
    return found as (TaggedToken | TaggedGroup)[];
  }

  async function call(text: string | readonly string[], asked?: TokenClassificationOptions): Promise<unknown> {
    const options = given('token-classification', asked);
    return Array.isArray(text) ? each(text, options, one) : one(text as string, options);
  }

  return runner.pipeline('token-classification', call as TokenClassificationPipeline, {});
}
