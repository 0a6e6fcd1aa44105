/** The surface of the wasm builds (crate/src/wasm), as wasm-bindgen exports it. */
import type {
  Candidate,
  ChatMessage,
  GeneratedToken,
  FinishReason,
  JointStep,
  ModelInfo,
  NextSentenceOutput,
  ScoredToken,
  SummaryPlan,
  TokenInfo,
} from './types.js';

/** One mask with its candidates. */
export interface MaskPrediction {
  start: number;
  end: number;
  candidates: Candidate[];
}

/** The small files of a model folder. */
export interface ModelFiles {
  config?: Uint8Array;
  tokenizer?: Uint8Array;
  vocab_txt?: Uint8Array;
  vocab_json?: Uint8Array;
  merges_txt?: Uint8Array;
  tokenizer_config?: Uint8Array;
  chat_template?: Uint8Array;
}

/** What one step of a generation did. */
export type GenerationStep =
  | { type: 'prefill'; done: number; total: number }
  | { type: 'search'; tokens: number }
  | { type: 'token'; token: GeneratedToken }
  | { type: 'done'; finish_reason: FinishReason; text: string; tail: string };

/** A text being generated. */
export interface WasmGeneration {
  next(): GenerationStep;
  prompt_tokens(): TokenInfo[];
  text(): string;
  plan(): SummaryPlan | undefined;
  free(): void;
}

/** Masks being filled. */
export interface WasmJointFill {
  next(): JointStep | undefined;
  sequence(): string;
  log_prob(): number;
  free(): void;
}

/** Candidates being compared, batch by batch. */
export interface WasmComparisons {
  next(): ({ index: number } & NextSentenceOutput)[] | undefined;
  free(): void;
}

/** A text whose tokens are being scored, batch by batch. */
export interface WasmScoring {
  next(): ScoredToken[] | undefined;
  perplexity(): number;
  free(): void;
}

/** A loaded model. */
export interface WasmModel {
  info(): ModelInfo;
  tokenize(text: string, pair?: string): TokenInfo[];
  fill_mask(text: string, options: object): MaskPrediction[];
  joint_fill(text: string, options: object): WasmJointFill;
  next_sentences(a: string, candidates: string[]): WasmComparisons;
  pseudo_perplexity(text: string): WasmScoring;
  generate(prompt: string, options: object): WasmGeneration;
  chat(messages: ChatMessage[], options: object): WasmGeneration;
  summary_plan(document: string, options: object): SummaryPlan;
  summarize(document: string, options: object): WasmGeneration;
  free(): void;
}

/** One build of the core. */
export interface WasmModule {
  default(options: {
    module_or_path: string | URL | WebAssembly.Module;
    memory?: WebAssembly.Memory;
  }): Promise<{ memory: WebAssembly.Memory }>;
  build_info(): { version: string; simd: string; threads: boolean };
  memory_bytes(): number;
  /** Bytes that could not be had, if that is what the instance has just trapped for; else 0. */
  refused_bytes(): number;
  ModelLoader: new (
    files: ModelFiles,
    dtype: string,
  ) => {
    /** The next bytes of a weight file. */
    push(chunk: Uint8Array): void;
    /** The file has ended; the next `push` begins another one of the same model. Not needed before `finish`. */
    end_file(): void;
    finish(): WasmModel;
    free(): void;
  };
  /** The files that a `model.safetensors.index.json` names, in order; each is checked to be a plain name in the same folder. */
  shard_names(index: Uint8Array): string[];
  /** Only in the build with threads: makes the calling worker a helper, for good. */
  startThread?: () => void;
}
