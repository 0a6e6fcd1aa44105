/** What a load can be told. */
import type { DefaultModel, DefaultTokenizer } from '../border/load-request.js';
import type { DType, ProgressInfo } from '../border/types.js';
import type { BuildOption } from './build-choice.js';
import type { LoadControl } from './load-control.js';

/** Options of `pipeline`. */
export interface PipelineOptions {
  /** How weights are stored: `q8` (default), `q4` or `fp32`. What a GGUF file has in 4 bits stays so under `q8`. */
  dtype?: DType;
  /** Only `wasm` (default). */
  device?: 'wasm';
  /** The build of the core; chosen by the browser's abilities if left out. */
  build?: BuildOption;
  /** At most this many threads; 1 for none. */
  threads?: number;
  /** The weight file in the folder, or the index of several, if it is none of the usual ones. */
  model_file_name?: string;
  /** Branch, tag or commit of a hub id (`main`); the same as `owner/name@revision`. */
  revision?: string;
  /**
   * For models that are not given to everybody: sent to the hub, or to the origin of the folder that is named, and to no
   * one else. It is kept nowhere. Left out, it is `env.token` for the hub.
   */
  token?: string;
  /** Hears of the load, and of a second one after a crash. */
  progress_callback?: (progress: ProgressInfo) => void;
  /** Stops the load. What has arrived is kept, and the next load goes on from there. */
  signal?: AbortSignal;
  /**
   * Pauses the load and lets it go on. Pipelines that share a model share its pauses: each one's control is paused with it
   * and any one lets it go on. A pause ends with the pipelines that asked for it.
   */
  control?: LoadControl;
}

/** Options of `openModel`. */
export interface OpenModelOptions extends PipelineOptions {
  /** Which one, when `model` is left out (`bert`). */
  default_model?: DefaultModel;
}

/** Options of `openTokenizer`. */
export interface OpenTokenizerOptions extends Pick<
  PipelineOptions,
  'build' | 'revision' | 'token' | 'progress_callback' | 'signal'
> {
  /** Which of the package's own is opened when no model is named (`bert`); `unigram` is SentencePiece's kind. */
  default_tokenizer?: DefaultTokenizer;
}
