/** Messages between a page and a model's worker. */
import type { ErrorData } from './errors.js';
import type { LoadRequest } from './load-request.js';
import type {
  AnswerQuery,
  AnswerResult,
  ChatRequest,
  ClassificationQuery,
  ClassificationResult,
  Comparison,
  Embeddings,
  EmbeddingQuery,
  FinishReason,
  GenerationStep,
  JointQuery,
  JointStep,
  MaskQuery,
  ModelInfo,
  SamplingOptions,
  ScoredToken,
  SummaryPlan,
  SummaryQuery,
  TaggedEntity,
  TaggingQuery,
  TextPrediction,
  TokenInfo,
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

/** A call: its parameters, its result, and what it tells on the way. */
interface Call<Params, Result, Event = never> {
  params: Params;
  result: Result;
  event: Event;
}

/** The calls of a worker; `worker/calls.ts` says what each of them runs in the core. */
export interface Calls {
  load: Call<LoadRequest, { info: ModelInfo; runtime: RuntimeInfo }, ProgressInfo>;
  tokenize: Call<{ text: string; pair?: string }, TokenInfo[]>;
  fill_mask: Call<{ text: string; options: MaskQuery }, TextPrediction>;
  joint_fill: Call<{ text: string; options: JointQuery }, { sequence: string; log_prob: number }, JointStep>;
  next_sentences: Call<{ a: string; candidates: string[] }, null, Comparison[]>;
  pseudo_perplexity: Call<{ text: string }, { perplexity: number }, ScoredToken[]>;
  answer_question: Call<{ question: string; context: string; options: AnswerQuery }, AnswerResult, WindowRead>;
  classify: Call<{ text: string; pair?: string; options: ClassificationQuery }, ClassificationResult>;
  tag: Call<{ text: string; options: TaggingQuery }, TaggedEntity[], WindowRead>;
  embed: Call<{ texts: string[]; options: EmbeddingQuery }, null, Embeddings>;
  generate: Call<{ prompt: string; options: SamplingOptions }, GenerationDone, GenerationEvent>;
  chat: Call<{ conversation: ChatRequest; options: SamplingOptions }, GenerationDone, GenerationEvent>;
  summary_plan: Call<{ document: string; options: SamplingOptions & SummaryQuery }, SummaryPlan>;
  summarize: Call<{ document: string; options: SamplingOptions & SummaryQuery }, GenerationDone, GenerationEvent>;
}

/** What a generation tells on the way. */
export type GenerationEvent =
  { type: 'plan'; plan: SummaryPlan } | Extract<GenerationStep, { type: 'prefill' | 'token' }>;

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
