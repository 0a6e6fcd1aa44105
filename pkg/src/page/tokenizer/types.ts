/** `pipe.tokenizer` and `AutoTokenizer`: transformers.js's tokenizer, whose answers come from the worker as promises. */
import type { ChatTurn } from '../../border/types.js';
import type { Tensor } from '../tensor.js';

/** The special tokens by their names, and their ids; `null` where a model has none. */
export interface SpecialTokens {
  /** Begins a text. */
  readonly bos_token: string | null;
  /** Its id. */
  readonly bos_token_id: number | null;
  /** Ends a text. */
  readonly eos_token: string | null;
  /** Its id. */
  readonly eos_token_id: number | null;
  /** Stands for what the vocabulary has no pieces for. */
  readonly unk_token: string | null;
  /** Its id. */
  readonly unk_token_id: number | null;
  /** Parts two texts. */
  readonly sep_token: string | null;
  /** Its id. */
  readonly sep_token_id: number | null;
  /** Fills up shorter texts; the end token where there is none. */
  readonly pad_token: string | null;
  /** Its id. */
  readonly pad_token_id: number | null;
  /** Begins a text that is classified. */
  readonly cls_token: string | null;
  /** Its id. */
  readonly cls_token_id: number | null;
  /** Stands for a word to guess. */
  readonly mask_token: string | null;
  /** Its id. */
  readonly mask_token_id: number | null;
}

/** Options of a tokenizer's call. */
export interface TokenizerCallOptions {
  /** A second text, or one for each. */
  text_pair?: string | readonly string[] | null;
  /** Whether the model's template is put around (`[CLS]` … `[SEP]`; true). */
  add_special_tokens?: boolean;
  /** Whether shorter texts are filled up: to the longest one, or to `max_length` (false). */
  padding?: boolean | 'max_length';
  /** Whether longer texts are cut to `max_length` (false). Special tokens stay. */
  truncation?: boolean | null;
  /** Tokens of a text (the most that the model reads). */
  max_length?: number | null;
  /** Whether tensors come, or lists (true). */
  return_tensor?: boolean;
  /** Whether it is said which tokens are of the second text; left out, where the model reads it. */
  return_token_type_ids?: boolean | null;
  /** Whether the tokens' places in the text come as well, in UTF-16 units (false). */
  return_offsets_mapping?: boolean;
}

/** What a tokenizer's call gives. */
export interface BatchEncoding<Item, Offsets = [number, number][][]> {
  /** Ids of the tokens. */
  input_ids: Item;
  /** 1 for tokens, 0 for what fills up. */
  attention_mask: Item;
  /** 1 for the second text. */
  token_type_ids?: Item;
  /** Where each token begins and ends, with `return_offsets_mapping`. */
  offset_mapping?: Offsets;
}

/** Ids in rows, one a text. */
export type IdTensor = Tensor<'int64', bigint[][]>;

/** Ids of tokens as a caller may have them. */
export type TokenIds = readonly number[] | readonly bigint[] | Tensor;

/** Options of `encode`. */
export interface EncodeOptions {
  /** A second text. */
  text_pair?: string | null;
  /** Whether the model's template is put around (true). */
  add_special_tokens?: boolean;
}

/** Options of `tokenize`. */
export interface TokenizeOptions {
  /** A second text. */
  pair?: string | null;
  /** Whether the model's template is put around (false). */
  add_special_tokens?: boolean;
}

/** Options of `decode`. */
export interface DecodeOptions {
  /** Whether special tokens are left out (false). */
  skip_special_tokens?: boolean;
}

/** Options of `apply_chat_template`. */
export interface ChatTemplateOptions {
  /** Whether tokens come, or the text (true). */
  tokenize?: boolean;
  /** Whether the head of the answer is at the end (false). */
  add_generation_prompt?: boolean;
  /** Another template, or the name of one of the model's. */
  chat_template?: string | null;
  /** Functions that the model may call, as JSON schemas. */
  tools?: readonly object[] | null;
  /** Texts that the model may answer from. */
  documents?: readonly object[] | null;
  /** Whether tensors come, or lists (true). */
  return_tensor?: boolean;
  /** Whether an object with `input_ids` comes, or the ids alone (true). */
  return_dict?: boolean;
}

/**
 * A tokenizer as in transformers.js. It works in the model's worker, so that each call is a promise: code that waits for them
 * (`await`) runs with both packages.
 *
 * @example
 * ```ts
 * import { AutoTokenizer } from 'cloze';
 * const tokenizer = await AutoTokenizer.from_pretrained('openai-community/gpt2');
 * const ids = await tokenizer.encode('Once upon a time');
 * console.log(ids.length, await tokenizer.decode(ids));
 * ```
 */
export interface PreTrainedTokenizer extends SpecialTokens {
  /** The tokens of a text, as lists. */
  (
    text: string,
    options: TokenizerCallOptions & { return_tensor: false },
  ): Promise<BatchEncoding<number[], [number, number][]>>;
  /** The tokens of several texts, as lists. */
  (
    texts: readonly string[],
    options: TokenizerCallOptions & { return_tensor: false },
  ): Promise<BatchEncoding<number[][]>>;
  /** The tokens of one or several texts, one row each. Rejects with `invalid_option` if the rows are not equally long. */
  (texts: string | readonly string[], options?: TokenizerCallOptions): Promise<BatchEncoding<IdTensor>>;
  /** The ids of a text's tokens. */
  encode(text: string, options?: EncodeOptions): Promise<number[]>;
  /** The tokens of a text as they stand in the vocabulary. */
  tokenize(text: string, options?: TokenizeOptions): Promise<string[]>;
  /** The text of tokens. */
  decode(token_ids: TokenIds, options?: DecodeOptions): Promise<string>;
  /** The texts of several rows of tokens. */
  batch_decode(batch: readonly TokenIds[] | Tensor, options?: DecodeOptions): Promise<string[]>;
  /** The id of an entry of the vocabulary; `undefined` for what is none. */
  convert_tokens_to_ids(token: string): Promise<number | undefined>;
  /** The ids of several. */
  convert_tokens_to_ids(tokens: readonly string[]): Promise<(number | undefined)[]>;
  /** A conversation as the model's chat template writes it. */
  apply_chat_template(
    messages: readonly ChatTurn[],
    options: ChatTemplateOptions & { tokenize: false },
  ): Promise<string>;
  /** Its tokens as a list. */
  apply_chat_template(
    messages: readonly ChatTurn[],
    options: ChatTemplateOptions & { return_dict: false; return_tensor: false },
  ): Promise<number[]>;
  /** Its tokens as a list, in an object. */
  apply_chat_template(
    messages: readonly ChatTurn[],
    options: ChatTemplateOptions & { return_tensor: false },
  ): Promise<BatchEncoding<number[]>>;
  /** Its tokens. */
  apply_chat_template(
    messages: readonly ChatTurn[],
    options: ChatTemplateOptions & { return_dict: false },
  ): Promise<IdTensor>;
  /** Its tokens, in an object. */
  apply_chat_template(messages: readonly ChatTurn[], options?: ChatTemplateOptions): Promise<BatchEncoding<IdTensor>>;
  /** All special tokens. */
  readonly all_special_tokens: readonly string[];
  /** Their ids. */
  readonly all_special_ids: readonly number[];
  /** The most tokens that the model reads at once; `Infinity` where that is not known. */
  readonly model_max_length: number;
  /** On which side shorter texts are filled up (`right`). */
  padding_side: 'left' | 'right';
}
