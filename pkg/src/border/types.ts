/** Results and options, with the names that Hugging Face uses. Those that the core makes or takes come from `core.ts`. */
import type { WritingOptions } from './streaming.js';
import type {
  Candidate as PlacedCandidate,
  ChatMessage,
  Answer,
  AnswerQuery,
  ClassificationQuery,
  Comparison,
  EmbeddingQuery,
  FinishReason,
  GeneratedToken,
  JointQuery,
  JointStep,
  LensProgress,
  MaskingQuery,
  ScoredLabel,
  MaskQuery,
  ModelWarning,
  NextTokenQuery,
  ReadingStep,
  SamplingOptions,
  ScoredToken,
  SummaryPlan,
  SummaryQuery,
  TaggedEntity,
  TaggingQuery,
  TokenInfo,
} from './core.js';

export type * from './streaming.js';
export type {
  Alternative,
  AttentionHeads,
  AttentionLayer,
  AttentionRollout,
  Candidate as PlacedCandidate,
  ChatMessage,
  ChosenToken,
  Answer,
  AnswerQuery,
  AnswerResult,
  FunctionToApply,
  ClassificationQuery,
  ClassificationResult,
  Comparison,
  DType,
  EmbeddingQuery,
  FinishReason,
  GeneratedToken,
  GenerationDefaults,
  Head,
  HiddenStates,
  InputEmbeddings,
  JointQuery,
  JointStep,
  LatticePiece,
  ScoredLabel,
  LeftOut,
  LensProgress,
  LogitLensResult,
  MaskingGame,
  MaskingQuery,
  MaskContext,
  MaskPrediction,
  MaskQuery,
  MergeStep,
  ModelInfo,
  ModelWarning,
  NearestToken,
  NextTokenQuery,
  NspLosses,
  Reads,
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
  Tokenization,
  TokenizedWord,
  TokenProbability,
  TriedPiece,
  Truncation,
} from './core.js';

/** How the classes of tokens become those of words and names. */
export type AggregationStrategy = NonNullable<TaggingQuery['aggregation_strategy']>;

/** How the vectors of tokens become one. */
export type Pooling = NonNullable<EmbeddingQuery['pooling']>;

/** One of the WebAssembly builds of the core, slowest first. */
export type BuildName = 'simd128' | 'relaxed-simd' | 'relaxed-simd-threads';

/** What computes. */
export interface RuntimeInfo {
  /** The build that runs. */
  build: BuildName;
  /** Whether it is the lean one: half the size, for models with BERT's usual tokenizer. */
  lean: boolean;
  /** Threads that compute, 1 without shared memory. */
  threads: number;
  /** A sentence saying why there are no threads; `null` if there are. */
  threads_off_reason: string | null;
  /** Version of the core. */
  version: string;
  /** Bytes of the instance's memory, when the model was ready. */
  wasm_bytes: number;
}

/** News of a load. */
export interface ProgressInfo {
  /**
   * Asked for, answered, underway, complete; `ready` when the model can be used. Before each `progress` of a file comes
   * `progress_total`, of all files. On the way: `waiting` (another tab fetches the file, or the server asked to wait),
   * `paused`, and `warning`, after which the load goes on.
   */
  status: 'initiate' | 'download' | 'progress' | 'progress_total' | 'waiting' | 'paused' | 'warning' | 'done' | 'ready';
  /** Of a warning: no room to keep the model, nowhere to keep it, no connection, so that a kept copy is used; or what `ModelInfo.warnings` says. */
  code?: 'quota' | 'no_storage' | 'offline' | ModelWarning;
  /** The model as it was asked for; absent for the default one. */
  name?: string;
  /** The file in question. */
  file?: string;
  /** Bytes so far. */
  loaded?: number;
  /** Bytes in all, where the server says so. */
  total?: number;
  /** How far it is, from 0 to 100, where `total` is known. */
  progress?: number;
  /** Of `progress_total`: how far each file is. */
  files?: Record<string, FileProgress>;
  /** Of `ready`: what the model was loaded for by `pipeline()`. */
  task?: string;
  /** Of `ready`: the model as it was asked for, `default` for the one that comes with the package. */
  model?: string;
  /** Bytes per second, smoothed. */
  rate?: number;
  /** How long it takes from here at that rate. */
  seconds_left?: number;
  /** How far the whole load is: all files of the model, and the program that runs it. */
  whole?: WholeLoad;
  /** What is being done, for people. */
  message: string;
}

