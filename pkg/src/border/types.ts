/** Results and options, with the names that Hugging Face uses. */

/** One of the WebAssembly builds of the core, slowest first. */
export type BuildName = 'simd128' | 'relaxed-simd' | 'relaxed-simd-threads';

/** How weights are stored: 8.5, 4.5 or 32 bits each. */
export type DType = 'q8' | 'q4' | 'fp32';

/** A loaded model. */
export interface ModelInfo {
  /** Whether it reads in both directions (BERT and its kin) or writes from left to right (GPT and its kin). */
  kind: 'encoder' | 'decoder';
  /** The same as `model_type`. */
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
  /** Whether it comes with a template for conversations, so that `text-generation` takes messages. */
  has_chat_template: boolean;
}

/** What computes. */
export interface RuntimeInfo {
  /** The build that runs. */
  build: BuildName;
  /** Threads that compute, 1 without shared memory. */
  threads: number;
  /** A sentence saying why there are no threads; `null` if there are. */
  threads_off_reason: string | null;
  /** Version of the core. */
  version: string;
  /** Bytes of the instance's memory, when the model was ready. */
  wasm_bytes: number;
}

/** News of a load. */
export interface ProgressInfo {
  /**
   * Asked for, answered, underway, complete; `ready` when the model can be used. On the way: `waiting` (another tab
   * fetches the file, or the server asked to wait), `paused`, and `warning`, after which the load goes on.
   */
  status: 'initiate' | 'download' | 'progress' | 'waiting' | 'paused' | 'warning' | 'done' | 'ready';
  /** Of a warning: no room to keep the model, nowhere to keep it, or no connection, so that a kept copy is used. */
  code?: 'quota' | 'no_storage' | 'offline';
  /** The model as it was asked for; absent for the default one. */
  name?: string;
  /** The file in question. */
  file?: string;
  /** Bytes so far. */
  loaded?: number;
  /** Bytes in all, where the server says so. */
  total?: number;
  /** Bytes per second, smoothed. */
  rate?: number;
  /** How long it takes from here at that rate. */
  seconds_left?: number;
  /** What is being done, for people. */
  message: string;
}

/** A token of a text; offsets in UTF-16 units. */
export interface TokenInfo {
  /** Index into the vocabulary. */
  id: number;
  /** As in the vocabulary: `##ing`, `Ġthe`. */
  token: string;
  /** Where it begins in its text (`text`, or `pair` where `type_id` is 1). */
  start: number;
  /** Where it ends, exclusive. */
  end: number;
  /** 1 for the second text of a pair. */
  type_id: number;
  /** Added by the model's template ([CLS], [SEP]). */
  special: boolean;
  /** Which word it is a piece of. */
  word: number | null;
}

/** A word for a mask. */
export interface Candidate {
  /** Probability among the whole vocabulary, 0 to 1. */
  score: number;
  /** Index into the vocabulary. */
  token: number;
  /** The word. */
  token_str: string;
  /** The text with this mask filled; other masks stay. */
  sequence: string;
}

/** A word for a mask, and where the mask stands (UTF-16 units of the text). */
export interface FillMaskOutput extends Candidate {
  /** Where the mask begins. */
  start: number;
  /** Where it ends, exclusive. */
  end: number;
}

/** One mask filled in joint filling. */
export interface JointStep extends FillMaskOutput {
  /** Which mask, from 0, in the order of the text. */
  mask: number;
  /** What the model thought at this step; the chosen word first. */
  candidates: Candidate[];
}

/** All masks filled, each choice seen by the next. */
export interface JointFillOutput {
  /** The text with all masks filled. */
  sequence: string;
  /** Product of the chosen words' probabilities. */
  score: number;
  /** In the order of filling. */
  steps: JointStep[];
}

/** A token of a text, and how likely the model finds it there. */
export interface ScoredToken {
  /** Index into the vocabulary. */
  token: number;
  /** As in the vocabulary, `##` included. */
  token_str: string;
  /** Where it begins in the text (UTF-16 units). */
  start: number;
  /** Where it ends, exclusive. */
  end: number;
  /** Natural logarithm of its probability, given all other tokens. */
  log_prob: number;
}

/** How natural a text reads to the model (Salazar et al. 2020). */
export interface PseudoPerplexityOutput {
  /** 1 for a text that could not be otherwise, the size of the vocabulary for blind guessing. */
  perplexity: number;
  /** In the order of the text. */
  tokens: ScoredToken[];
}

