/** `AutoTokenizer`: a tokenizer without its model, as in transformers.js. */
import type { OpenTokenizerOptions } from './load-options.js';
import type { ModelArgument } from './model-source.js';
import { openedTokenizer } from './text-tokenizer.js';
import { tokenizerOf } from './tokenizer/tokenizer.js';
import type { PreTrainedTokenizer } from './tokenizer/types.js';

/** A tokenizer with a worker of its own. */
export interface LoadedTokenizer extends PreTrainedTokenizer {
  /** Ends its worker. Calls under way reject with `disposed`. */
  dispose(): void;
}

/** Opens tokenizers; of a model's folder only the small files are fetched, and no weights. */
export const AutoTokenizer = {
  /**
   * Opens a model's tokenizer, or one of those that come with the package.
   *
   * @throws ClozeError as `openTokenizer`
   *
   * @example
   * ```ts
   * import { AutoTokenizer } from 'cloze';
   * const tokenizer = await AutoTokenizer.from_pretrained('google-bert/bert-base-uncased');
   * const { input_ids, offset_mapping } = await tokenizer('A cat.', { return_offsets_mapping: true });
   * console.log(input_ids.tolist(), offset_mapping);
   * tokenizer.dispose();
   * ```
   */
  async from_pretrained(model?: ModelArgument, options?: OpenTokenizerOptions): Promise<LoadedTokenizer> {
    const client = await openedTokenizer('AutoTokenizer.from_pretrained()', model, options);
    const { tokenizer } = await client.load();
    const made = tokenizerOf((call, params) => client.call(call, params), tokenizer);
    return Object.assign(made, { dispose: () => client.dispose() });
  },
} as const;