/** How far a file is. */
export interface FileProgress {
  /** Bytes that are there. */
  loaded: number;
  /** Bytes in all. */
  total: number;
}

/** All files of a load taken together. */
export interface WholeLoad {
  /** Bytes that are there. */
  loaded: number;
  /** Bytes in all, once the weights' length is known. */
  total?: number;
  /** Bytes per second. */
  rate?: number;
  /** How long it takes from here at that rate. */
  seconds_left?: number;
}

/** A word for a mask. */
export type Candidate = Omit<PlacedCandidate, 'text' | 'joins'>;

/** A word for a mask, and where the mask stands (UTF-16 units of the text). */
export interface FillMaskOutput extends Candidate {
  /** Where the mask begins. */
  start: number;
  /** Where it ends, exclusive. */
  end: number;
}

/** How masks are written in most models. */
export type MaskToken = '[MASK]' | '<mask>';

/**
 * What fill-mask gives for a text: one list for one mask, a list of lists for several, and either where TypeScript does not
 * know the text.
 */
export type FilledMasks<T extends string> = T extends `${string}${MaskToken}${string}${MaskToken}${string}`
  ? FillMaskOutput[][]
  : T extends `${string}${MaskToken}${string}`
    ? FillMaskOutput[]
    : FillMaskOutput[] | FillMaskOutput[][];

/** All masks filled, each choice seen by the next. */
export interface JointFillOutput {
  /** The text with all masks filled. */
  sequence: string;
  /** Product of the chosen words' probabilities. */
  score: number;
  /** In the order of filling. */
  steps: JointStep[];
}

/** How natural a text reads to the model (Salazar et al. 2020). */
export interface PseudoPerplexityOutput {
  /** 1 for a text that could not be otherwise, the size of the vocabulary for blind guessing. */
  perplexity: number;
  /** In the order of the text. */
  tokens: ScoredToken[];
}

/** Does B follow A? */
export type NextSentenceOutput = Omit<Comparison, 'index'>;

/** One of several candidates for B. */
export interface RankedSentence extends Comparison {
  /** The candidate itself. */
  sentence: string;
}

/** An answer in the words of the context (`start` and `end` in UTF-16 units of it). */
export interface QuestionAnsweringOutput extends Answer {
  /** Probability that there is no answer in the context, beside the answer's own. */
  null_score: number;
}

/** What question answering gives: one answer with `top_k: 1`, a list with more. */
export type QuestionAnswers<K extends number> = K extends 1
  ? QuestionAnsweringOutput
  : number extends K
    ? QuestionAnsweringOutput | QuestionAnsweringOutput[]
    : QuestionAnsweringOutput[];

/** A text, or two that are judged together. */
export interface TextPair {
  /** The text, or the first of two. */
  text: string;
  /** The second one. */
  text_pair?: string;
}

/** A class and its score. */
export type TextClassificationOutput = ScoredLabel;

/** A token with its class (`start` and `end` in UTF-16 units of the text). */
export interface TaggedToken extends Omit<TaggedEntity, 'entity' | 'entity_group' | 'index'> {
  /** Its class: `B-PER`. */
  entity: string;
  /** Which token of the text it is, special ones counted. */
  index: number;
}

/** Tokens of one name with their class (`start` and `end` in UTF-16 units of the text). */
export interface TaggedGroup extends Omit<TaggedEntity, 'entity' | 'entity_group' | 'index'> {
  /** Their class, without `B-` or `I-`. */
  entity_group: string;
}

/** What token classification gives: tokens, or with an aggregation strategy groups of them. */
export type TokenClassificationOutput<S extends AggregationStrategy> = S extends 'none' ? TaggedToken : TaggedGroup;

/** Vectors as one list of numbers, row by row; the parts of a `Tensor` of transformers.js that say what is in it. */
export interface FeatureTensor<Nested = number[][] | number[][][]> {
  /** What the numbers are. */
  readonly type: 'float32';
  /** Texts and width of a vector; without pooling, texts, tokens and width. */
  readonly dims: readonly number[];
  /** The numbers, row by row. */
  readonly data: Float32Array;
  /** How many numbers there are. */
  readonly size: number;
  /** The numbers in lists. */
  tolist(): Nested;
  /** Without pooling: the tokens of each text, with their places in it (UTF-16 units), one for each of its vectors. */
  readonly tokens?: readonly (readonly TokenInfo[])[];
}

