/** The training core as the worker sees it: what wasm-bindgen declares of a build with the feature `train`. */
import type { AnswerResult, ClassificationResult, TaggedEntity } from '../border/core.js';
import type {
  BatchRow,
  ChatExample,
  ChatPair,
  ChatSettings,
  Evaluation,
  HeadAttention,
  LabelledWords,
  Probe,
  RunCost,
  RunInfo,
  SampleOptions,
  StepReport,
  TextToken,
  TrainedFile,
  TrainArchitecture,
  TrainSettings,
  TrainSize,
  TuneData,
  TuneEvaluation,
  TuneInfo,
  TuneInput,
  TuneSettings,
  WordVectors,
} from './core-types.js';

/** Files of a model, by name. */
export type ModelFiles = Record<string, Uint8Array>;

/** A file of a trained folder. */
export type FolderFile = TrainedFile;

/** What every class of the core can do that learns. */
export interface CoreLearner {
  step(): StepReport;
  is_over(): boolean;
  free(): void;
}

/** `TrainingRun` */
export interface CoreRun extends CoreLearner {
  info(): RunInfo;
  evaluate(batches: number): Evaluation;
  checkpoint(): Uint8Array;
  folder(): FolderFile[];
  sample(prompt: string, options: SampleOptions): string;
  probe(text: string, top_k: number, seed: number): Probe;
  next_sentence(a: string, b: string): { is_next_probability: number };
  attention(text: string, layer: number, head: number): HeadAttention;
  tokenize(text: string): TextToken[];
  batch(step: number, row: number): BatchRow;
  word_vectors(text: string): WordVectors;
}

/** `FineTuning` */
export interface CoreTuning extends CoreLearner {
  prepare(): { done: number; total: number };
  info(): TuneInfo;
  evaluate(): TuneEvaluation;
  predict(input: TuneInput): ClassificationResult | TaggedEntity[] | AnswerResult;
  checkpoint(): Uint8Array;
  folder(): FolderFile[];
}

/** `ChatSteps` */
export interface CoreChat extends CoreLearner {
  supervised(examples: readonly ChatExample[]): void;
  reward(pairs: readonly ChatPair[]): void;
  preference(pairs: readonly ChatPair[]): void;
  sample(prompt: string, options: SampleOptions & { before?: boolean }): string;
  score(prompt: string, response: string): number;
  checkpoint(): Uint8Array;
  folder(): FolderFile[];
}

/** `ElmoTagger` */
export interface CoreTagger extends CoreLearner {
  evaluate(): TuneEvaluation;
  mix(): { s: number[]; gamma: number };
  vectors(texts: readonly string[], word: string): unknown;
}

/** One build of the training core. */
export interface TrainingCore {
  refused_bytes(): number;
  default_settings(architecture: TrainArchitecture, size: TrainSize): TrainSettings;
  run_cost(settings: TrainSettings): RunCost;
  TrainingRun: {
    new (settings: TrainSettings, text: string): CoreRun;
    resume(checkpoint: Uint8Array, text: string): CoreRun;
  };
  FineTuning: new (given: { files: ModelFiles; settings: TuneSettings; data: TuneData }) => CoreTuning;
  ChatSteps: new (given: { files: ModelFiles; settings: ChatSettings }) => CoreChat;
  ElmoTagger: new (files: ModelFiles, data: LabelledWords, settings: object) => CoreTagger;
}
