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
  /** `lm`, `mlm`, `nsp`, `forward`, `backward`, `plm`, `classification`, `span`; `reward` and `dpo` of choices, `tags`. */
  name: string;
  /** Mean over the predictions, in nats. */
  loss: number;
  /** Predictions that it is the mean of. */
  predictions: number;
  /** Share of the predictions whose first guess was right, where it was asked for. */
  accuracy: number | null;
  /** Of choices between two, by how much the chosen one is ahead, on average: in reward. */
  margin: number | null;
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

/** What is learnt, by the names of transformers' pipelines. */
export type TuneTask = 'text-classification' | 'token-classification' | 'question-answering';

/** All settings; what is left out has its default. */
export interface TuneSettings {
  /** What is learnt. */
  task: TuneTask;
  /** Upper layers that learn beside the head; from all layers on, the embeddings learn as well (2). */
  trained_layers: number;
  /** How often each example is seen (10). */
  epochs: number;
  /** Examples of a step (8). */
  batch_size: number;
  /** The highest learning rate: it rises in the first tenth of the steps, and falls to zero (5e-4). */
  learning_rate: number;
  /** What every random choice follows from (1). */
  seed: number;
  /** GPT: what the loss of the language model is multiplied by; 0: it is left out (0). */
  lm_weight: number;
  /** Share of the examples that is held back to be evaluated on (0.2). */
  held_out_share: number;
  /** Whether the layers that do not learn run in 8 bits, as in the other screens; else in 32 (true). */
  quantized: boolean;
}

/** A text, or two, with its label. */
export interface TextExample {
  /** The text, or the first of the pair. */
  text: string;
  /** The second. */
  pair?: string;
  /** One of the labels. */
  label: string;
}

/** Texts with their labels. */
export interface LabelledTexts {
  /** What is told apart, in the order of the model's `id2label`. */
  labels: Array<string>;
  /** The texts. */
  examples: Array<TextExample>;
}

/** The words of a text, each with its label. */
export interface WordExample {
  /** The words, without the blanks between them. */
  words: Array<string>;
  /** As many labels. */
  labels: Array<string>;
}

/** Texts whose words have labels. */
export interface LabelledWords {
  /** What is told apart, in the order of the model's `id2label`. */
  labels: Array<string>;
  /** The texts. */
  examples: Array<WordExample>;
}

/** A question with the text that answers it. */
export interface QuestionExample {
  /** The question. */
  question: string;
  /** The text. */
  context: string;
  /** Where the answer begins in it: UTF-8 bytes here, UTF-16 units in JavaScript. */
  answer_start: number;
  /** The answer, as it stands there. */
  answer_text: string;
}

/** Questions with their answers. */
export interface Questions {
  /** The questions. */
  examples: Array<QuestionExample>;
}

/** The examples of a task. */
export type TuneData = LabelledTexts | LabelledWords | Questions;

/** The files of a model, by their names: a Hugging Face folder, or a GGUF file with its `config.json` and `tokenizer.json`. */
export type TuneFiles = Record<string, Uint8Array>;

/** What a run is about. */
export interface TuneInfo {
  /** `bert` or `gpt2`. */
  architecture: 'bert' | 'gpt2';
  /** Layers of the model. */
  num_layers: number;
  /** Weights of the model and the head. */
  weights: number;
  /** Those that learn. */
  trained_weights: number;
  /** Examples that are learnt from. */
  examples: number;
  /** Examples that are held back. */
  held_out: number;
  /** Examples that are longer than the model reads at once, of which the end is not read. */
  cut: number;
  /** What is told apart; none where answers are found. */
  labels: Array<string>;
  /** Steps of the run. */
  steps: number;
  /** Steps done. */
  steps_done: number;
}

/** How many examples the frozen layers have read. */
export interface Prepared {
  /** Examples that they have read. */
  done: number;
  /** All; 0 where all layers learn. */
  total: number;
}