/** Vectors of tokens, with the tokens themselves. */
export type TokenFeatures = FeatureTensor<number[][][]> & Required<Pick<FeatureTensor, 'tokens'>>;

/** How long it took. */
export interface GenerationTiming {
  /** Reading the prompt, ms. */
  prefill_ms: number;
  /** Writing the tokens, ms. */
  decode_ms: number;
  /** Written tokens per second of decoding. */
  tokens_per_second: number;
}

/** A generated text. */
export interface TextGenerationOutput {
  /** Prompt and continuation; the continuation alone with `return_full_text: false`. */
  generated_text: string;
  /** The continuation. */
  text: string;
  /** What the continuation is made of. */
  tokens: GeneratedToken[];
  /** Why it ended. */
  finish_reason: FinishReason;
  /** The seed that was used: the same seed gives the same text. */
  seed: number;
  /** Tokens of the prompt. */
  prompt_tokens: number;
  /** How long it took. */
  timing: GenerationTiming;
}

/** Messages, of which there is a last one. */
export interface Conversation extends Array<ChatMessage> {
  at(index: -1): ChatMessage;
  at(index: number): ChatMessage | undefined;
}

/** The next turn of a conversation. */
export interface ChatOutput extends Omit<TextGenerationOutput, 'generated_text'> {
  /** The messages and the answer; the answer alone with `return_full_text: false`. */
  generated_text: Conversation;
}

/** A summary. */
export interface SummarizationOutput extends Omit<TextGenerationOutput, 'generated_text'> {
  /** The summary. */
  summary_text: string;
  /** What was read of the document. */
  plan: SummaryPlan;
}

/** Options that every call takes. */
export interface CallOptions {
  /** Stops the call; it rejects with code `aborted`. */
  signal?: AbortSignal;
  /** Stops this pipeline's running and waiting calls first. Without it, calls wait for each other. */
  replace?: boolean;
}

/** Options of fill-mask. */
export interface FillMaskOptions extends CallOptions, MaskQuery {}

/** Options of joint filling. */
export interface JointFillOptions extends CallOptions, Pick<JointQuery, 'top_k' | 'context'> {
  /** The order of filling. */
  joint: NonNullable<JointQuery['order']>;
  /** Called with each mask filled. */
  on_step?: (step: JointStep) => void;
}

/** Options of pseudo-perplexity. */
export interface PseudoPerplexityOptions extends CallOptions {
  /** Called with each batch of tokens scored. */
  on_tokens?: (tokens: ScoredToken[]) => void;
}

/** Options of next-sentence prediction. */
export interface NextSentenceOptions extends CallOptions {
  /** With several candidates: called with each one compared, in any order. */
  on_candidate?: (result: RankedSentence) => void;
}

/** A window of a long text was read. */
export interface WindowProgress {
  /** Which one, from 0. */
  index: number;
  /** How many there are. */
  windows: number;
}

/** Options of question answering. */
export interface QuestionAnsweringOptions<K extends number = number> extends CallOptions, Omit<AnswerQuery, 'top_k'> {
  /** Answers (1). */
  top_k?: K;
  /** Called with each window of a long context that was read. */
  on_window?: (progress: WindowProgress) => void;
}

/** Options of text classification. */
export interface TextClassificationOptions<K extends number | null = number | null>
  extends CallOptions, Omit<ClassificationQuery, 'top_k'> {
  /** Classes (1); `null` for all. */
  top_k?: K;
}

/** Options of token classification. */
export interface TokenClassificationOptions<S extends AggregationStrategy = AggregationStrategy>
  extends CallOptions, Omit<TaggingQuery, 'aggregation_strategy'> {
  /** How tokens become entities (`none`). */
  aggregation_strategy?: S;
  /** Called with each window of a long text that was read. */
  on_window?: (progress: WindowProgress) => void;
}

