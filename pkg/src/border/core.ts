/**
 * What crosses the border to the core: results, options, errors, limits.
 *
 * Generated from crate/src by `cargo xtask types`: do not edit.
 */

/** How weights are stored: 8.5, 4.5 or 32 bits each. */
export type DType = 'q8' | 'q4' | 'fp32';

/** Whether a token sees the tokens on both sides of it, or only those before it. */
export type Reads = 'both' | 'left-to-right';

/** What a model predicts: masked words, next sentences, the next token, where an answer stands, labels of texts, labels of tokens. */
export type Head = 'mlm' | 'nsp' | 'lm' | 'qa' | 'sequence-classification' | 'token-classification';

/** What may be wrong with a model that runs: `no_pre_tokenizer`, its GGUF file does not say how its tokenizer finds words. */
export type ModelWarning = 'no_pre_tokenizer';

/** Which part of a too long document is left out. */
export type Truncation = 'head' | 'middle' | 'tail';

/** The side of a mask that the model sees. */
export type MaskContext = 'both' | 'left' | 'right';

/** What makes scores of a classifier's logits: together, each for itself, or nothing. */
export type FunctionToApply = 'softmax' | 'sigmoid' | 'none';

/** Which build of the core runs. */
export interface BuildInfo {
  /** Version of the core. */
  version: string;
  /** The instructions that it was compiled for. */
  simd: 'simd128' | 'relaxed-simd' | 'none';
  /** Whether it computes with several threads. */
  threads: boolean;
}

/** A loaded model. */
export interface ModelInfo {
  /** Whether it reads in both directions (BERT and its kin) or writes from left to right (GPT and its kin). */
  kind: 'encoder' | 'decoder';
  /** In which directions a token sees the others. */
  reads: Reads;
  /** What it predicts, by the heads that its file has. */
  heads: Head[];
  /** What its classifier of texts or of tokens tells apart (`id2label`); `null` for models without one. */
  labels: Array<string> | null;
  /** Whether it comes with a template for conversations, so that `text-generation` takes messages. */
  chat: boolean;
  /** Same as `model_type`. */
  architecture: string;
  /** As in `config.json`. */
  model_type: string;
  /** Width of the hidden states. */
  hidden_size: number;
  /** Transformer layers. */
  num_hidden_layers: number;
  /** Attention heads of each layer. */
  num_attention_heads: number;
  /** Tokens it knows. */
  vocab_size: number;
  /** The most tokens it reads at once. */
  max_position_embeddings: number;
  /** Number of weights. */
  parameters: number;
  /** Bytes they take in memory. */
  weight_bytes: number;
  /** How its matrices are stored. */
  dtype: DType;
  /** Whether it predicts masked words. */
  has_mlm_head: boolean;
  /** Whether it predicts next sentences. */
  has_nsp_head: boolean;
  /** How a mask is written: `[MASK]` in BERT, `<mask>` in RoBERTa. */
  mask_token: string | null;
  /** Whether a mask stands for the blank before it, too, so that words begin with it (`" Paris"` in RoBERTa). */
  mask_takes_blanks: boolean;
  /** Same as `chat`. */
  has_chat_template: boolean;
  /** How it writes unless told otherwise, as its files say; `null` for models that do not write. */
  generation: GenerationDefaults | null;
  /** What may be wrong with it, though it runs. */
  warnings: ModelWarning[];
}

/** What a model's files say of how it writes. */
export interface GenerationDefaults {
  /** Where the settings stand; `null` where there are none. */
  source: 'generation_config.json' | 'config.json' | 'GGUF' | null;
  /** The tokens that end a text. */
  eos_token_id: Array<number>;
  /** The token that a text begins with. */
  bos_token_id: number | null;
  /** The token that fills up shorter texts. */
  pad_token_id: number | null;
  /** The token that a decoder of two halves begins with. */
  decoder_start_token_id: number | null;
  /**
   * What `text-generation` takes for options that are not given. `max_length` counts the prompt's tokens, too, and
   * gives way to a `max_new_tokens`.
   */
  options: SamplingOptions & {
    /** Tokens of prompt and text. */ max_length?: number;
    /** Whether beams stop as soon as enough have ended. */ early_stopping?: boolean;
  };
  /** Entries of transformers' that are not followed, or whose value is none. */
  ignored: Array<string>;
}

