/**
 * Training in the page: what `cloze/training` gives. Each run learns in a worker of its own, and is kept in the browser's
 * storage every few seconds, so that a closed or killed tab goes on from there and ends with the same bits.
 *
 * Names of methods and options are written as in the rest of the package (`word_vectors`, `evaluate_every`).
 */
import type { ClozeError } from '../border/errors.js';
import type { BuildName } from '../border/types.js';
import type { ModelArgument } from '../page/model-source.js';
import type {
  BatchRow,
  ChatSettings,
  Evaluation,
  HeadAttention,
  LabelledWords,
  NextSentenceProbe,
  Probe,
  RunCost,
  RunInfo,
  SampleOptions,
  TaggerSettings,
  TextToken,
  TrainArchitecture,
  TrainSettings,
  TrainSize,
  TuneData,
  TuneSettings,
  TuneTask,
  WordVectors,
} from './core-types.js';
import type { Learner, LearnerEvent, Saved, StepPoint } from './learner-types.js';
import type { ChatTraining, ElmoTagging, FineTune, LearnerOptions, SavedLearner } from './tune-types.js';


export type { ChatPhase } from './core-types.js';
export type * from './learner-types.js';
export type * from './tune-types.js';

/** Options of `openTraining`. */
export interface TrainingOptions {
  /** The build of the core; chosen by the browser's abilities if left out. */
  build?: 'auto' | BuildName;
  /** At most this many threads; 1 for none. */
  threads?: number;
  /** Where the training wasm of each build lies, if not beside the package's own files. */
  wasm_paths?: Partial<Record<BuildName, string>>;
}

/** What computes. */
export interface TrainingRuntime {
  build: BuildName;
  threads: number;
  /** A sentence, `null` if there are threads. */
  threads_off_reason: string | null;
}

/** Trains models, and knows the runs that this browser keeps. */
export interface TrainingHost {
  /** What computes. */
  readonly runtime: TrainingRuntime;
  /** Settings that learn, to begin with. */
  default_settings(architecture: TrainArchitecture, size: TrainSize): Promise<TrainSettings>;
  /**
   * What a run costs.
   *
   * @throws ClozeError `invalid_setting` (`details.setting`)
   */
  cost(settings: TrainSettings): Promise<RunCost>;
  /**
   * A new run, paused before its first step and kept already (where it can be; else the first event is `unsaved`).
   *
   * @throws ClozeError `invalid_setting`, `text_too_short`, `out_of_memory`
   */
  run(settings: TrainSettings, text: string, options?: RunOptions): Promise<Run>;
  /** The runs that this browser keeps, last saved first. */
  runs(): Promise<SavedRun[]>;
  /** The fine-tuned models that it keeps ({@link Keepable}), last saved first. */
  models(): Promise<SavedModel[]>;
  /**
   * Goes on with a kept run: paused, where it was last saved.
   *
   * @throws ClozeError `in_use` (another tab, or this one, has it open), `not_found`, `invalid_checkpoint`
   */
  resume(id: string, options?: RunOptions): Promise<Run>;
  /** The curves and samples of a kept run, open or not: for comparing. @throws ClozeError `not_found` */
  history(id: string): Promise<RunHistory>;
  /** The text of a kept run. @throws ClozeError `not_found` */
  text(id: string): Promise<string>;
  /** The model of a kept run, or a kept model, as it was last saved, as {@link Learner.folder}. @throws ClozeError `not_found` */
  folder(id: string): Promise<File[]>;
  /** @throws ClozeError `in_use` while it is open here or in another tab */
  remove(id: string): Promise<void>;
  /** Calls `listener` when a run was made, saved or removed, in this tab or another. Returns how to stop hearing. */
  on_change(listener: () => void): () => void;
  /** Settings that learn a task from some ten examples on. */
  default_tune_settings(task: TuneTask): Promise<TuneSettings>;
  /** What a model to start from is, by its configuration. */
  describe(model: LearnerModel): Promise<ModelDescription>;
  /** Fine-tunes the page's own model (`bert`, `gpt`), a folder (`run.folder()`), or any other that `pipeline` takes. */
  fine_tune(
    model: LearnerModel,
    data: TuneData,
    settings: Partial<TuneSettings> & Pick<TuneSettings, 'task'>,
    options?: LearnerOptions,
  ): Promise<FineTune>;
  /** ChatGPT's three steps on a GPT. */
  chat(model: LearnerModel, settings?: Partial<ChatSettings>, options?: LearnerOptions): Promise<ChatTraining>;
  /** ELMo's layers mixed for tagging; `model` is the folder of an ELMo that was trained here. */
  elmo_tagger(
    model: readonly File[] | { run: string },
    data: LabelledWords,
    settings?: Partial<TaggerSettings>,
    options?: LearnerOptions,
  ): Promise<ElmoTagging>;
  /** What learns from a model, and is kept, last saved first: a closed or killed tab goes on with it. */
  learners(): Promise<SavedLearner[]>;
  /**
   * Goes on with a kept fine-tuning: paused, where it was last saved, and with the same bits as if there had been no break.
   *
   * @throws ClozeError `in_use`, `not_found`, `invalid_checkpoint`; `other_data` where its model's address has another one now
   */
  resume_fine_tune(id: string, options?: Pick<LearnerOptions, 'signal' | 'progress_callback'>): Promise<FineTune>;
  /** The same with ChatGPT's steps. */
  resume_chat(id: string, options?: Pick<LearnerOptions, 'signal' | 'progress_callback'>): Promise<ChatTraining>;
  /** The same with a tagger on ELMo's layers. */
  resume_elmo_tagger(id: string, options?: Pick<LearnerOptions, 'signal' | 'progress_callback'>): Promise<ElmoTagging>;
  /** Saves and closes all that is open. */
  close(): Promise<void>;
}

