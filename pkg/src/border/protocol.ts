/** Messages between a page and a model's worker. */
import type { BuildChoice } from '../page/build-choice.js';
import type { Credentials } from '../files/download/request.js';
import type { ErrorData } from './errors.js';
import type { DefaultModel } from '../files/sources/defaults.js';
import type { ListedFile } from '../files/sources/remote-folder.js';
import type {
  ChatMessage,
  Comparison,
  DType,
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
  TextPrediction,
  TokenInfo,
} from './core.js';
import type { ProgressInfo, RuntimeInfo } from './types.js';

/** Where a model's files are. Folders' addresses end with a slash. */
export type ModelSource =
  | {
      kind: 'folder';
      name: string;
      base: string;
      model_file_name?: string;
      /** Of the address of the weights, such as a signature. */ query?: string;
    }
  | {
      kind: 'hub';
      name: string;
      id: string;
      revision: string;
      /** The address of the list of its files. */
      listing: string;
      /** The folder as asked for, and as it is called in the storage. */
      base: string;
      /** The folder of a commit, `{revision}`. */
      commit_base: string;
      model_file_name?: string;
    }
  | { kind: 'default'; id: DefaultModel; files: Record<string, ListedFile> }
  | { kind: 'files'; name: string; files: File[]; model_file_name?: string }
  | { kind: 'directory'; name: string; directory: FileSystemDirectoryHandle; model_file_name?: string };

/** What a worker is made for: one model. */
export interface LoadRequest {
  source: ModelSource;
  dtype: DType;
  choice: BuildChoice;
  /** Whether files are kept for the next time. */
  use_browser_cache: boolean;
  /** For the hub or the folder named, and for no one else. */
  credentials?: Credentials;
  /** Name of the `BroadcastChannel` on which a crashed thread says so: the worker itself then waits for it for ever. */
  alarm?: string;
}

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
  generate: Call<{ prompt: string; options: SamplingOptions }, GenerationDone, GenerationEvent>;
  chat: Call<{ messages: ChatMessage[]; options: SamplingOptions }, GenerationDone, GenerationEvent>;
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