/** The small files of a model's folder. A GGUF file may have all of it inside. */
export interface ModelFiles {
  /** `config.json` */
  config?: Uint8Array;
  /** `generation_config.json` */
  generation_config?: Uint8Array;
  /** `tokenizer.json` */
  tokenizer?: Uint8Array;
  /** `vocab.txt` */
  vocab_txt?: Uint8Array;
  /** `vocab.json` */
  vocab_json?: Uint8Array;
  /** `merges.txt` */
  merges_txt?: Uint8Array;
  /** `tokenizer_config.json` */
  tokenizer_config?: Uint8Array;
  /** `special_tokens_map.json` */
  special_tokens_map?: Uint8Array;
  /** `added_tokens.json` */
  added_tokens?: Uint8Array;
  /** `chat_template.jinja` */
  chat_template?: Uint8Array;
  /** `additional_chat_templates/tool_use.jinja` */
  tool_use_template?: Uint8Array;
}

/** A token of a text; offsets in UTF-16 units. */
export interface TokenInfo {
  /** Index into the vocabulary. */
  id: number;
  /** As in the vocabulary: `##ing`, `Ġthe`. */
  token: string;
  /** Where it begins in its text (`text`, or `pair` where `sequence` is 1). */
  start: number;
  /** Where it ends, exclusive. */
  end: number;
  /** Which text it came from: 0 or, for the second of a pair, 1; `null` for what the model's template adds. */
  sequence: number | null;
  /** What the model is told of the text it came from: 1 for the second of a pair in BERT, 0 for both in RoBERTa. */
  type_id: number;
  /** Added by the model's template ([CLS], [SEP]). */
  special: boolean;
  /** Which word it is a piece of. */
  word: number | null;
}

/** Which candidates fill-mask gives. */
export interface MaskQuery {
  /** Candidates per mask (5). */
  top_k?: number;
  /** Scores exactly these words. */
  targets?: Array<string>;
  /** The side of each mask that the model sees; what stands on the other one is masked as well (`both`). */
  context?: MaskContext;
}

/** A word for a mask. */
export interface Candidate {
  /** Index into the vocabulary. */
  token: number;
  /** As in the vocabulary, `##` included. */
  token_str: string;
  /** Its probability among the whole vocabulary. */
  score: number;
  /** The text with this mask filled; other masks stay. */
  sequence: string;
  /**
   * How it stands in the sentence: without `##`, and with a blank of its own only where the text has none before the
   * mask.
   */
  text: string;
  /** Whether it continues the word before the mask, so that blanks between the two go. */
  joins: boolean;
}

/** The candidates of one mask; offsets in UTF-16 units of the text. */
export interface MaskPrediction {
  /** Where the mask begins. */
  start: number;
  /** Where it ends, exclusive. */
  end: number;
  /** Most probable first. */
  candidates: Array<Candidate>;
}

/** The masks of a text, and the text's tokens. */
export interface TextPrediction {
  /** In the order of the text, special tokens included. */
  tokens: Array<TokenInfo>;
  /** In the order of the text. */
  masks: Array<MaskPrediction>;
}

/** How several masks are filled one after the other. */
export interface JointQuery {
  /** Candidates per mask (5). */
  top_k?: number;
  /** The order of filling (`left-to-right`). */
  order?: 'left-to-right' | 'best-first';
  /** As in `MaskQuery`. */
  context?: MaskContext;
}

/** One mask filled in joint filling. */
export interface JointStep {
  /** Which mask, from 0, in the order of the text. */
  mask: number;
  /** Where the mask begins, in UTF-16 units of the original text. */
  start: number;
  /** Where it ends, exclusive. */
  end: number;
  /** Probability among the whole vocabulary, 0 to 1. */
  score: number;
  /** Index into the vocabulary. */
  token: number;
  /** The word. */
  token_str: string;
  /** The text with all masks filled so far. */
  sequence: string;
  /** How the word stands in the sentence, see `Candidate`. */
  text: string;
  /** Whether it continues the word before the mask. */
  joins: boolean;
  /** What the model thought at this step; the chosen word first. */
  candidates: Array<Candidate>;
}

/** A token and its probability in a place. */
export interface TokenProbability {
  /** For people: `" the"` for `Ġthe`, `##ing` as it is. */
  token: string;
  /** Index into the vocabulary. */
  token_id: number;
  /** Between 0 and 1. */
  probability: number;
}

/** A token of a text, and how likely the model finds it there. */
export interface ScoredToken {
  /** Which of the texts it is of, from 0. */
  text: number;
  /** Index into the vocabulary. */
  token: number;
  /** As in the vocabulary, `##` included. */
  token_str: string;
  /** Where it begins in its text (UTF-16 units). */
  start: number;
  /** Where it ends, exclusive. */
  end: number;
  /** Natural logarithm of its probability, given all other tokens. */
  log_prob: number;
  /** Its place among all tokens that could stand there, 1 for the likeliest. */
  rank: number;
  /** The three likeliest tokens, best first. */
  top: Array<TokenProbability>;
}

