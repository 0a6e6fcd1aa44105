/**
 * What the training core takes and gives, by the contract of its classes (`crate/src/wasm/train/`). Losses are in nats,
 * steps count from 0.
 */

/** Which model, and with it what it is trained on. */
export type TrainArchitecture = 'gpt' | 'bert' | 'elmo' | 'xlnet';

/** Sizes to begin with. */
export type TrainSize = 'small' | 'medium' | 'large';

/** All settings of a run: with the text, all that it depends on. */
export interface TrainSettings {
  architecture: TrainArchitecture;
  /** How text is cut; the vocabulary is learnt from the text. */
  tokenizer: 'word-piece' | 'byte-bpe' | 'characters';
  /** Tokens of the vocabulary at most. */
  vocab_size: number;
  /** Width of the hidden states. */
  hidden_size: number;
  num_layers: number;
  num_heads: number;
  /** Tokens that the model reads at once. */
  context: number;
  /** Texts of a step. */
  batch_size: number;
  /** Steps of the run. */
  steps: number;
  /** The learning rate: its highest, the steps of its rise, and the share of the steps in which it falls. */
  schedule: { peak: number; warmup: number; decay_share: number };
  optimizer: { muon: boolean; beta1: number; beta2: number; eps: number; weight_decay: number; momentum: number };
  /** Gradients that are longer are shortened to it; 0: never. */
  clip: number;
  dropout: number;
  seed: number;
  /** What BERT is trained on. */
  bert: { mlm: boolean; nsp: boolean; mlm_probability: number; always_mask: boolean };
}

/** What a run of these settings costs. */
export interface RunCost {
  weights: number;
  flops_per_step: number;
  memory_bytes: number;
  tokens_per_step: number;
}

/** Cross-entropies of the held-out text without a neural network, nats a token. */
export interface Levels {
  uniform: number;
  unigram: number;
  bigram: number;
  /** Nats a token / (this · ln 2) are bits a byte. */
  bytes_per_token: number;
}

/** A run as it begins or goes on. */
export interface RunInfo {
  settings: TrainSettings;
  weights: number;
  vocab_size: number;
  levels: Levels;
  training_tokens: number;
  held_out_tokens: number;
  steps_done: number;
}

/** One part of a loss. */
export interface LossPart {
  /** `lm`, `mlm`, `nsp`, `forward`, `backward`, `plm`; of fine-tuning and chat their own. */
  name: string;
  loss: number;
  /** Predictions that it is the mean of. */
  predictions: number;
  /** Share whose first guess was right, where it was asked for. */
  accuracy: number | null;
}

/** What a step did. */
export interface StepReport {
  /** Its number, from 0. */
  step: number;
  loss: number;
  parts: LossPart[];
  learning_rate: number;
  /** Length of the gradient before it was clipped. */
  gradient_norm: number;
  /** Tokens read, padding left out. */
  tokens: number;
}

/** The loss on the text held back. */
export interface Evaluation {
  /** Steps done before it. */
  step: number;
  loss: number;
  parts: LossPart[];
}

/** How a text is drawn. */
export interface SampleOptions {
  /** Tokens at most (60). */
  max_new_tokens?: number;
  /** 0.8 */
  temperature?: number;
  /** 40 */
  top_k?: number;
  /** 1 */
  seed?: number;
}

/** A token and its probability. */
export interface TokenGuess {
  token: string;
  probability: number;
}

/** Guesses for the masks of a text. */
export interface Probe {
  masks: { index: number; candidates: TokenGuess[] }[];
}

/** What one head pays attention to. */
export interface HeadAttention {
  tokens: string[];
  /** Row by row, tokens × tokens: how much of the column's token each row's token takes. */
  attentions: Float32Array;
}

/** A token of a text, with its place (UTF-16 units). */
export interface TextToken {
  token: string;
  id: number;
  start: number;
  end: number;
}

/** What the model is given in one row of a step. */
export type BatchRow =
  | {
      kind: 'bert';
      tokens: string[];
      labels: (string | null)[];
      kinds: ('mask' | 'random' | 'keep' | null)[];
      is_next: boolean | null;
    }
  | { kind: 'gpt' | 'elmo'; tokens: string[] }
  | {
      kind: 'xlnet';
      tokens: string[];
      order: number[];
      targets: number[];
      /** Row by row, tokens × tokens, 1 where the row's position sees the column's. */
      content_mask: Uint8Array;
      query_mask: Uint8Array;
    };

/** ELMo's vectors of a text: embeddings and both LSTM layers, forward beside backward. */
export interface WordVectors {
  tokens: string[];
  hidden_size: number;
  /** Layers + 1, tokens, width. */
  layers: Float32Array;
}

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