/** Options of feature extraction. */
export interface FeatureExtractionOptions extends CallOptions {
  /**
   * How the vectors of tokens become one (`none`); `first_token` is the same as `cls`, `eos` and `last_token` are the last
   * token's.
   */
  pooling?: Pooling | 'first_token' | 'last_token' | 'eos';
  /** Whether vectors have the length 1 (false). */
  normalize?: boolean;
  /** Whether of each number only its sign is kept, eight to a byte (false). */
  quantize?: boolean;
  /** What such bytes are: `int8` (`binary`) or `uint8` (`ubinary`). */
  precision?: 'binary' | 'ubinary';
}

/**
 * A message as it is given: it may have further fields, such as `name`, `tool_calls` or `reasoning_content`, and its content be of
 * several parts. The model's chat template sees them as they are, in their order.
 */
export interface ChatTurn {
  /** Who speaks. */
  role: string;
  /** What is said. */
  content: string | readonly Readonly<Record<string, unknown>>[] | null;
  [field: string]: unknown;
}

/** What a chat template is given besides the messages. */
export interface ChatOptions {
  /** Functions that the model may call, as JSON schemas. */
  tools?: readonly object[];
  /** Texts that the model may answer from. */
  documents?: readonly object[];
  /** Whether the last message is continued rather than answered; left out, it is if it is a text of the assistant's. */
  continue_final_message?: boolean;
  /** Further variables of the template (`enable_thinking`); `chat_template` names one of several templates, or is one. */
  tokenizer_encode_kwargs?: Readonly<Record<string, unknown>>;
}

/** Options of generation. */
export interface TextGenerationOptions extends CallOptions, SamplingOptions, ChatOptions, WritingOptions {
  /** Another template, or the name of one of the model's; the same as in `tokenizer_encode_kwargs`. */
  chat_template?: string;
  /** Whether `generated_text` begins with the prompt, or with the messages (true). */
  return_full_text?: boolean;
  /** Called with each token as it is written. */
  on_token?: (token: GeneratedToken, index: number) => void;
  /** Called while the prompt is read, with tokens read and in all. */
  on_prefill?: (progress: { done: number; total: number }) => void;
}

/** Options of everything that shows what goes on in a model. */
export interface InspectionOptions extends CallOptions {
  /** A second text, which the model reads with the first. */
  pair?: string;
}

/** Options of `inspect.attentions`. */
export interface AttentionOptions extends InspectionOptions {
  /** Which layer, from 0 (0). */
  layer?: number;
}

/** Options of `inspect.attention_heads`. */
export interface AttentionHeadsOptions extends InspectionOptions {
  /** Width and height of each picture at most (24). */
  size?: number;
}

/** Options of `inspect.attention_rollout`. */
export interface AttentionRolloutOptions extends InspectionOptions {
  /** Up to which layer, from 0 (the last one). */
  layer?: number;
}

/** Options of `inspect.nearest_tokens`. */
export interface NearestTokensOptions extends CallOptions {
  /** Neighbours of each token (8). */
  count?: number;
}

/** Options of `inspect.logit_lens`. */
export interface LogitLensOptions extends InspectionOptions {
  /** Guesses for each place (3). */
  top_k?: number;
  /** Called with how many vectors went through the head, of how many. */
  on_progress?: (progress: LensProgress) => void;
}

/** Options of `inspect.surprisal`. */
export interface SurprisalOptions extends CallOptions {
  /** Called while the text is read. */
  on_progress?: (progress: ReadingStep) => void;
}

/** Options of `inspect.next_token`. */
export interface NextTokenOptions extends CallOptions, NextTokenQuery {}

/** Options of `inspect.mask_for_training`. */
export interface MaskingOptions extends InspectionOptions, MaskingQuery {}

/** What decides how much of a document is read. */
export interface SummaryPlanOptions extends SummaryQuery {
  /** Tokens kept free for the summary (100). */
  max_new_tokens?: number;
}

/**
 * Options of a summary; the defaults are those of GPT-2's paper: top-k 2, 100 tokens, 3 sentences. A model that is asked in a
 * conversation takes the likeliest token each time (`do_sample: false`).
 */
export interface SummarizationOptions
  extends Omit<TextGenerationOptions, 'return_full_text' | 'chat_template' | keyof ChatOptions>, SummaryPlanOptions {}
