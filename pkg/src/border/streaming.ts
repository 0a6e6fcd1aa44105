/** How a text is told while it is written, with the names of transformers.js. */

/** Is handed a text's tokens while it is written: `TextStreamer`, or an object of your own. */
export interface StreamerLike {
  /** Takes the prompt's tokens, then each one written: one row. */
  put(value: bigint[][]): void;
  /** The text has ended. */
  end(): void;
}

/** What `callback_function` hears of the text. */
export interface CallbackBeam {
  /** Ids of the prompt's tokens and of those written so far. */
  output_token_ids: number[];
  /** Sum of the logarithms of their probabilities. */
  score: number;
}

/** Options of how a text is told while it is written, and of how many are. */
export interface WritingOptions {
  /** Texts for each prompt (1): the first with the seed that is named, the others with those after it. */
  num_return_sequences?: number;
  /** Is handed the tokens, the prompt's first. */
  streamer?: StreamerLike;
  /** Called with each token written, as in transformers.js 2. */
  callback_function?: (beams: [CallbackBeam]) => void;
}

/** Options of `TextStreamer`. */
export interface TextStreamerOptions {
  /** Whether the prompt is left out (false). */
  skip_prompt?: boolean;
  /** Whether special tokens are left out (true). */
  skip_special_tokens?: boolean;
  /** Takes the text, piece by piece; left out, pieces go to the console. */
  callback_function?: ((text: string) => void) | null;
  /** Takes the tokens. */
  token_callback_function?: ((tokens: bigint[]) => void) | null;
  /** As in transformers.js: `skip_special_tokens` in it comes before that beside it. */
  decode_kwargs?: {
    /** Whether special tokens are left out. */
    skip_special_tokens?: boolean;
  };
}