/** A model to start from: one of the page's own, a kept run by its id, a folder, or what else `pipeline` takes. */
export type LearnerModel =
  'bert' | 'gpt' | { run: string } | readonly File[] | Exclude<ModelArgument, null | undefined>;

/** What is known of a model before it is loaded. */
export interface ModelDescription {
  model_type: string;
  num_layers: number;
  hidden_size: number;
}

/** What a run said on the way. */
export type RunSample =
  /** GPT, ELMo: what was written behind the prompt. `step`: steps done before it. */
  | { kind: 'text'; step: number; prompt: string; text: string }
  /** BERT, XLNet: guesses for the marks of the text. */
  | { kind: 'probe'; step: number; text: string; probe: Probe };

/** All that a run told so far. It is kept with the run, and goes on with it. */
export interface RunHistory {
  readonly steps: readonly StepPoint[];
  readonly evaluations: readonly Evaluation[];
  readonly samples: readonly RunSample[];
}

/** What a run tells. */
export type RunEvent =
  | LearnerEvent
  | { type: 'evaluation'; evaluation: Evaluation }
  | { type: 'sample'; sample: RunSample }
  /** All up to this number of steps is kept. */
  | { type: 'saved'; step: number; bytes: number }
  /** It could not be saved (`storage_full`, `not_kept`): it goes on and is lost with its tab. It tries again each time. */
  | { type: 'unsaved'; error: ClozeError }
  /** The plan's sample was refused, as a probe without a mask: there are none until the plan changes. */
  | { type: 'unsampled'; error: ClozeError };

/** How a run is accompanied. It can be changed on the way; the bits of the model do not depend on it. */
export interface RunPlan {
  /** Steps between two losses on the held-out text (50); 0: never. There is one after the first step, and at the end. */
  evaluate_every: number;
  /** Batches of the held-out text for each (8). */
  evaluate_batches: number;
  /** Steps between two samples (100); 0: never. There is one after the first step, and at the end. */
  sample_every: number;
  /** What is asked for: GPT and ELMo continue `prompt`, BERT and XLNet fill the marks (`[MASK]`) of `probe`. */
  sample: { prompt?: string; probe?: string; top_k?: number; options?: SampleOptions };
  /** Seconds between two savings (5), more where they would take a tenth of the time; 0: after each step. */
  save_every: number;
  /** Whether it rests while its tab is not seen (`go_on`). */
  when_hidden: 'go_on' | 'pause';
}

/** Options of a run. */
export interface RunOptions extends Partial<RunPlan> {
  /** For people; the architecture and the date if left out. */
  name?: string;
}

/** A model being trained from new weights. */
export interface Run extends Learner<RunEvent> {
  /** Finds it again, see {@link TrainingHost.resume}. */
  readonly id: string;
  readonly name: string;
  /** As it was made or resumed. */
  readonly info: RunInfo;
  readonly steps_done: number;
  /** All points so far; it grows. */
  readonly history: RunHistory;
  /** How it is accompanied. */
  readonly plan: Readonly<RunPlan>;
  change_plan(change: Partial<RunPlan>): Promise<void>;
  /** Saves now. @throws ClozeError `storage_full`, `not_kept` */
  save(): Promise<void>;
  evaluate(batches?: number): Promise<Evaluation>;
  /** GPT and ELMo. @throws ClozeError `no_samples` */
  sample(prompt: string, options?: SampleOptions): Promise<string>;
  /** BERT and XLNet: the marks `[MASK]` of a text; XLNet fills them in an order drawn by `seed`. @throws ClozeError `no_mask`, `no_probes` */
  probe(text: string, top_k?: number, seed?: number): Promise<Probe>;
  /** BERT with NSP. */
  next_sentence(a: string, b: string): Promise<NextSentenceProbe>;
  /** BERT, GPT, XLNet; layer and head from 0. */
  attention(text: string, layer: number, head: number): Promise<HeadAttention>;
  tokenize(text: string): Promise<TextToken[]>;
  /** What the model was or will be given in a row of a step. */
  batch(step: number, row: number): Promise<BatchRow>;
  /** ELMo. */
  word_vectors(text: string): Promise<WordVectors>;
}

/** A model that was fine-tuned and kept: a folder that can be used ({@link TrainingHost.folder}). */
export type SavedModel = Saved;

/** A run in the browser's storage. */
export interface SavedRun extends Saved {
  settings: TrainSettings;
  /** As it was last saved. */
  info: RunInfo;
  /** Steps that are kept, of `settings.steps`. */
  steps: number;
  /** Of the last kept step; `null` before the first. */
  last_loss: number | null;
  /** On the held-out text, the last one; `null` if there is none. */
  last_evaluation: number | null;
  /** Length of its text, UTF-16 units. */
  text_length: number;
}
