/** What learns from a model: fine-tuning, ChatGPT's steps, ELMo's tagging head. */
import type { AnswerResult, ClassificationResult, TaggedEntity } from '../border/core.js';
import type { ClozeError } from '../border/errors.js';
import type { ProgressInfo } from '../border/types.js';
import type {
  ChatExample,
  ChatInfo,
  ChatPair,
  ChatPhase,
  ChatPhaseInfo,
  ChatPhaseSettings,
  ElmoMix,
  RankedResponse,
  SampleOptions,
  TaggerInfo,
  TuneData,
  TuneEvaluation,
  TuneInfo,
  TuneInput,
  TuneSettings,
  WordInContexts,
} from './core-types.js';
import type { Learner, LearnerEvent, Saved, StepPoint } from './learner-types.js';

/** What learns from a model. */
export type LearnerKind = 'fine-tuning' | 'chat' | 'tagger';

/** Something that learns from a model, as it was last saved. */
export interface SavedLearner extends Saved {
  kind: LearnerKind;
  /** Steps that are kept, of all of them; of chat those of the phase that was begun last. */
  steps: number;
  total: number;
  /** What was given to be found again. */
  metadata: unknown;
}

/** Options of what starts from a model. */
export interface LearnerOptions {
  /** For people; what it learns if left out. */
  name?: string;
  /** Whether it is kept in the browser's storage while it learns (true), until {@link TrainingHost.remove}. */
  kept?: boolean;
  /** Seconds between two savings (5), more where they would take a tenth of the time; 0: after each step. */
  save_every?: number;
  /** What is to be found again beside it ({@link SavedLearner}): anything that JSON can hold. */
  metadata?: unknown;
  /** Hears of the model's load. */
  progress_callback?: (progress: ProgressInfo) => void;
  signal?: AbortSignal;
}

/** What tells whether it is kept. */
export type KeepingEvent =
  /** All up to this number of steps is kept. */
  | { type: 'saved'; step: number; bytes: number }
  /** It could not be saved (`storage_full`, `not_kept`): it goes on and is lost with its tab. It tries again each time. */
  | { type: 'unsaved'; error: ClozeError };

/** What fine-tuning tells. */
export type TuneEvent =
  | LearnerEvent
  | KeepingEvent
  /** Frozen layers are computed, once: examples done, of how many. */
  | { type: 'preparing'; done: number; total: number }
  | { type: 'evaluation'; step: number; evaluation: TuneEvaluation };

/** What a fine-tuned model answers: all labels of a text or pair; the labels of its tokens; answers to a question. */
export type TunePrediction = ClassificationResult | TaggedEntity[] | AnswerResult;

/** What learns from a model and is kept while it does, and whose model can be kept ({@link TrainingHost.models}) for use. */
export interface Keepable {
  /** Finds it again, see {@link TrainingHost.learners}; empty for one that is not kept. */
  readonly id: string;
  readonly name: string;
  /** What was given to be found again. */
  readonly metadata: unknown;
  change_metadata(metadata: unknown): Promise<void>;
  /** Saves now. @throws ClozeError `storage_full`, `not_kept` */
  save(): Promise<void>;
  /** Keeps the model as it is now, in the place of what was kept of it before; returns the id. @throws ClozeError `storage_full`, `not_kept` */
  keep(name: string): Promise<string>;
}

/** A model being fine-tuned. `start` prepares it first. */
export interface FineTune extends Learner<TuneEvent>, Keepable {
  /** As it was begun, or resumed. */
  readonly info: TuneInfo;
  readonly settings: TuneSettings;
  readonly data: TuneData;
  readonly history: {
    readonly steps: readonly StepPoint[];
    readonly evaluations: readonly { step: number; evaluation: TuneEvaluation }[];
  };
  /** Steps between two evaluations; 0: only at the end. Once an epoch if it was not set. */
  evaluate_every: number;
  evaluate(): Promise<TuneEvaluation>;
  predict(input: TuneInput): Promise<TunePrediction>;
}

/** What ChatGPT's steps tell. */
export type ChatEvent =
  | LearnerEvent
  | KeepingEvent
  /** Before DPO the model as it is reads the responses: done, of how many. */
  | { type: 'preparing'; done: number; total: number };

/** A GPT that is taught to answer. Each phase is begun, then started as everything that learns. */
export interface ChatTraining extends Learner<ChatEvent>, Keepable {
  /** The one that was begun last. */
  readonly phase: ChatPhaseInfo | undefined;
  /** The phases that were begun, in their order. */
  readonly history: readonly { phase: ChatPhase; steps: readonly StepPoint[] }[];
  /** Responses that people wrote. */
  supervised(examples: readonly ChatExample[], settings?: ChatPhaseSettings): Promise<ChatPhaseInfo>;
  /** A reward model from choices between two responses. */
  reward(pairs: readonly ChatPair[], settings?: ChatPhaseSettings): Promise<ChatPhaseInfo>;
  /** The choices themselves, by DPO. */
  preference(pairs: readonly ChatPair[], settings?: ChatPhaseSettings): Promise<ChatPhaseInfo>;
  info(): Promise<ChatInfo>;
  /** As it answers now; `before: true`: as it did before this phase. */
  sample(prompt: string, options?: SampleOptions & { before?: boolean }): Promise<string>;
  /** What the reward model thinks of an answer. @throws ClozeError `no_reward_model` */
  score(prompt: string, response: string): Promise<number>;
  /** Several responses, those with the highest scores first. @throws ClozeError `no_reward_model` */
  best_of(prompt: string, count: number, options?: SampleOptions): Promise<RankedResponse[]>;
}

/** ELMo's layers mixed for a tagging task. */
export interface ElmoTagging extends Learner<TuneEvent>, Keepable {
  /** As it was begun. */
  readonly info: TaggerInfo;
  readonly history: FineTune['history'];
  /** Steps between two evaluations; 0: only at the end. Once an epoch if it was not set. */
  evaluate_every: number;
  evaluate(): Promise<TuneEvaluation>;
  /** How the layers are mixed now. */
  mix(): Promise<ElmoMix>;
  /** The vectors of a word wherever it stands in the texts. @throws ClozeError `word_not_found` */
  vectors(texts: readonly string[], word: string): Promise<WordInContexts>;
}