/** How many likely tokens are given. */
export interface NextTokenQuery {
  /** Tokens given (5). */
  top_k?: number;
}

/** How far a text is read. */
export interface ReadingStep {
  /** Tokens that are scored. */
  done: number;
  /** Tokens of the text. */
  total: number;
}

/** How surprised a model that writes from left to right is by each token of a text. */
export interface Surprisal {
  /** In the order of the text, those of the model's template included. */
  tokens: Array<TokenInfo>;
  /** −log2 of the probability of each. NaN where nothing stands before it, and for what the template adds. */
  bits: Float32Array;
  /** The place of each among all tokens that could have come, 1 for the likeliest; 0 where `bits` is NaN. */
  ranks: Uint32Array;
  /** The three likeliest tokens in each place, best first; none where `bits` is NaN. */
  top: Array<Array<TokenProbability>>;
  /** Sum of all bits. */
  total_bits: number;
  /** 2^(mean bits a token); `null` if no token has bits. */
  perplexity: number | null;
  /** Bits by UTF-8 bytes of the tokens that have bits, so that models with other vocabularies compare. */
  bits_per_byte: number | null;
}

/** How the tokens of a text are chosen and hidden, as BERT is trained. */
export interface MaskingQuery {
  /** Whole number from 0 to 2^53 − 1: the same one chooses the same tokens (0). */
  seed?: number;
  /** The share of the tokens that is chosen, from 0 to 1; one at the least (0.15). */
  mlm_probability?: number;
  /** Masks all that are chosen, instead of 8 in 10 (false). */
  always_mask?: boolean;
}

/** A token that is hidden from the model, or may be. */
export interface ChosenToken {
  /** Its place among the tokens. */
  index: number;
  /** What stands there now: the mask, any token of the vocabulary, or the token itself. */
  kind: 'mask' | 'random' | 'keep';
  /** The token that was there, as in the vocabulary. */
  token: string;
  /** Cross-entropy: −ln of its probability. */
  loss: number;
  /** Between 0 and 1. */
  probability: number;
  /** 1 if the model's first guess is right. */
  rank: number;
  /** The model's five likeliest tokens, best first. */
  top: Array<TokenProbability>;
}

/** What a model thinks of a pair, and its loss by what the pair is. */
export interface NspLosses {
  /** Probability that the second text follows the first. */
  is_next_probability: number;
  /** If it does follow. */
  loss_if_next: number;
  /** If it is from elsewhere. */
  loss_if_random: number;
}

/** A text as BERT is trained on it, with the model's losses in nats. */
export interface MaskingGame {
  /** The tokens as they were. */
  tokens: Array<TokenInfo>;
  /** What the model reads. */
  input_ids: Array<number>;
  /** The same as in the vocabulary. */
  input_tokens: Array<string>;
  /** The tokens that it is asked for, in order. */
  chosen: Array<ChosenToken>;
  /** Mean loss of these; `null` if there are none, because all tokens are special or unknown. */
  mlm_loss: number | null;
  /** For a pair, if the model has the next-sentence head. */
  nsp: NspLosses | null;
}

/** A piece that was looked up in the vocabulary. */
export interface TriedPiece {
  /** Within a word, with the prefix of pieces that continue one (`##`). */
  piece: string;
  /** Whether the vocabulary has it. */
  found: boolean;
}

/** Two neighbours become one piece. */
export interface MergeStep {
  /** The left one. */
  left: string;
  /** The right one. */
  right: string;
  /** Both. */
  result: string;
  /** The merge's place in the tokenizer's list, from 0: lower ones were commoner in what it was trained on. */
  rank: number;
  /** The place of the left one among the pieces before. */
  at: number;
  /** All pieces of the word after it. */
  pieces_after: Array<string>;
}

/** A piece that the vocabulary has for a part of a word. */
export interface LatticePiece {
  /** Where it begins in the word: UTF-8 bytes; in JavaScript, UTF-16 units. */
  start: number;
  /** Where it ends, exclusive. */
  end: number;
  /** The part itself. */
  piece: string;
  /** Whether the vocabulary has it; a character that it lacks is a piece of its own. */
  known: boolean;
  /** Natural logarithm of its probability. */
  score: number;
  /** The score of the best way to cut the word up to here that ends with this piece. */
  total: number;
  /** Whether no other way to cut the word up to here is better. */
  best: boolean;
  /** Whether it is part of the best way to cut all of the word. */
  chosen: boolean;
}

