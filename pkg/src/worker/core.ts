/** The core as the worker sees it: what wasm-bindgen declares of a build (`src/wasm`, checked by `cargo xtask`). */
import type * as build from '../wasm/simd128/cloze.js';
import type { InitOutput } from '../wasm/simd128/cloze.js';

/** A loaded model. */
export type Model = build.Model;

/** A tokenizer without a model. */
export type TextTokenizer = build.TextTokenizer;

/** Texts whose tokens are being scored. */
export type Scoring = build.Scoring;

/** A text being generated. */
export type Generation = build.Generation;

/** One build of the core. Its classes but for the loader are only ever made by the core itself. */
export interface Core extends Pick<
  typeof build,
  'build_info' | 'memory_bytes' | 'refused_bytes' | 'shard_names' | 'ModelLoader' | 'TextTokenizer'
> {
  /** Makes the instance. Threads are made on the memory of the first one. */
  default(options: {
    module_or_path: WebAssembly.Module;
    memory?: WebAssembly.Memory;
  }): Promise<Pick<InitOutput, 'memory'>>;
  /** Only in the build with threads: makes the calling worker a helper, for good. */
  startThread?: () => void;
}
