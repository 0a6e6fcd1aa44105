/** Messages between a page and a model's worker. */
import type { ErrorData } from './errors.js';
import type { LoadRequest } from './load-request.js';
import type {
  AnswerQuery,
  AnswerResult,
  AttentionHeads,
  AttentionLayer,
  AttentionRollout,
  ChatRequest,
  ClassificationQuery,
  ClassificationResult,
  Comparison,
  Embeddings,
  EmbeddingQuery,
  FinishReason,
  GenerationStep,
  HiddenStates,
  InputEmbeddings,
  InspectQuery,
  JointQuery,
  JointStep,
  LensProgress,
  LogitLensResult,
  MaskingGame,
  MaskingQuery,
  MaskQuery,
  ModelInfo,
  NearestToken,
  NextTokenQuery,
  ReadingStep,
  SamplingOptions,
  ScoredToken,
  SummaryPlan,
  SummaryQuery,
  Surprisal,
  TaggedEntity,
  TaggingQuery,
  TextPrediction,
  TokenInfo,
  TokenProbability,
  Tokenization,
  WindowRead,
} from './core.js';
import type { ProgressInfo, RuntimeInfo } from './types.js';

/** What a finished text amounts to. */
export interface GenerationDone {
  text: string;
  finish_reason: FinishReason;
  prompt_tokens: number;
  plan?: SummaryPlan;
  prefill_ms: number;
  decode_ms: number;
}

/** A token that stands for no text: `[CLS]`, `<|endoftext|>`. */
export interface SpecialToken {
  /** Index into the vocabulary. */
  id: number;
  /** How it is written. */
  token: string;
  /** Its names; GPT-2's one token is three. */
  names: SpecialName[];
}

/** The names that special tokens have. */
export const SPECIAL_NAMES = [
  'bos_token',
  'eos_token',
  'unk_token',
  'sep_token',
  'pad_token',
  'cls_token',
  'mask_token',
] as const;

/** One of them. */
export type SpecialName = (typeof SPECIAL_NAMES)[number];

/** What is known of a tokenizer at once; the rest is asked of the worker. */
export interface TokenizerData {
  /** In the order of ids. */
  special_tokens: SpecialToken[];
}

/** What a text is written with. */
interface WritingParams {
  options: SamplingOptions;
  /** Whether the prompt's tokens are told. */
  echo?: boolean;
}

/** A call: its parameters, its result, and what it tells on the way. */
interface Call<Params, Result, Event = never> {
  params: Params;
  result: Result;
  event: Event;
}

/** The calls of a worker; `worker/calls.ts` says what each of them runs in the core. */
export interface Calls {
  load: Call<LoadRequest, { info: ModelInfo; runtime: RuntimeInfo; tokenizer: TokenizerData }, ProgressInfo>;
  /** Instead of `load`: a worker with the model's tokenizer alone, of which no weights are fetched. */
  load_tokenizer: Call<LoadRequest, { runtime: RuntimeInfo; tokenizer: TokenizerData }, ProgressInfo>;
  tokenize: Call<{ text: string; pair?: string; add_special_tokens?: boolean }, TokenInfo[]>;
  decode: Call<{ ids: number[]; skip_special_tokens: boolean }, string>;
  /** `null` for what is not in the vocabulary. */
  token_ids: Call<{ tokens: string[] }, (number | null)[]>;
  /** A conversation as the model's chat template writes it. */
  chat_prompt: Call<{ conversation: ChatRequest }, string>;
  fill_mask: Call<{ text: string; options: MaskQuery }, TextPrediction>;
  joint_fill: Call<{ text: string; options: JointQuery }, { sequence: string; log_prob: number }, JointStep>;
  next_sentences: Call<{ a: string; candidates: string[] }, null, Comparison[]>;
  answer_question: Call<{ question: string; context: string; options: AnswerQuery }, AnswerResult, WindowRead>;
  classify: Call<{ text: string; pair?: string; options: ClassificationQuery }, ClassificationResult>;
  tag: Call<{ text: string; options: TaggingQuery }, TaggedEntity[], WindowRead>;
  /** The result: where vectors are of tokens, the tokens of each text. */
  embed: Call<{ texts: string[]; options: EmbeddingQuery }, TokenInfo[][] | null, Embeddings>;
  generate: Call<{ prompt: string } & WritingParams, GenerationDone, GenerationEvent>;
  chat: Call<{ conversation: ChatRequest } & WritingParams, GenerationDone, GenerationEvent>;
  summary_plan: Call<{ document: string; options: SamplingOptions & SummaryQuery }, SummaryPlan>;
  summarize: Call<{ document: string; options: SummaryQuery } & WritingParams, GenerationDone, GenerationEvent>;
  surprisal: Call<{ text: string }, Surprisal, ReadingStep>;
  pseudo_perplexities: Call<{ texts: string[] }, { perplexities: number[] }, ScoredToken[]>;
  next_token: Call<{ text: string; options: NextTokenQuery }, TokenProbability[]>;
  mask_for_training: Call<{ text: string; pair?: string; options: MaskingQuery }, MaskingGame>;
  tokenization_steps: Call<{ text: string }, Tokenization>;
  attentions: Call<{ text: string; pair?: string; options: InspectQuery }, AttentionLayer>;
  attention_heads: Call<{ text: string; pair?: string; options: InspectQuery }, AttentionHeads>;
  attention_rollout: Call<{ text: string; pair?: string; options: InspectQuery }, AttentionRollout>;
  hidden_states: Call<{ text: string; pair?: string }, HiddenStates>;
  input_embeddings: Call<{ text: string; pair?: string }, InputEmbeddings>;
  nearest_tokens: Call<{ ids: number[]; count?: number }, NearestToken[][]>;
  logit_lens: Call<{ text: string; pair?: string; options: InspectQuery }, LogitLensResult, LensProgress>;
}

/** What a generation tells on the way. */
export type GenerationEvent =
  | { type: 'plan'; plan: SummaryPlan }
  | ({ type: 'prompt' } & PromptRead)
  | Extract<GenerationStep, { type: 'prefill' | 'token' }>;

/** The prompt's tokens. */
export interface PromptRead {
  ids: number[];
  /** Their text without special tokens. */
  text: string;
  /** The same with them. */
  full_text: string;
}

/** Name of a call. */
export type CallName = keyof Calls;

/** Page → worker. */
export type Request =
  | { [N in CallName]: { id: number; call: N; params: Calls[N]['params'] } }[CallName]
  | { id: number; call: 'abort' | 'pause' | 'resume' };

/** Worker → page. `fatal` says that the instance is lost. */
export type Response =
  | { id: number; kind: 'event'; event: unknown }
  | { id: number; kind: 'result'; result: unknown }
  | { id: number; kind: 'error'; error: ErrorData; fatal: boolean };