/** A word and the steps by which it becomes pieces. */
export interface TokenizedWord {
  /** As the model of the tokenizer gets it. */
  text: string;
  /** Where it begins in the text that was given (UTF-16 units). */
  start: number;
  /** Where it ends, exclusive. */
  end: number;
  /** Whether it is an added token (`[SEP]`), found before anything is cut. */
  added: boolean;
  /** Its tokens. */
  pieces: Array<string>;
  /** Their ids. */
  ids: Array<number>;
  /** Its UTF-8; of byte-level tokenizers, the bytes that its characters stand for. */
  bytes: Array<number>;
  /** Whether the steps are here. They are not where they are too many, or lead to other pieces than the tokenizer's. */
  shown: boolean;
  /** WordPiece: what was looked up in the vocabulary, in order. */
  tried: Array<TriedPiece>;
  /** Byte pairs: the pieces before the first merge. */
  symbols: Array<string>;
  /** Byte pairs: in order. */
  merges: Array<MergeStep>;
  /** Unigram: all pieces that the word could have been cut into. */
  lattice: Array<LatticePiece>;
}

/** How a text becomes tokens. */
export interface Tokenization {
  /** How words become pieces. */
  kind: 'wordpiece' | 'bpe' | 'unigram' | 'wordlevel';
  /** Whether the characters of words and pieces stand for bytes (GPT-2's `Ġ` is a blank). */
  byte_level: boolean;
  /** The text after normalisation. */
  normalized: string;
  /** In order, without what the model's template adds. */
  words: Array<TokenizedWord>;
}

/** How well one of several candidates follows a sentence. */
export interface Comparison {
  /** Its place in the list as given. */
  index: number;
  /** The likelier of the two. */
  label: 'isNext' | 'notNext';
  /** Probability of the label, 0 to 1. */
  score: number;
  /** Probability that it follows, 0 to 1. */
  is_next: number;
  /** Probability that it does not. */
  not_next: number;
  /** Tokens read. */
  tokens: number;
}

/** How answers to a question are looked for. */
export interface AnswerQuery {
  /** Answers given, the best ones (1). */
  top_k?: number;
  /** Tokens that two windows of a long text have in common (128, or half a window where that is less). */
  doc_stride?: number;
  /** Tokens of the longest answer (15). */
  max_answer_len?: number;
  /** Tokens of the question; those behind are not read (64). */
  max_question_len?: number;
  /** Tokens of a window, question included (384, or what the model reads). */
  max_seq_len?: number;
  /** Whether "there is no answer" is one of the answers (false). */
  handle_impossible_answer?: boolean;
  /** Whether answers begin and end with whole words (true). */
  align_to_words?: boolean;
}

/** What one step of reading a long text did. */
export interface WindowRead {
  type: 'window';
  index: number;
  windows: number;
}

/** A part of a text that may answer a question. */
export interface Answer {
  /** As it stands in the text; empty for "there is no answer". */
  answer: string;
  /**
   * Probability that it begins where it does times the probability that it ends where it does; of an answer that was
   * found several times, the sum of them.
   */
  score: number;
  /** Where it begins in the text (UTF-16 units). */
  start: number;
  /** Where it ends, exclusive. */
  end: number;
}

/** The answers to a question. */
export interface AnswerResult {
  /** Best first. */
  answers: Array<Answer>;
  /** Score of "there is no answer": that of the window where it is least. */
  null_score: number;
  /** Tokens of question, text and template. */
  tokens: number;
  /** Windows in which the text was read. */
  windows: number;
}

/** Which labels of a text are given. */
export interface ClassificationQuery {
  /** Labels given, the best ones (1). */
  top_k?: number;
  /** What makes scores of logits (what fits the model). */
  function_to_apply?: FunctionToApply;
}

/** A label and how well it fits. */
export interface ScoredLabel {
  /** Its name, from the model's `id2label`. */
  label: string;
  /** What `function_to_apply` made of its logit. */
  score: number;
}

/** The labels of a text. */
export interface ClassificationResult {
  /** Best first. */
  labels: Array<ScoredLabel>;
  /** What made the scores. */
  function_to_apply: FunctionToApply;
  /** Tokens read, special ones included. */
  tokens: number;
}

/** How the tokens of a text are tagged. */
export interface TaggingQuery {
  /** How tokens become entities (`none`: they stay tokens). */
  aggregation_strategy?: 'none' | 'simple' | 'first' | 'average' | 'max';
  /** Labels that are not reported (`['O']`). */
  ignore_labels?: Array<string>;
  /** Tokens that two windows of a long text have in common (128, or half a window where that is less). */
  stride?: number;
}

/** A labelled token, or an entity of several. */
export interface TaggedEntity {
  /** The label of a token; entities have `entity_group`. */
  entity?: string;
  /** The label of an entity, without `B-` or `I-`. */
  entity_group?: string;
  /** Probability of the label; of an entity, the mean of its words. */
  score: number;
  /** Which token of the text it is, special ones counted; entities have none. */
  index?: number;
  /** The tokens as text. */
  word: string;
  /** Where it begins in the text (UTF-16 units). */
  start: number;
  /** Where it ends, exclusive. */
  end: number;
}

