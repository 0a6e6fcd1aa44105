/** What goes on in a model: attention, hidden states, embeddings, and what it would say after each layer. */
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
  NearestTokensOptions,
  NearToken,
  TokenInfo,
} from '../border/types.js';
import { languageInspection, type LanguageInspection } from './inspection/language.js';
import { given } from './options.js';
import type { TaskRunner } from './tasks/base.js';
import { present, requireString } from './tasks/options.js';

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
  attentions(text: string, options: AttentionOptions): Promise<AttentionLayer>;
  /** The same of all layers and heads, as small pictures. */
  attention_heads(text: string, options?: AttentionHeadsOptions): Promise<AttentionHeads>;
  /** Attention through all layers up to one (Abnar and Zuidema 2020), and the mean of that layer's heads. */
  attention_rollout(text: string, options?: AttentionRolloutOptions): Promise<AttentionRollout>;
  /** The vectors after each layer. */
  hidden_states(text: string, options?: InspectionOptions): Promise<HiddenStates>;
  /** What goes into the first layer, and what it is the sum of. */
  input_embeddings(text: string, options?: InspectionOptions): Promise<InputEmbeddings>;
  /** For each token of the vocabulary that is named, those whose embeddings point the same way. */
  nearest_tokens(ids: readonly number[], options?: NearestTokensOptions): Promise<NearToken[][]>;
  /**
   * What the model would say after each layer, if the head stood there: for an encoder what each token is, for a decoder
   * what comes after it. Rejects with `no_mlm_head` for an encoder without one.
   */
  logit_lens(text: string, options?: LogitLensOptions): Promise<LogitLensResult>;
}

type Given = InspectionOptions & Record<string, unknown>;

/** The calls of a model. */
export function inspection(runner: TaskRunner): Inspection {
  /** What every call is sent: the texts, then its own options. */
  const texts = (text: string, { pair, signal: _, replace: __, on_progress: ___, ...options }: Given) => ({
    params: { text: requireString('text', text), ...present({ pair }) },
    options,
  });
  const settings = ({ signal, replace }: InspectionOptions) => present({ signal, replace });

  return {
    ...languageInspection(runner),
    async tokenize(text, asked) {
      const taken: InspectionOptions = given('inspect.tokenize()', asked);
      return runner.call('tokenize', texts(text, { ...taken }).params, settings(taken));
    },
    async attentions(text, asked) {
      const taken = given('inspect.attentions()', asked);
      const { params } = texts(text, { ...taken });
      return runner.call('attentions', { ...params, options: { layer: taken.layer } }, settings(taken));
    },
    async attention_heads(text, asked) {
      const taken: AttentionHeadsOptions = given('inspect.attention_heads()', asked);
      const { params, options } = texts(text, { ...taken });
      return runner.call('attention_heads', { ...params, options }, settings(taken));
    },
    async attention_rollout(text, asked) {
      const taken: AttentionRolloutOptions = given('inspect.attention_rollout()', asked);
      const { params, options } = texts(text, { ...taken });
      return runner.call('attention_rollout', { ...params, options }, settings(taken));
    },
    async hidden_states(text, asked) {
      const taken: InspectionOptions = given('inspect.hidden_states()', asked);
      return runner.call('hidden_states', texts(text, { ...taken }).params, settings(taken));
    },
    async input_embeddings(text, asked) {
      const taken: InspectionOptions = given('inspect.input_embeddings()', asked);
      return runner.call('input_embeddings', texts(text, { ...taken }).params, settings(taken));
    },
    async nearest_tokens(ids, asked) {
      const taken: NearestTokensOptions = given('inspect.nearest_tokens()', asked);
      return runner.call('nearest_tokens', { ids: [...ids], ...present({ count: taken.count }) }, settings(taken));
    },
    async logit_lens(text, asked) {
      const taken: LogitLensOptions = given('inspect.logit_lens()', asked);
      const { params, options } = texts(text, { ...taken });
      return runner.call('logit_lens', { ...params, options }, settings(taken), taken.on_progress);
    },
  };
}
