/** Messages between a page and a model's worker. */
import type { BuildChoice } from '../page/build-choice.js';
import type { Credentials } from '../files/download/request.js';
import type { ErrorData } from './errors.js';
import type { DefaultModel } from '../files/sources/defaults.js';
import type { ListedFile } from '../files/sources/remote-folder.js';
import type { MaskPrediction } from './wasm-module.js';
import type {
  ChatMessage,
  DType,
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