/** Which vectors of texts are made. */
export interface EmbeddingQuery {
  /**
   * One vector of those of all tokens: their mean, that of the first, or the largest of each dimension (`none`: each
   * token keeps its own).
   */
  pooling?: 'none' | 'mean' | 'cls' | 'max';
  /** Whether each vector gets the length 1 (false). */
  normalize?: boolean;
}

/** Vectors of some of the texts. */
export interface Embeddings {
  /** Row by row. */
  data: Float32Array;
  /** `[texts, hidden_size]`; of tokens, `[1, tokens, hidden_size]`. */
  dims: Array<number>;
  /** The place of the first of these texts in the list as given; the others follow it. */
  index: number;
  /** Tokens of each text, special ones included. */
  tokens: Array<number>;
}

/**
 * How tokens are chosen; see `SamplingOptions` of the Rust crate for the papers. What is absent is as the model's
 * `generation_config.json` says, else as named here.
 */
export interface SamplingOptions {
  /** At most this many tokens (128). */
  max_new_tokens?: number;
  /** At most this many tokens together with the prompt's, where `max_new_tokens` is left out; a longer prompt gets one. */
  max_length?: number;
  /** The text does not end by itself before it has this many tokens (0). */
  min_new_tokens?: number;
  /** The text does not end by itself before it has this many tokens together with the prompt's (0). */
  min_length?: number;
  /** Draw at random (true) or take the most probable (false). */
  do_sample?: boolean;
  /** Above 0 where tokens are drawn (1). */
  temperature?: number;
  /** 0 keeps all (50). */
  top_k?: number;
  /** In [0, 1]; of 0 the likeliest token stays (1). */
  top_p?: number;
  /** In [0, 1] (0). */
  min_p?: number;
  /** From 0.01 to 100; 1 changes nothing (1). */
  repetition_penalty?: number;
  /** No so many tokens in a row come twice, prompt included; 0 allows all (0). */
  no_repeat_ngram_size?: number;
  /** Texts followed at once in search of the most probable one, at most 64 (1); more than 1 needs `do_sample: false`. */
  num_beams?: number;
  /** With beams, from -100 to 100: above 0 favours longer texts, below 0 shorter ones (1). */
  length_penalty?: number;
  /** Whole number from 0 to 2^53 − 1; drawn at random and reported if absent. */
  seed?: number;
  /** The text ends before any of these. */
  stop?: Array<string>;
  /** Alternatives reported per token (5). */
  top_logprobs?: number;
  /** Prompt tokens read between two looks for a stop (64). */
  prefill_chunk?: number;
}

/** A token the model might have written. */
export interface Alternative {
  /** Index into the vocabulary. */
  id: number;
  /** The token for people: `" the"`. */
  token: string;
  /** Natural logarithm of its probability. */
  logprob: number;
}

/** One generated token. */
export interface GeneratedToken {
  /** Index into the vocabulary. */
  id: number;
  /** The token for people: `" the"`; bytes of a part of a character as `<0xE6>`. */
  token: string;
  /**
   * The text that this step completes. Empty while a character is incomplete, or while the text may be the beginning
   * of a stop string. The texts of all steps and the tail put together are the generated text.
   */
  text: string;
  /** Natural logarithm of its probability by the model itself (temperature 1, no filters). */
  logprob: number;
  /** The most probable tokens at this place, best first. */
  top: Array<Alternative>;
}

/** Why generation ended. */
export type FinishReason = 'eos' | 'stop' | 'length' | 'context' | 'sentences';

/** What one step of a generation did: read a part of the prompt, searched one token further, wrote a token, ended. */
export type GenerationStep =
  | { type: 'prefill'; done: number; total: number }
  | { type: 'search'; tokens: number }
  | { type: 'token'; token: GeneratedToken }
  | { type: 'done'; finish_reason: FinishReason; text: string; tail: string };

/**
 * One turn of a conversation: an object whose fields `role` and `content` say who speaks, and what. It may have others,
 * such as `name` or `tool_calls`, which the template sees as they are.
 */
export interface ChatMessage {
  /** Who speaks. */ role: string;
  /** What is said. */ content: string;
  [field: string]: unknown;
}

