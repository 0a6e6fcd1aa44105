/**
 * What crosses the border of the builds with training: settings, results, errors.
 *
 * Generated from crate/src by `cargo xtask types`: do not edit.
 */

/** Which model, and with it what it is trained on. */
export type TrainArchitecture = 'gpt' | 'bert' | 'elmo' | 'xlnet';

/** How text is cut. The vocabulary is learnt from the text. */
export type TokenizerKind = 'word-piece' | 'byte-bpe' | 'characters';

/** Sizes to begin with. */
export type TrainSize = 'small' | 'medium' | 'large';

/** What BERT is trained on. */
export interface BertObjectives {
  /** Masked words. */
  mlm: boolean;
  /** Next sentences: whether the second part follows the first. */
  nsp: boolean;
  /** Share of the tokens that is to be guessed. */
  mlm_probability: number;
  /** Whether all of these become `[MASK]`, instead of 80 %. */
  always_mask: boolean;
}

/** The learning rate of each step. */
export interface TrainSchedule {
  /** The highest rate. */
  peak: number;
  /** Steps in which it rises to the peak. */
  warmup: number;
  /** The last share of the steps, in which it falls to zero. */
  decay_share: number;
}

/** Which optimizer, with its settings. */
export interface OptimizerSettings {
  /** Whether Muon takes the layers' matrices; AdamW takes the rest, or all. */
  muon: boolean;
  /** Decay of the mean gradient (AdamW). */
  beta1: number;
  /** Decay of the mean squared gradient (AdamW). */
  beta2: number;
  /** Added to the root of the mean squared gradient (AdamW). */
  eps: number;
  /** Share of the weights, times the learning rate, that each step takes off; of biases and layer norms nothing. */
  weight_decay: number;
  /** Decay of Muon's momentum. */
  momentum: number;
}

/** All settings of a run. */
export interface TrainSettings {
  /** Which model. */
  architecture: TrainArchitecture;
  /** How text is cut. */
  tokenizer: TokenizerKind;
  /** Tokens of the vocabulary at most. */
  vocab_size: number;
  /** Width of the hidden states. */
  hidden_size: number;
  /** Number of blocks or layers. */
  num_layers: number;
  /** Attention heads per block, which divide the width. */
  num_heads: number;
  /** Tokens that the model reads at once. */
  context: number;
  /** Texts of a step. */
  batch_size: number;
  /** Steps of the run. */
  steps: number;
  /** The learning rate of each step. */
  schedule: TrainSchedule;
  /** The optimizer. */
  optimizer: OptimizerSettings;
  /** Gradients that are longer than this together are shortened to it; 0: never. */
  clip: number;
  /** Probability with which a value is dropped out. */
  dropout: number;
  /** What every random choice follows from. */
  seed: number;
  /** What BERT is trained on. */
  bert: BertObjectives;
}

/** What a run costs. A text with few different words has a smaller vocabulary than allowed, and costs less. */
export interface RunCost {
  /** Numbers that are learnt. */
  weights: number;
  /** Multiplications and additions of matrix products in a step, forward and backward; padding counts. */
  flops_per_step: number;
  /** Bytes of weights, gradients, optimizer and one step's activations. */
  memory_bytes: number;
  /** Tokens that a step reads, padding included. */
  tokens_per_step: number;
}

/** Cross-entropies of the text held back, in nats a token. */
export interface Levels {
  /** Every token of the vocabulary as likely as any other: ln(vocabulary). */
  uniform: number;
  /** By how often each token stands in the training text (one more than that, so that none is impossible). */
  unigram: number;
  /** By the token before as well, smoothed by the method of Witten & Bell (1991). */
  bigram: number;
  /** UTF-8 bytes of the text held back for each of its tokens: nats a token / (this · ln 2) are bits a byte. */
  bytes_per_token: number;
}

/** What a run is. */
export interface RunInfo {
  /** As it was begun. */
  settings: TrainSettings;
  /** Numbers that are learnt. */
  weights: number;
  /** Tokens of the vocabulary that was learnt. */
  vocab_size: number;
  /** What the text held back costs without a neural network. */
  levels: Levels;
  /** Tokens of the text that is learnt from. */
  training_tokens: number;
  /** Tokens of the text held back. */
  held_out_tokens: number;
  /** Steps done. */
  steps_done: number;
}

/** One part of a loss. */
export interface LossPart {
  /** `lm`, `mlm`, `nsp`, `forward`, `backward`, `plm`. */
  name: string;
  /** Mean over the predictions, in nats. */
  loss: number;
  /** Predictions that it is the mean of. */
  predictions: number;
  /** Share of the predictions whose first guess was right, where it was asked for. */
  accuracy: number | null;
}

/** What a step did. */
export interface StepReport {
  /** Its number, from 0. */
  step: number;
  /** The sum of the parts, before the step: nats. */
  loss: number;
  /** Each part of the loss. */
  parts: Array<LossPart>;
  /** The learning rate. */
  learning_rate: number;
  /** Length of the gradient, before it was clipped. */
  gradient_norm: number;
  /** Tokens read, padding left out. */
  tokens: number;
}

