/** What a model makes of a text word by word: surprise, the next token, the game of masks, how the text is cut. */
import { LIMITS } from '../../border/core.js';
import type {
  CallOptions,
  MaskingGame,
  MaskingOptions,
  NextTokenOptions,
  Surprisal,
  SurprisalOptions,
  Tokenization,
  TokenProbability,
} from '../../border/types.js';
import { given } from '../options.js';
import type { TaskRunner } from '../tasks/base.js';
import { numbers, optionalBoolean, optionalNumber, present, requireString } from '../tasks/options.js';

/**
 * What a model makes of a text word by word.
 *
 * @example
 * ```ts
 * const model = await openModel(undefined, { default_model: 'gpt' });
 * const { tokens, bits, perplexity } = await model.inspect.surprisal('Once upon a time there was a king.');
 * tokens.forEach(({ token }, index) => console.log(token, bits[index]!.toFixed(2), 'bits'));
 * ```
 */
export interface LanguageInspection {
  /**
   * How much each token surprises a model that reads from left to right: -log2 of its probability given those before it.
   * Longer texts than the model's context are read in windows. Rejects with `wrong_architecture` for an encoder, whose
   * counterpart is `pseudo_perplexity` of fill-mask.
   */
  surprisal(text: string, options?: SurprisalOptions): Promise<Surprisal>;
  /**
   * What a model that reads from left to right would write next, most probable first. The text is taken as it is: a blank at
   * its end belongs to the next token of most vocabularies and is better left off.
   */
  next_token(text: string, options?: NextTokenOptions): Promise<TokenProbability[]>;
  /**
   * Masks a text, or a pair, as BERT's training does (15 % of the tokens, of which 80 % become `[MASK]`, 10 % a random token and
   * 10 % stay), and what the model says of each token that was chosen: the losses it would be trained with.
   *
   * @example
   * ```ts
   * const { inspect } = await openModel();
   * const { chosen, mlm_loss } = await inspect.mask_for_training('The dog ran after the ball.', { seed: 7 });
   * for (const { token, kind, loss } of chosen) console.log(token, kind, loss.toFixed(2), 'nats');
   * ```
   */
  mask_for_training(text: string, options?: MaskingOptions): Promise<MaskingGame>;
  /** How the model's tokenizer cuts each word of a text, step by step. Rejects with `input_too_long` beyond 100,000 bytes of UTF-8. */
  tokenization_steps(text: string, options?: CallOptions): Promise<Tokenization>;
}

/** The calls of a model. */
export function languageInspection(runner: TaskRunner): LanguageInspection {
  const settings = ({ signal, replace }: CallOptions) => present({ signal, replace });
  return {
    async surprisal(text, asked) {
      const taken: SurprisalOptions = given('inspect.surprisal()', asked);
      return runner.call('surprisal', { text: requireString('text', text) }, settings(taken), taken.on_progress);
    },
    async next_token(text, asked) {
      const taken: NextTokenOptions = given('inspect.next_token()', asked);
      const options = present({ top_k: optionalNumber('top_k', taken.top_k, LIMITS['fill-mask'].top_k) });
      return runner.call('next_token', { text: requireString('text', text), options }, settings(taken));
    },
    async mask_for_training(text, asked) {
      const taken: MaskingOptions = given('inspect.mask_for_training()', asked);
      const options = present({
        ...numbers(LIMITS['mask-for-training'], taken),
        always_mask: optionalBoolean('always_mask', taken.always_mask),
      });
      const pair = taken.pair === undefined ? {} : { pair: requireString('pair', taken.pair) };
      return runner.call('mask_for_training', { text: requireString('text', text), ...pair, options }, settings(taken));
    },
    async tokenization_steps(text, asked) {
      const taken: CallOptions = given('inspect.tokenization_steps()', asked);
      return runner.call('tokenization_steps', { text: requireString('text', text) }, settings(taken));
    },
  };
}
