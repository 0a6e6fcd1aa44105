/** The training core as the worker sees it: what wasm-bindgen declares of a build with the feature `train`. */
import type { AnswerResult, ClassificationResult, TaggedEntity } from '../border/core.js';
import type {
  BatchRow,
  ChatExample,
  ChatInfo,
  ChatPair,
  ChatPhaseInfo,
  ChatPhaseSettings,
  ChatSettings,
  ElmoMix,
  Evaluation,
  HeadAttention,
  LabelledWords,
  NextSentenceProbe,
  Probe,
  RankedResponse,
  RunCost,
  RunInfo,
  SampleOptions,
  StepReport,
  TaggerInfo,
  TaggerSettings,
  TextToken,
  TrainArchitecture,
  TrainSettings,
  TrainSize,
  TrainedFile,
  TuneData,
  TuneEvaluation,
  TuneInfo,
  TuneInput,
  TuneSettings,
  TuneTask,
  WordInContexts,
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
  next_sentence(a: string, b: string): NextSentenceProbe;
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
  folder(): FolderFile[];
}

/** `ChatSteps` */
export interface CoreChat extends CoreLearner {
  supervised(examples: readonly ChatExample[], settings?: ChatPhaseSettings): ChatPhaseInfo;
  reward(pairs: readonly ChatPair[], settings?: ChatPhaseSettings): ChatPhaseInfo;
  preference(pairs: readonly ChatPair[], settings?: ChatPhaseSettings): ChatPhaseInfo;
  prepare(): { done: number; total: number };
  info(): ChatInfo;
  sample(prompt: string, options: SampleOptions & { before?: boolean }): string;
  score(prompt: string, response: string): number;
  best_of(prompt: string, count: number, options: SampleOptions): RankedResponse[];
  folder(): FolderFile[];
}

/** `ElmoTagger` */
export interface CoreTagger extends CoreLearner {
  info(): TaggerInfo;
  evaluate(): TuneEvaluation;
  mix(): ElmoMix;
  vectors(texts: string[], word: string): WordInContexts;
  folder(): FolderFile[];
}

/** One build of the training core. */
export interface TrainingCore {
  refused_bytes(): number;
  default_settings(architecture: TrainArchitecture, size: TrainSize): TrainSettings;
  default_tune_settings(task: TuneTask): TuneSettings;
  run_cost(settings: TrainSettings): RunCost;
  TrainingRun: {
    new (settings: TrainSettings, text: string): CoreRun;
    resume(checkpoint: Uint8Array, text: string): CoreRun;
  };
  FineTuning: new (given: { files: ModelFiles; settings: Partial<TuneSettings>; data: TuneData }) => CoreTuning;
  ChatSteps: new (given: { files: ModelFiles; settings: ChatSettings }) => CoreChat;
  ElmoTagger: new (files: ModelFiles, data: LabelledWords, settings: TaggerSettings) => CoreTagger;
}