/** What a template is given. */
export interface ChatRequest {
  /** What was said. */
  messages: readonly unknown[];
  /** Functions that the model may call, as JSON schemas; a template that knows none ignores them. */
  tools?: readonly object[];
  /** Texts that the model may answer from; a template that knows none ignores them. */
  documents?: readonly object[];
  /**
   * Further variables of the template, such as `enable_thinking`, as an object. `chat_template` in it is no variable
   * but the name of one of the model's templates, or a template.
   */
  variables?: object;
  /** Whether the last message is continued rather than answered. Left out, it is if it is a text of the assistant's. */
  continue_final_message?: boolean;
}

/** What a summary is asked for with. */
export interface SummaryQuery {
  /**
   * What follows the document. Left out, it is `\nTL;DR:`, and a model with a chat template is asked for a summary in a
   * conversation instead.
   */
  cue?: string;
  /** Which part of a too long document is left out (`tail`). */
  truncation?: Truncation;
  /** Sentences of the summary (3). */
  sentences?: number;
}

/** A part of a document that the model does not see. */
export interface LeftOut {
  /** Which part. */
  part: Truncation;
  /** Where it begins, in UTF-16 units of the document. */
  start: number;
  /** Where it ends, exclusive. */
  end: number;
  /** Its tokens. */
  tokens: number;
}

/** What a summary reads of a document. */
export interface SummaryPlan {
  /** Exactly what the model is given. */
  prompt: string;
  /** Its tokens. */
  prompt_tokens: number;
  /** Tokens of the whole document. */
  document_tokens: number;
  /** Tokens of the prompt without the document. */
  cue_tokens: number;
  /** The model's positions. */
  context: number;
  /** Document tokens that fit beside cue and summary. */
  budget: number;
  /** The part not shown to the model (UTF-16 units of the document), `null` if all of it fits. */
  left_out: LeftOut | null;
}

/** What is looked at inside a model. Each call knows some of it. */
export interface InspectQuery {
  /** Which layer's attention, from 0 (0; for a rollout the last). */
  layer?: number;
  /** Rows and columns of each small matrix (24). */
  size?: number;
  /** Candidates of each place in the logit lens (3). */
  top_k?: number;
}

/** The attention weights of one layer. */
export interface AttentionLayer {
  /** As the model reads them. */
  tokens: Array<TokenInfo>;
  /** Layers of the model. */
  num_layers: number;
  /** Attention heads of each layer. */
  num_heads: number;
  /** Which layer this is, from 0. */
  layer: number;
  /** `[num_heads, len, len]`: how much a token (row) takes from each token (column); rows add up to 1. */
  attentions: Float32Array;
}

/** The attention weights of every head, each matrix made small. */
export interface AttentionHeads {
  /** As the model reads them. */
  tokens: Array<TokenInfo>;
  /** Layers of the model. */
  num_layers: number;
  /** Attention heads of each layer. */
  num_heads: number;
  /** Rows and columns of each: as asked, or the number of tokens where they are fewer. */
  size: number;
  /** `[num_layers, num_heads, size, size]`: each value the greatest of those that it stands for. */
  thumbnails: Float32Array;
}

/** Attention followed from the first layer on. */
export interface AttentionRollout {
  /** As the model reads them. */
  tokens: Array<TokenInfo>;
  /** Layers of the model. */
  num_layers: number;
  /** The last layer that was followed, from 0. */
  layer: number;
  /** `[len, len]`: attention rollout (Abnar & Zuidema 2020). */
  rollout: Float32Array;
  /** `[len, len]`: the mean over the heads of `layer`. */
  mean: Float32Array;
}

/** What a model has of each token after each layer. */
export interface HiddenStates {
  /** As the model reads them. */
  tokens: Array<TokenInfo>;
  /** Layers of the model. */
  num_layers: number;
  /** Width of the hidden states. */
  hidden_size: number;
  /** `[num_layers + 1, len, hidden_size]`: of the embeddings and of each layer; the last ones behind the last norm. */
  hidden_states: Float32Array;
}

/** What a text is before the first layer, and the parts of that. */
export interface InputEmbeddings {
  /** As the model reads them. */
  tokens: Array<TokenInfo>;
  /** Width of all rows: that of the hidden states, in ALBERT of the narrower embeddings. */
  hidden_size: number;
  /** `[len, hidden_size]`: of the tokens. */
  token: Float32Array;
  /** `[len, hidden_size]`: of the segments; `null` in models without. */
  segment: Float32Array | null;
  /** `[len, hidden_size]`: of the positions; `null` where they are rotations (Llama). */
  position: Float32Array | null;
  /** `[len, hidden_size]`: the sum of those above. */
  sum: Float32Array;
  /** `[len, hidden_size]`: the sum after LayerNorm; `null` where the first layer reads the sum itself (GPT). */
  normalized: Float32Array | null;
}

/** A token whose word embedding points in a like direction. */
export interface NearestToken {
  /** Index into the vocabulary. */
  id: number;
  /** For people: `" the"` for `Ġthe`. */
  token: string;
  /** Cosine of the angle between both, -1 to 1. */
  cosine: number;
}