/** A text, word or question held back. */
export interface TunedPrediction {
  /** Its example's place among all examples. */
  index: number;
  /** The text (of a pair the first), the word, or the question. */
  text: string;
  /** What is right. */
  label: string;
  /** What the model says. */
  predicted: string;
  /** Its probability. */
  score: number;
}

/** What a fine-tuned model makes of the examples held back. */
export interface TuneEvaluation {
  /** Steps done before it. */
  step: number;
  /** The sum of the parts, the auxiliary one times its weight: nats. */
  loss: number;
  /** Each part, over all predictions. */
  parts: Array<LossPart>;
  /** Share of the texts or words whose label is right; of questions, as `exact_match`. */
  accuracy: number;
  /** Share of the questions whose answer is the right one, articles and marks aside (SQuAD); `null` for labels. */
  exact_match: number | null;
  /** Mean F1 of the words of the answers (SQuAD); `null` for labels. */
  f1: number | null;
  /** Counts: a row for each true label, a column for each predicted one. Empty for questions. */
  confusion: Array<Array<number>>;
  /** Each text, word or question. */
  predictions: Array<TunedPrediction>;
}

/** What a fine-tuned model is asked. */
export type TuneInput = { question: string; context: string } | { text: string; pair?: string };

/** Settings of all phases. */
export interface ChatSettings {
  /**
   * Tokens of a prompt with its response at most, from 8; never more than the model reads at once. Longer ones are cut:
   * responses at their end, prompts at their beginning.
   */
  max_length: number;
  /** Examples or pairs of a step. */
  batch_size: number;
  /** The highest learning rate. It rises in the first tenth of a phase and falls to zero from there. */
  learning_rate: number;
  /** How often each example is read in a phase. */
  epochs: number;
  /** DPO's β: the larger, the closer the model stays to what it was. */
  beta: number;
  /** What every random choice follows from. */
  seed: number;
}

/** What is different in one phase. */
export interface ChatPhaseSettings {
  /** Instead of [`ChatSettings::learning_rate`]. */
  learning_rate?: number;
  /** Instead of [`ChatSettings::epochs`]. */
  epochs?: number;
  /** Instead of [`ChatSettings::batch_size`]. */
  batch_size?: number;
  /** Instead of [`ChatSettings::beta`]. */
  beta?: number;
}

/** A response that somebody wrote to a prompt. */
export interface ChatExample {
  /** What is asked. */
  prompt: string;
  /** What is answered. */
  response: string;
}

/** A choice between two responses to a prompt. */
export interface ChatPair {
  /** What is asked. */
  prompt: string;
  /** The better response. */
  chosen: string;
  /** The other one. */
  rejected: string;
}

/** What a phase is. */
export type ChatPhase = 'supervised' | 'reward' | 'preference';

/** A phase that was begun. */
export interface ChatPhaseInfo {
  /** Which one. */
  kind: ChatPhase;
  /** Examples or pairs. */
  examples: number;
  /** Those of which something was cut, as they were longer than `max_length`. */
  cut: number;
  /** Steps of all epochs. */
  steps: number;
  /** Steps done. */
  steps_done: number;
  /** Its settings. */
  settings: ChatSettings;
}

/** What is there, and how far it is. */
export interface ChatInfo {
  /** Numbers that the GPT is made of. */
  weights: number;
  /** Tokens of a prompt with its response at most. */
  max_length: number;
  /** Whether responses can be scored. */
  has_reward_model: boolean;
  /** The phase that was begun last. */
  phase: ChatPhaseInfo | null;
}

/** How much of what comes before the first step is done. */
export interface ChatProgress {
  /** Responses whose log-probability is there. */
  done: number;
  /** All of them; 0 where none is needed. */
  total: number;
}

/** A sample with its score. */
export interface RankedResponse {
  /** What was written. */
  text: string;
  /** The reward model's score. */
  score: number;
}