/** The loss on the text held back. */
export interface Evaluation {
  /** Steps done before it. */
  step: number;
  /** The sum of the parts: nats. */
  loss: number;
  /** Each part, over all predictions. */
  parts: Array<LossPart>;
}

/** A file of a folder. */
export interface TrainedFile {
  /** `config.json`, `model.safetensors` … */
  name: string;
  /** What stands in it. */
  bytes: Uint8Array;
}

/** How a sample is drawn. */
export interface SampleOptions {
  /** Tokens that are written at most, 1 to 1000 (60). */
  max_new_tokens?: number;
  /** Divides the logits; 0: the likeliest token each time (0.8). */
  temperature?: number;
  /** The likeliest tokens of which one is drawn; 0: of all (40). */
  top_k?: number;
  /** Start of the random numbers (1). */
  seed?: number;
}

/** A token with its probability. */
export interface TokenGuess {
  /** As people read it. */
  token: string;
  /** Between 0 and 1. */
  probability: number;
}

/** What may stand in a masked place. */
export interface ProbeMask {
  /** Its place among the tokens. */
  index: number;
  /**
   * How many masks were filled before it, each with the likeliest token, which this guess knows. 0 in BERT, whose guesses
   * know nothing of each other.
   */
  turn: number;
  /** The likeliest, best first. */
  candidates: Array<TokenGuess>;
}

/** Guesses of the masked words of a text. */
export interface Probe {
  /** The text's tokens. */
  tokens: Array<string>;
  /** Of each mask, in the order of the text. */
  masks: Array<ProbeMask>;
}

/** Whether a text follows another. */
export interface NextSentenceProbe {
  /** Between 0 and 1. */
  is_next_probability: number;
}

/** A head's attention in a text. */
export interface HeadAttention {
  /** The text's tokens. */
  tokens: Array<string>;
  /** `[len, len]`: how much the first position looks at the second; each row adds up to 1. */
  attentions: Float32Array;
}

/** A token of a text, as the tokenizer that was learnt cuts it. */
export interface TextToken {
  /** As in the vocabulary: `##ing`, `Ġthe`. */
  token: string;
  /** Index into the vocabulary. */
  id: number;
  /** Where it begins in the text, in UTF-16 units. */
  start: number;
  /** Where it ends. */
  end: number;
}

/** ELMo's vectors of a text's tokens. */
export interface WordVectors {
  /** The text's tokens. */
  tokens: Array<string>;
  /** Numbers of one direction; a vector has twice as many, forward beside backward. */
  hidden_size: number;
  /** `[layers + 1, len, 2·hidden_size]`: the embeddings twice, then each LSTM layer. */
  layers: Float32Array;
}

/** What the model is given of a text of the batch. */
export type BatchRow =
  | {
      kind: 'bert';
      /** What it reads. */
      tokens: Array<string>;
      /** What it is to guess in each place. */
      labels: Array<string | null>;
      /** What was done there. */
      kinds: ('mask' | 'random' | 'keep' | null)[];
      /** Whether the second part follows the first; `null` where that is not learnt. */
      is_next: boolean | null;
    }
  | {
      kind: 'gpt';
      /** The text. */
      tokens: Array<string>;
    }
  | {
      kind: 'elmo';
      /** The text. */
      tokens: Array<string>;
    }
  | {
      kind: 'xlnet';
      /** The text. */
      tokens: Array<string>;
      /** All positions in the order that was drawn. */
      order: Array<number>;
      /** The last of these, which are guessed in this order. */
      targets: Array<number>;
      /** `[len, len]`: 1 where the content stream of the first position sees the second. */
      content_mask: Uint8Array;
      /** The same of the query stream, which does not see its own token. */
      query_mask: Uint8Array;
    };

/** An error of training: its code and the facts of the case. */
export type TrainingError =
  | { code: 'invalid_setting'; details: { setting: string; reason: string } }
  | { code: 'text_too_short'; details: { tokens: number; needed: number } }
  | { code: 'text_too_short'; details: { sentences: number; needed: number } }
  | { code: 'diverged'; details: { step: number } }
  | { code: 'invalid_checkpoint'; details: { reason: string } }
  | { code: 'other_text' }
  | { code: 'no_samples'; details: { architecture: string } }
  | { code: 'no_probes'; details: { architecture: string } }
  | { code: 'no_next_sentence'; details: { architecture: string } }
  | { code: 'no_attention'; details: { architecture: string } }
  | { code: 'no_word_vectors'; details: { architecture: string } };

/** The code of an error of training. Those of the core may be thrown as well. */
export type TrainingErrorCode =
  | 'invalid_setting'
  | 'text_too_short'
  | 'diverged'
  | 'invalid_checkpoint'
  | 'other_text'
  | 'no_samples'
  | 'no_probes'
  | 'no_next_sentence'
  | 'no_attention'
  | 'no_word_vectors';

/** The facts of an error of training, by its code. */
export type TrainingErrorDetails<C extends TrainingErrorCode> =
  Extract<TrainingError, { code: C }> extends { details: infer D } ? D : Record<string, never>;