/** Does B follow A? */
export interface NextSentenceOutput {
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

/** One of several candidates for B. */
export interface RankedSentence extends NextSentenceOutput {
  /** Its place in the list as given. */
  index: number;
  /** The candidate itself. */
  sentence: string;
}

/** Another token that might have stood in a place. */
export interface Alternative {
  /** Index into the vocabulary. */
  id: number;
  /** As it reads in a text, ` the` with its space. */
  token: string;
  /** Natural logarithm of its probability. */
  logprob: number;
}

/** One generated token. */
export interface GeneratedToken extends Alternative {
  /** Text that became complete with this token; may be empty in the middle of a character or a possible stop string. */
  text: string;
  /** The most probable tokens in this place, best first. */
  top: Alternative[];
}

/**
 * Why a text ended: the model's end token, a stop string, `max_new_tokens`, no room left in the context, or (summaries)
 * enough sentences.
 */
export type FinishReason = 'eos' | 'stop' | 'length' | 'context' | 'sentences';

/** How long it took. */
export interface GenerationTiming {
  /** Reading the prompt, ms. */
  prefill_ms: number;
  /** Writing the tokens, ms. */
  decode_ms: number;
  /** Written tokens per second of decoding. */
  tokens_per_second: number;
}

/** A generated text. */
export interface TextGenerationOutput {
  /** Prompt and continuation; the continuation alone with `return_full_text: false`. */
  generated_text: string;
  /** The continuation. */
  text: string;
  /** What the continuation is made of. */
  tokens: GeneratedToken[];
  /** Why it ended. */
  finish_reason: FinishReason;
  /** The seed that was used: the same seed gives the same text. */
  seed: number;
  /** Tokens of the prompt. */
  prompt_tokens: number;
  /** How long it took. */
  timing: GenerationTiming;
}

/** One turn of a conversation. */
export interface ChatMessage {
  /** Who speaks: `system`, `user` or `assistant` with most models. */
  role: string;
  /** What is said. */
  content: string;
}

/** The next turn of a conversation. */
export interface ChatOutput extends Omit<TextGenerationOutput, 'generated_text'> {
  /** The messages and the answer; the answer alone with `return_full_text: false`. */
  generated_text: ChatMessage[];
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

/** A part of a document that the model does not see. */
export interface LeftOut {
  /** Which part. */
  part: 'head' | 'middle' | 'tail';
  /** Where it begins, in UTF-16 units of the document. */
  start: number;
  /** Where it ends, exclusive. */
  end: number;
  /** Its tokens. */
  tokens: number;
}

/** A summary. */
export interface SummarizationOutput extends Omit<TextGenerationOutput, 'generated_text'> {
  /** The summary. */
  summary_text: string;
  /** What was read of the document. */
  plan: SummaryPlan;
}

/** Options that every call takes. */
export interface CallOptions {
  /** Stops the call; it rejects with code `aborted`. */
  signal?: AbortSignal;
  /** Stops this pipeline's running and waiting calls first. Without it, calls wait for each other. */
  replace?: boolean;
}

/** Options of fill-mask. */
export interface FillMaskOptions extends CallOptions {
  /** Candidates per mask (5). */
  top_k?: number;
  /** Scores exactly these words. */
  targets?: string[];
}

/** Options of joint filling. */
export interface JointFillOptions extends CallOptions {
  /** Candidates per mask (5). */
  top_k?: number;
  /** The order of filling. */
  joint: 'left-to-right' | 'best-first';
  /** Called with each mask filled. */
  on_step?: (step: JointStep) => void;
}

/** Options of pseudo-perplexity. */
export interface PseudoPerplexityOptions extends CallOptions {
  /** Called with each batch of tokens scored. */
  on_tokens?: (tokens: ScoredToken[]) => void;
}

/** Options of next-sentence prediction. */
export interface NextSentenceOptions extends CallOptions {
  /** With several candidates: called with each one compared, in any order. */
  on_candidate?: (result: RankedSentence) => void;
}

/** How tokens are chosen; see `SamplingOptions` of the Rust crate for the papers. */
export interface SamplingOptions {
  /** At most this many tokens (128). */
  max_new_tokens?: number;
  /** Draw at random (true) or take the most probable (false). */
  do_sample?: boolean;
  /** Above 0 (1). */
  temperature?: number;
  /** 0 keeps all (50). */
  top_k?: number;
  /** In (0, 1] (1). */
  top_p?: number;
  /** In [0, 1] (0). */
  min_p?: number;
  /** 1 changes nothing (1). */
  repetition_penalty?: number;
  /** No so many tokens in a row come twice, prompt included; 0 allows all (0). */
  no_repeat_ngram_size?: number;
  /** Texts followed at once in search of the most probable one (1); more than 1 needs `do_sample: false`. */
  num_beams?: number;
  /** With beams: above 0 favours longer texts, below 0 shorter ones (1). */
  length_penalty?: number;
  /** Whole number from 0 to 2^53 − 1; drawn at random and reported if absent. */
  seed?: number;
  /** The text ends before any of these. */
  stop?: string[];
  /** Alternatives reported per token (5). */
  top_logprobs?: number;
  /** Prompt tokens read between two looks for a stop (64). */
  prefill_chunk?: number;
}

/** Options of generation. */
export interface TextGenerationOptions extends CallOptions, SamplingOptions {
  /** Whether `generated_text` begins with the prompt, or with the messages (true). */
  return_full_text?: boolean;
  /** Called with each token as it is written. */
  on_token?: (token: GeneratedToken, index: number) => void;
  /** Called while the prompt is read, with tokens read and in all. */
  on_prefill?: (progress: { done: number; total: number }) => void;
}

/** What decides how much of a document is read. */
export interface SummaryPlanOptions {
  /**
   * What follows the document. Left out, it is `\nTL;DR:`, and a model with a chat template is asked for a summary in a
   * conversation instead.
   */
  cue?: string;
  /** Which part of a too long document is left out (`tail`). */
  truncation?: 'head' | 'middle' | 'tail';
  /** Sentences of the summary (3). */
  sentences?: number;
  /** Tokens kept free for it (100). */
  max_new_tokens?: number;
}

/**
 * Options of a summary; the defaults are those of GPT-2's paper: top-k 2, 100 tokens, 3 sentences. A model that is asked in a
 * conversation takes the likeliest token each time (`do_sample: false`).
 */
export interface SummarizationOptions extends Omit<TextGenerationOptions, 'return_full_text'>, SummaryPlanOptions {}