/** How far a lens is. */
export interface LensProgress {
  /** Hidden states that went through the head. */
  done: number;
  /** All there are: (layers + 1) · len. */
  total: number;
}

/** What a model would say after each of its layers. Layer 0 is the embedding. */
export interface LogitLensResult {
  /** As the model reads them. An encoder says what stands in a token's place, a decoder what comes after it. */
  tokens: Array<TokenInfo>;
  /** Layers of the model. */
  num_layers: number;
  /** Candidates of each place: as asked, or the whole vocabulary where it is smaller. */
  top_k: number;
  /** `[num_layers + 1, len, top_k]`: the most probable tokens, best first. */
  ids: Uint32Array;
  /** `[num_layers + 1, len, top_k]`: their probabilities. */
  probabilities: Float32Array;
  /** Each of `ids` for people. */
  token_strings: Record<number, string>;
  /** `[num_layers + 1, len]`: the probability of the final answer, the best one after the last layer. */
  final_probability: Float32Array;
  /** `[len]`: the first layer after which the final answer is the best one. */
  first_layer: Uint32Array;
}

/** An error of the core: its code and the facts of the case. */
export type CoreError =
  | { code: 'invalid_config'; details: { reason: string } }
  | { code: 'invalid_weights'; details: { reason: string } }
  | { code: 'truncated_weights'; details: { place: string; missing?: number } }
  | { code: 'missing_tensor'; details: { tensor: string } }
  | { code: 'shape_mismatch'; details: { tensor: string; expected: Array<number>; found: Array<number> } }
  | { code: 'invalid_tokenizer'; details: { reason: string } }
  | { code: 'empty_input'; details: { input: string } }
  | { code: 'input_too_long'; details: { input: string; tokens: number; max: number } }
  | { code: 'input_too_long'; details: { bytes: number; max_bytes: number } }
  | { code: 'token_beyond_model'; details: { token: string; id: number; rows: number } }
  | { code: 'no_mask'; details: { mask_token: string } }
  | { code: 'unknown_target'; details: { target: string; pieces: Array<string> } }
  | { code: 'no_chat_template' }
  | {
      code: 'chat_template';
      details: { problem: 'unreadable' | 'refused' | 'unfitting' | 'endless'; reason: string; line?: number };
    }
  | { code: 'no_mlm_head'; details: { has: Array<string> } }
  | { code: 'no_nsp_head'; details: { has: Array<string> } }
  | { code: 'no_lm_head'; details: { has: Array<string> } }
  | { code: 'no_qa_head'; details: { has: Array<string> } }
  | { code: 'no_classification_head'; details: { has: Array<string> } }
  | { code: 'no_tagging_head'; details: { has: Array<string> } }
  | { code: 'wrong_architecture'; details: { needed: string; found: string } }
  | { code: 'unsupported'; details: { reason: string } }
  | { code: 'beyond_build'; details: { what: string } }
  | { code: 'invalid_option'; details: { option: string; reason?: string } }
  | { code: 'out_of_memory'; details: { what?: string; bytes?: number; model_bytes?: number; dtype?: DType } }
  | { code: 'internal'; details: { reason: string } };

/** The code of an error of the core. */
export type CoreErrorCode =
  | 'invalid_config'
  | 'invalid_weights'
  | 'truncated_weights'
  | 'missing_tensor'
  | 'shape_mismatch'
  | 'invalid_tokenizer'
  | 'empty_input'
  | 'input_too_long'
  | 'token_beyond_model'
  | 'no_mask'
  | 'unknown_target'
  | 'no_chat_template'
  | 'chat_template'
  | 'no_mlm_head'
  | 'no_nsp_head'
  | 'no_lm_head'
  | 'no_qa_head'
  | 'no_classification_head'
  | 'no_tagging_head'
  | 'wrong_architecture'
  | 'unsupported'
  | 'beyond_build'
  | 'invalid_option'
  | 'out_of_memory'
  | 'internal';

/** The facts of an error of the core, by its code. */
export type CoreErrorDetails<C extends CoreErrorCode> =
  Extract<CoreError, { code: C }> extends { details: infer D } ? D : Record<string, never>;

/** What there is to know of an architecture before a model of it is loaded. */
export interface Architecture {
  /** In which directions its tokens see the others. */
  readonly reads: Reads;
  /** The heads that checkpoints of it may have. */
  readonly heads: readonly Head[];
  /** Whether a chat template may lie beside the weights. */
  readonly chats: boolean;
}