/** Settings of a tagger. */
export interface TaggerSettings {
  /** How often each example is read. */
  epochs: number;
  /** Examples of a step. */
  batch_size: number;
  /** The highest learning rate. It rises in the first tenth of the steps and falls in their second half. */
  learning_rate: number;
  /** What every random choice follows from. */
  seed: number;
  /** Share of the examples that is held back, to be evaluated on. */
  held_out_share: number;
}

/** What a tagger is about, and how far. */
export interface TaggerInfo {
  /** ELMo's weights, which do not learn. */
  weights: number;
  /** Numbers that learn: s, γ, and the linear layer. */
  trained_weights: number;
  /** Examples that are learnt from. */
  examples: number;
  /** Examples held back. */
  held_out: number;
  /** Examples of which words at the end are left out, as they are too long. */
  cut: number;
  /** The labels. */
  labels: Array<string>;
  /** Steps of all epochs. */
  steps: number;
  /** Steps done. */
  steps_done: number;
  /** As it was begun. */
  settings: TaggerSettings;
}

/** How ELMo's layers are mixed (Peters et al. 2018, equation 1). */
export interface ElmoMix {
  /** softmax(s): the share of each layer, the embeddings first. They add up to 1. */
  s: Array<number>;
  /** What the mix is multiplied by. */
  gamma: number;
}

/** A place of the word. */
export interface WordPlace {
  /** Which text, from 0. */
  text: number;
  /** Where it begins there. */
  start: number;
  /** Where it ends. */
  end: number;
}

/** The vectors of one word in several contexts. */
export interface WordInContexts {
  /** Where it stands. */
  occurrences: Array<WordPlace>;
  /** Numbers of a vector: forward beside backward. */
  width: number;
  /** `[layers + 1, occurrences, width]`: the embeddings, which know no context, then each LSTM layer. */
  layers: Float32Array;
  /** `[occurrences, width]`: the layers as they are mixed now. */
  mixed: Float32Array;
  /** `[occurrences, occurrences]`: the cosine of each two mixed vectors. */
  similarities: Float32Array;
  /** `[occurrences, 2]`: the mixed vectors on their first two principal components, for a plot. */
  points: Float32Array;
}

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
  | { code: 'no_word_vectors'; details: { architecture: string } }
  | { code: 'no_examples' }
  | { code: 'label_without_examples'; details: { label: string } }
  | { code: 'too_few_labels'; details: { labels: number } }
  | { code: 'unknown_label'; details: { label: string; example: number } }
  | { code: 'empty_example'; details: { example: number } }
  | { code: 'words_and_labels'; details: { example: number; words: number; labels: number } }
  | { code: 'answer_not_in_context'; details: { example: number } }
  | { code: 'too_much_to_keep'; details: { bytes: number; most: number } }
  | { code: 'too_much_memory'; details: { bytes: number; most: number; tokens: number; fits: number } }
  | { code: 'nothing_held_out' }
  | { code: 'other_data' }
  | { code: 'empty_prompt'; details: { example: number } }
  | { code: 'empty_response'; details: { example: number } }
  | { code: 'same_responses'; details: { example: number } }
  | { code: 'no_phase' }
  | { code: 'no_reward_model' }
  | { code: 'word_not_found'; details: { word: string } };

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
  | 'no_word_vectors'
  | 'no_examples'
  | 'label_without_examples'
  | 'too_few_labels'
  | 'unknown_label'
  | 'empty_example'
  | 'words_and_labels'
  | 'answer_not_in_context'
  | 'too_much_to_keep'
  | 'too_much_memory'
  | 'nothing_held_out'
  | 'other_data'
  | 'empty_prompt'
  | 'empty_response'
  | 'same_responses'
  | 'no_phase'
  | 'no_reward_model'
  | 'word_not_found';

/** The facts of an error of training, by its code. */
export type TrainingErrorDetails<C extends TrainingErrorCode> =
  Extract<TrainingError, { code: C }> extends { details: infer D } ? D : Record<string, never>;
