/** What goes on in a model: attention, hidden states, embeddings, and what it would say after each layer. */
import { LIMITS } from '../border/core.js';
import { invalidOption } from '../border/errors.js';
import type { Calls } from '../border/protocol.js';
import type {
  AttentionHeads,
  AttentionHeadsOptions,
  AttentionLayer,
  AttentionOptions,
  AttentionRollout,
  AttentionRolloutOptions,
  HiddenStates,
  InputEmbeddings,
  InspectionOptions,
  LogitLensOptions,
  LogitLensResult,
  NearestToken,
  NearestTokensOptions,
  TokenInfo,
} from '../border/types.js';
import { optionErrors } from '../words/page/index.js';
import { languageInspection, type LanguageInspection } from './inspection/language.js';
import { given } from './options.js';
import type { CallSettings } from './client.js';
import type { TaskRunner } from './tasks/base.js';
import { numbers, present, requireString } from './tasks/options.js';

/**
 * Looks into a model. Each call reads the text anew and gives what it is named after; nothing of it is computed unless asked for.
 * Numbers in bulk are `Float32Array`s, row by row, with the shape that their result says.
 *
 * All reject with `empty_input`, `input_too_long`, and `invalid_option` for a layer that the model does not have.
 *
 * @example
 * ```ts
 * const model = await openModel(undefined, { default_model: 'bert' });
 * const { tokens, num_heads, attentions } = await model.inspect.attentions('The bank of the river.', { layer: 2 });
 * const weight = (head: number, from: number, to: number) =>
 *   attentions[(head * tokens.length + from) * tokens.length + to];
 * ```
 */
export interface Inspection extends LanguageInspection {
  /** The tokens of a text or pair, as the model reads them. */
  tokenize(text: string, options?: InspectionOptions): Promise<TokenInfo[]>;
  /** How much each token takes from each other one, in every head of one layer. */
  attentions(text: string, options?: AttentionOptions): Promise<AttentionLayer>;
  /** The same of all layers and heads, as small pictures. */
  attention_heads(text: string, options?: AttentionHeadsOptions): Promise<AttentionHeads>;
  /** Attention through all layers up to one (Abnar and Zuidema 2020), and the mean of that layer's heads. */
  attention_rollout(text: string, options?: AttentionRolloutOptions): Promise<AttentionRollout>;
  /** The vectors after each layer. */
  hidden_states(text: string, options?: InspectionOptions): Promise<HiddenStates>;
  /** What goes into the first layer, and what it is the sum of. */
  input_embeddings(text: string, options?: InspectionOptions): Promise<InputEmbeddings>;
  /** For each token of the vocabulary that is named, at most 64, those whose embeddings point the same way. */
  nearest_tokens(ids: readonly number[], options?: NearestTokensOptions): Promise<NearestToken[][]>;
  /**
   * What the model would say after each layer, if the head stood there: for an encoder what each token is, for a decoder
   * what comes after it. Rejects with `no_mlm_head` for an encoder without one.
   */
  logit_lens(text: string, options?: LogitLensOptions): Promise<LogitLensResult>;
}

/** The calls of a model. */
export function inspection(runner: TaskRunner): Inspection {
  /** A call with a text, its pair and its own options. */
  const read =
    <N extends TextCall>(call: N) =>
    async (text: string, asked?: TextOptions): Promise<Calls[N]['result']> => {
      const { pair, signal, replace, on_progress, ...own }: TextOptions = given(`inspect.${call}()`, asked);
      const options = numbers(LIMITS.inspect, own);
      const params = { text: requireString('text', text), ...present({ pair }), options } as Calls[N]['params'];
      return runner.call(call, params, present({ signal, replace }), on_progress as Hearing<N>);
    };

  return {
    ...languageInspection(runner),
    tokenize: read('tokenize'),
    attentions: read('attentions'),
    attention_heads: read('attention_heads'),
    attention_rollout: read('attention_rollout'),
    hidden_states: read('hidden_states'),
    input_embeddings: read('input_embeddings'),
    logit_lens: read('logit_lens'),
    async nearest_tokens(ids, asked) {
      const { count, signal, replace }: NearestTokensOptions = given('inspect.nearest_tokens()', asked);
      const isId = (id: unknown): boolean => Number.isInteger(id) && (id as number) >= 0;
      if (!(Symbol.iterator in Object(ids)) || ![...ids].every(isId)) throw invalidOption('ids', optionErrors.ids);
      const params = { ids: [...ids], ...numbers({ count: LIMITS.inspect.count }, { count }) };
      return runner.call('nearest_tokens', params, present({ signal, replace }));
    },
  };
}

/** Calls with a text. */
type TextCall =
  | 'tokenize'
  | 'attentions'
  | 'attention_heads'
  | 'attention_rollout'
  | 'hidden_states'
  | 'input_embeddings'
  | 'logit_lens';

/** The options of any of them; `given` knows which one takes what. */
type TextOptions = AttentionOptions & AttentionHeadsOptions & LogitLensOptions;

type Hearing<N extends TextCall> = CallSettings<N>['on_event'];
