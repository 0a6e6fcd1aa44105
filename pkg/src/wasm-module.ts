/** The surface of the wasm builds (crate/src/wasm), as wasm-bindgen exports it. */
import type {
  Candidate,
  GeneratedToken,
  FinishReason,
  JointStep,
  ModelInfo,
  NextSentenceOutput,
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

/** A loaded model. */
export interface WasmModel {
  info(): ModelInfo;
  tokenize(text: string, pair?: string): TokenInfo[];
  fill_mask(text: string, options: object): MaskPrediction[];
  joint_fill(text: string, options: object): WasmJointFill;
  next_sentence(a: string, b: string): NextSentenceOutput;
  generate(prompt: string, options: object): WasmGeneration;
  summary_plan(document: string, options: object): SummaryPlan;
  summarize(document: string, options: object): WasmGeneration;
  free(): void;
}

/** One build of the core. */
export interface WasmModule {
  default(options: { module_or_path: string | URL | WebAssembly.Module; memory?: WebAssembly.Memory }): Promise<{ memory: WebAssembly.Memory }>;
  build_info(): { version: string; simd: string; threads: boolean };
  memory_bytes(): number;
  ModelLoader: new (files: ModelFiles, dtype: string) => {
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
