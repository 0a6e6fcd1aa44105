/** Messages between a page and a model's worker. */
import type { ErrorData } from './errors.js';
import type { LoadRequest } from './load-request.js';
import type { MaskPrediction } from './wasm-module.js';
import type {
  ChatMessage,
  FinishReason,
  GeneratedToken,
  JointStep,
  ModelInfo,
  NextSentenceOutput,
  ProgressInfo,
  RuntimeInfo,
  ScoredToken,
  SummaryPlan,
  TokenInfo,
} from './types.js';

/** What a finished text amounts to. */
export interface GenerationDone {
  text: string;
  finish_reason: FinishReason;
  prompt_tokens: number;
  plan?: SummaryPlan;
  prefill_ms: number;
  decode_ms: number;
}

/** The calls of a worker: parameters, result, and what they tell on the way. */
export interface Calls {
  load: { params: LoadRequest; result: { info: ModelInfo; runtime: RuntimeInfo }; event: ProgressInfo };
  tokenize: { params: { text: string; pair?: string }; result: TokenInfo[]; event: never };
  fill_mask: { params: { text: string; options: object }; result: MaskPrediction[]; event: never };
  joint_fill: {
    params: { text: string; options: object };
    result: { sequence: string; log_prob: number };
    event: JointStep;
  };
  next_sentences: {
    params: { a: string; candidates: string[] };
    result: null;
    event: ({ index: number } & NextSentenceOutput)[];
  };
  pseudo_perplexity: { params: { text: string }; result: { perplexity: number }; event: ScoredToken[] };
  generate: { params: { prompt: string; options: object }; result: GenerationDone; event: GenerationEvent };
  chat: { params: { messages: ChatMessage[]; options: object }; result: GenerationDone; event: GenerationEvent };
  summary_plan: { params: { document: string; options: object }; result: SummaryPlan; event: never };
  summarize: { params: { document: string; options: object }; result: GenerationDone; event: GenerationEvent };
}

/** News of a generation. */
export type GenerationEvent =
  | { type: 'plan'; plan: SummaryPlan }
  | { type: 'prefill'; done: number; total: number }
  | { type: 'token'; token: GeneratedToken };

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
