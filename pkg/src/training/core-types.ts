/** What the training core takes and gives: losses in nats, steps from 0. Of the runs it is generated from the core. */

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
  /** Upper layers that learn; 0: the head alone. The lower ones are computed once and kept. */
  trained_layers: number;
  epochs: number;
  batch_size: number;
  learning_rate: number;
  seed: number;
  /** GPT: λ of the auxiliary language-model loss; 0: off. */
  lm_weight: number;
  /** Share of the examples that is held back (0.2). */
  held_out_share?: number;
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

/** A fine-tuning as it begins or goes on. */
export interface TuneInfo {
  weights: number;
  trained_weights: number;
  examples: number;
  held_out: number;
  labels: string[];
  steps: number;
}

/** The examples held back, as they are predicted now. */
export interface TuneEvaluation {
  loss: number;
  accuracy: number;
  /** Rows: the true label. */
  confusion: number[][];
  predictions: { index: number; text: string; label: string; predicted: string; score: number }[];
  /** Question answering: shares of the answers that are right to the letter, and of their words. */
  exact_match?: number;
  f1?: number;
}

/** What a fine-tuned model is asked. */
export type TuneInput = { text: string; pair?: string } | { question: string; context: string };

/** Settings of ChatGPT's three steps. */
export interface ChatSettings {
  max_length: number;
  batch_size: number;
  learning_rate: number;
  epochs: number;
  /** Of DPO (0.1). */
  beta: number;
  seed: number;
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