/** The architectures that are run, by the `model_type` of their configurations. */
export const ARCHITECTURES: ReadonlyMap<string, Architecture> = new Map<string, Architecture>([
  [
    'bert',
    { reads: 'both', heads: ['mlm', 'nsp', 'qa', 'sequence-classification', 'token-classification'], chats: false },
  ],
  [
    'distilbert',
    { reads: 'both', heads: ['mlm', 'qa', 'sequence-classification', 'token-classification'], chats: false },
  ],
  ['roberta', { reads: 'both', heads: ['mlm', 'qa', 'sequence-classification', 'token-classification'], chats: false }],
  ['albert', { reads: 'both', heads: ['mlm', 'qa', 'sequence-classification', 'token-classification'], chats: false }],
  ['gpt2', { reads: 'left-to-right', heads: ['lm', 'sequence-classification'], chats: true }],
  ['openai-gpt', { reads: 'left-to-right', heads: ['lm'], chats: false }],
  ['llama', { reads: 'left-to-right', heads: ['lm'], chats: true }],
]);

/** The ggml types that are read: how tensors of a GGUF file may be stored. */
export const GGML_TYPES: readonly string[] = [
  'F32',
  'F16',
  'Q4_0',
  'Q4_1',
  'Q5_0',
  'Q5_1',
  'Q8_0',
  'Q2_K',
  'Q3_K',
  'Q4_K',
  'Q5_K',
  'Q6_K',
  'F64',
  'BF16',
];

/** Which values a numeric option may have. */
export interface Limit {
  /** The least value. */
  readonly min: number;
  /** The greatest value; `Infinity` where there is no upper end. */
  readonly max: number;
  /** Whether only whole numbers are allowed. */
  readonly whole: boolean;
  /** The value of an option that was not given. */
  readonly default: number;
  /** A sentence to add where a value is refused. */
  readonly hint?: string;
}

/** The limits of every numeric option, by task. Summaries have those of text generation as well. */
export const LIMITS = {
  'fill-mask': {
    top_k: { min: 1, max: Infinity, whole: true, default: 5 },
  },
  'text-generation': {
    max_new_tokens: { min: 1, max: Infinity, whole: true, default: 128 },
    max_length: { min: 1, max: Infinity, whole: true, default: 128 },
    min_new_tokens: { min: 0, max: Infinity, whole: true, default: 0 },
    min_length: { min: 0, max: Infinity, whole: true, default: 0 },
    temperature: { min: 0, max: Infinity, whole: false, default: 1 },
    top_k: { min: 0, max: Infinity, whole: true, default: 50 },
    top_p: { min: 0, max: 1, whole: false, default: 1 },
    min_p: { min: 0, max: 1, whole: false, default: 0 },
    repetition_penalty: { min: 0.01, max: 100, whole: false, default: 1, hint: '1 changes nothing.' },
    no_repeat_ngram_size: { min: 0, max: Infinity, whole: true, default: 0 },
    num_beams: { min: 1, max: 64, whole: true, default: 1 },
    length_penalty: { min: -100, max: 100, whole: false, default: 1 },
    seed: { min: 0, max: 9007199254740991, whole: true, default: 0 },
    top_logprobs: { min: 0, max: Infinity, whole: true, default: 5 },
    prefill_chunk: { min: 1, max: Infinity, whole: true, default: 64 },
  },
  summarization: {
    sentences: { min: 1, max: Infinity, whole: true, default: 3 },
    max_new_tokens: { min: 1, max: Infinity, whole: true, default: 100 },
    top_k: { min: 0, max: Infinity, whole: true, default: 2 },
  },
  'question-answering': {
    top_k: { min: 1, max: Infinity, whole: true, default: 1 },
    doc_stride: { min: 0, max: Infinity, whole: true, default: 128 },
    max_answer_len: { min: 1, max: Infinity, whole: true, default: 15 },
    max_question_len: { min: 1, max: Infinity, whole: true, default: 64 },
    max_seq_len: { min: 1, max: Infinity, whole: true, default: 384 },
  },
  'text-classification': {
    top_k: { min: 1, max: Infinity, whole: true, default: 1 },
  },
  'token-classification': {
    stride: { min: 0, max: Infinity, whole: true, default: 128 },
  },
  inspect: {
    layer: { min: 0, max: Infinity, whole: true, default: 0 },
    size: { min: 1, max: 128, whole: true, default: 24 },
    top_k: { min: 1, max: 100, whole: true, default: 3 },
    count: { min: 1, max: 100, whole: true, default: 8 },
  },
  'mask-for-training': {
    mlm_probability: { min: 0, max: 1, whole: false, default: 0.15 },
    seed: { min: 0, max: 9007199254740991, whole: true, default: 0 },
  },
} as const satisfies Record<string, Record<string, Limit>>;
