/** What the training core takes and gives: losses in nats, steps from 0. Of the runs it is generated from the core. */

import type { LossPart } from '../border/training.js';

export type {
  BatchRow,
  BertObjectives,
  Evaluation,
  HeadAttention,
  Levels,
  LossPart,
  NextSentenceProbe,
  OptimizerSettings,
  Probe,
  ProbeMask,
  RunCost,
  RunInfo,
  SampleOptions,
  StepReport,
  TextToken,
  TokenGuess,
  TokenizerKind,
  TrainArchitecture,
  TrainSchedule,
  TrainSettings,
  TrainSize,
  TrainedFile,
  WordVectors,
} from '../border/training.js';

/** What a model is fine-tuned for. */
export type TuneTask = 'text-classification' | 'token-classification' | 'question-answering';

/** Settings of fine-tuning. */
export interface TuneSettings {
  task: TuneTask;
  /** Upper layers that learn beside the head; the lower ones read each example once, and what they make of it is kept. */
  trained_layers: number;
  epochs: number;
  batch_size: number;
  learning_rate: number;
  seed: number;
  /** GPT: what the loss of the language model is multiplied by; 0: it is left out. */
  lm_weight: number;
  /** Share of the examples that is held back (0.2). */
  held_out_share: number;
  /** Whether the layers that do not learn run in 8 bits. */
  quantized: boolean;
}

/** Examples of texts or pairs with a label each. */
export interface LabelledTexts {
  labels: string[];
  examples: { text: string; pair?: string; label: string }[];
}

/** Examples of words with a label each. */
export interface LabelledWords {
  labels: string[];
  examples: { words: string[]; labels: string[] }[];
}

/** Questions with their answers; `answer_start` in UTF-16 units of the context. */
export interface Questions {
  examples: { question: string; context: string; answer_start: number; answer_text: string }[];
}

/** What a model is fine-tuned on. */
export type TuneData = LabelledTexts | LabelledWords | Questions;

/** What a fine-tuning is about, and how far. */
export interface TuneInfo {
  architecture: 'bert' | 'gpt2';
  num_layers: number;
  weights: number;
  trained_weights: number;
  examples: number;
  held_out: number;
  /** Examples of which the end is not read. */
  cut: number;
  labels: string[];
  steps: number;
  steps_done: number;
}

/** The examples held back, as they are predicted now. */
export interface TuneEvaluation {
  step: number;
  loss: number;
  parts: LossPart[];
  accuracy: number;
  /** Of questions (SQuAD). */
  exact_match: number | null;
  f1: number | null;
  /** Rows: the true label; columns: the predicted one. */
  confusion: number[][];
  predictions: { index: number; text: string; label: string; predicted: string; score: number }[];
}

/** What a fine-tuned model is asked. */
export type TuneInput = { text: string; pair?: string } | { question: string; context: string };

/** Settings of ChatGPT's three steps; what is left out has its default. */
export interface ChatSettings {
  max_length?: number;
  batch_size?: number;
  learning_rate?: number;
  epochs?: number;
  /** Of DPO (0.1). */
  beta?: number;
  seed?: number;
}

/** What is different in one phase. */
export type ChatPhaseSettings = Pick<ChatSettings, 'batch_size' | 'learning_rate' | 'epochs' | 'beta'>;

/** A phase that was begun. */
export interface ChatPhaseInfo {
  kind: 'supervised' | 'reward' | 'preference';
  examples: number;
  /** Those that were longer than `max_length`. */
  cut: number;
  steps: number;
  steps_done: number;
  settings: ChatSettings;
}

/** What is there, and how far it is. */
export interface ChatInfo {
  weights: number;
  max_length: number;
  has_reward_model: boolean;
  phase: ChatPhaseInfo | null;
}

/** A response with the reward model's score. */
export interface RankedResponse {
  text: string;
  score: number;
}

/** An answer to learn from. */
export interface ChatExample {
  prompt: string;
  response: string;
}

/** Two answers, of which one was preferred. */
export interface ChatPair {
  prompt: string;
  chosen: string;
  rejected: string;
}

/** Settings of ELMo's tagging head; what is left out has its default. */
export interface TaggerSettings {
  epochs?: number;
  batch_size?: number;
  learning_rate?: number;
  seed?: number;
  held_out_share?: number;
}

/** What a tagger is about, and how far. */
export interface TaggerInfo {
  weights: number;
  trained_weights: number;
  examples: number;
  held_out: number;
  cut: number;
  labels: string[];
  steps: number;
  steps_done: number;
  settings: TaggerSettings;
}

/** Shares of the layers, the embeddings first, and what the mix is multiplied by. */
export interface ElmoMix {
  s: number[];
  gamma: number;
}

/** The vectors of one word in several contexts. */
export interface WordInContexts {
  /** Where it stands: the text and the place in it (UTF-16 units). */
  occurrences: { text: number; start: number; end: number }[];
  width: number;
  /** Layers + 1, occurrences, width. */
  layers: Float32Array;
  /** Occurrences, width. */
  mixed: Float32Array;
  /** Occurrences, occurrences: cosines. */
  similarities: Float32Array;
  /** Occurrences, 2: on the first two principal components. */
  points: Float32Array;
}
