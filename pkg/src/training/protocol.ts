/** What page and training worker say to each other: calls with an answer each, and what happens by itself. */
import type { ErrorData } from '../border/errors.js';
import type { BuildChoice, LoadRequest } from '../border/load-request.js';
import type { BuildName, ProgressInfo } from '../border/types.js';
import type {
  ChatExample,
  ChatPair,
  ChatPhase,
  ChatPhaseInfo,
  ChatPhaseSettings,
  ChatSettings,
  Evaluation,
  LabelledWords,
  RunCost,
  RunInfo,
  TaggerInfo,
  TaggerSettings,
  TrainArchitecture,
  TrainSettings,
  TrainSize,
  TuneData,
  TuneEvaluation,
  TuneInfo,
  TuneSettings,
  TuneTask,
} from './core-types.js';
import type { RunHistory, RunPlan, RunSample, StepPoint, TrainingRuntime } from './types.js';
import type { CoreChat, CoreRun, CoreTagger, CoreTuning, FolderFile } from './core.js';

/** What a worker is started with. */
export interface TrainingStart {
  choice: BuildChoice;
  /** Where the wasm of each build lies. */
  wasm: Readonly<Record<BuildName, string>>;
  /** The language of what the worker says; English where it is left out. */
  language?: string;
  /** Name of the `BroadcastChannel` on which a crashed thread says so. */
  alarm?: string;
}

/** A run that is open. */
export interface OpenedRun {
  id: string;
  name: string;
  info: RunInfo;
  plan: RunPlan;
  history: RunHistory;
}

/** Where a model to start from is: the files of a load, or a kept run. */
export type StartModel = Pick<LoadRequest, 'source' | 'use_browser_cache' | 'credentials'> | { run: string };

/** How something that learns from a model is kept. */
export interface KeepingOrder {
  name: string;
  /** Seconds between two savings; 0: after each step. */
  save_every: number;
  metadata: unknown;
}

/** What is open that learns from a model, and where it was left. */
export interface LearnerLeft {
  /** Empty for one that is not kept. */
  id: string;
  name: string;
  metadata: unknown;
  evaluate_every: number;
  steps: StepPoint[];
  evaluations: { step: number; evaluation: TuneEvaluation }[];
}

/** A fine-tuning. */
export interface OpenedTuning extends LearnerLeft {
  info: TuneInfo;
  settings: TuneSettings;
  data: TuneData;
}

/** A tagger on ELMo's layers. */
export interface OpenedTagger extends LearnerLeft {
  info: TaggerInfo;
}

/** ChatGPT's steps. */
export interface OpenedChat extends LearnerLeft {
  phases: { info: ChatPhaseInfo; steps: StepPoint[] }[];
}

/** The methods of an open object of the core that can be asked. */
export interface Asked {
  run: Pick<
    CoreRun,
    'evaluate' | 'sample' | 'probe' | 'next_sentence' | 'attention' | 'tokenize' | 'batch' | 'word_vectors'
  >;
  tuning: Pick<CoreTuning, 'evaluate' | 'predict'>;
  chat: Pick<CoreChat, 'sample' | 'score' | 'best_of' | 'info'>;
  tagger: Pick<CoreTagger, 'evaluate' | 'mix' | 'vectors'>;
}

/** Each call: its parameters and its result. */
export interface TrainingCalls {
  open: { params: TrainingStart; result: TrainingRuntime };
  default_settings: { params: { architecture: TrainArchitecture; size: TrainSize }; result: TrainSettings };
  default_tune_settings: { params: { task: TuneTask }; result: TuneSettings };
  cost: { params: { settings: TrainSettings }; result: RunCost };
  describe: { params: { model: StartModel }; result: { config: Record<string, unknown> } };
  run: { params: { settings: TrainSettings; text: string; name?: string; plan: RunPlan }; result: OpenedRun };
  resume: { params: { id: string; plan: Partial<RunPlan> }; result: OpenedRun };
  tune: {
    params: { model: StartModel; data: TuneData; settings: Partial<TuneSettings>; keeping: KeepingOrder | null };
    result: OpenedTuning;
  };
  chat: {
    params: { model: StartModel; settings: Partial<ChatSettings>; keeping: KeepingOrder | null };
    result: OpenedChat;
  };
  tagger: {
    params: {
      model: StartModel;
      data: LabelledWords;
      settings: Partial<TaggerSettings>;
      keeping: KeepingOrder | null;
    };
    result: OpenedTagger;
  };
  resume_tune: { params: { id: string }; result: OpenedTuning };
  resume_chat: { params: { id: string }; result: OpenedChat };
  resume_tagger: { params: { id: string }; result: OpenedTagger };
  /** Of what is open. */
  start: { params: { evaluate_every?: number }; result: null };
  pause: { params: null; result: null };
  step: { params: null; result: StepPoint };
  save: { params: null; result: null };
  plan: { params: Partial<RunPlan>; result: RunPlan };
  /** Of what learns from a model. */
  metadata: { params: { metadata: unknown }; result: null };
  phase: {
    params: { phase: ChatPhase; examples: readonly (ChatExample | ChatPair)[]; settings: ChatPhaseSettings };
    result: ChatPhaseInfo;
  };
  folder: { params: null; result: FolderFile[] };
  keep: { params: { name: string }; result: { id: string } };
  /** Of a kept run. */
  kept_folder: { params: { id: string }; result: FolderFile[] };
  ask: { params: { method: string; args: readonly unknown[] }; result: unknown };
  close: { params: null; result: null };
}

/** The name of a call. */
export type TrainingCall = keyof TrainingCalls;

/** What happens by itself. */
export type TrainingNews =
  | { type: 'step'; reports: StepPoint[] }
  | { type: 'preparing'; done: number; total: number }
  | { type: 'evaluation'; evaluation: Evaluation }
  | { type: 'tuned'; step: number; evaluation: TuneEvaluation }
  | { type: 'sample'; sample: RunSample }
  | { type: 'saved'; step: number; bytes: number }
  | { type: 'unsaved'; error: ErrorData }
  | { type: 'unsampled'; error: ErrorData }
  | { type: 'over'; step: number }
  | { type: 'failed'; error: ErrorData; fatal: boolean }
  | { type: 'loading'; progress: ProgressInfo };

/** To the worker. */
export interface TrainingRequest<N extends TrainingCall = TrainingCall> {
  id: number;
  call: N;
  params: TrainingCalls[N]['params'];
}

/** From the worker. */
export type TrainingResponse =
  | { id: number; kind: 'result'; result: unknown }
  | { id: number; kind: 'error'; error: ErrorData; fatal: boolean }
  | { kind: 'news'; news: TrainingNews };
