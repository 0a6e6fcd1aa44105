/** The training core as the worker sees it: what wasm-bindgen declares of a build that trains (`src/wasm-train`). */
import type { TrainedFile } from './core-types.js';
import type * as build from '../wasm-train/simd128/cloze.js';

/** Files of a model, by name. */
export type ModelFiles = Record<string, Uint8Array>;

/** A file of a trained folder. */
export type FolderFile = TrainedFile;

/** What every class of the core can do that learns. */
export type CoreLearner = Pick<build.TrainingRun, 'step' | 'is_over' | 'free'>;

/** A run from new weights. */
export type CoreRun = build.TrainingRun;

/** A model being fine-tuned. */
export type CoreTuning = build.FineTuning;

/** ChatGPT's three steps. */
export type CoreChat = build.ChatSteps;

/** ELMo's layers mixed for tagging. */
export type CoreTagger = build.ElmoTagger;

/** One build of the training core. */
export type TrainingCore = Pick<
  typeof build,
  | 'refused_bytes'
  | 'shard_names'
  | 'default_settings'
  | 'default_tune_settings'
  | 'run_cost'
  | 'TrainingRun'
  | 'FineTuning'
  | 'ChatSteps'
  | 'ElmoTagger'
>;
