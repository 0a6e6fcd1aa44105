/** Makes a tokenizer of calls to a worker. */
import { invalidOption } from '../../border/errors.js';
import {
  SPECIAL_NAMES,
  type CallName,
  type Calls,
  type SpecialName,
  type SpecialToken,
  type TokenizerData,
} from '../../border/protocol.js';
import type { ChatTurn, TokenInfo } from '../../border/types.js';
import { optionErrors } from '../../words/page/index.js';
import { given } from '../options.js';
import { chatRequest } from '../tasks/messages.js';
import { oneOf, optionalBoolean, optionalNumber, present, requireString } from '../tasks/options.js';
import { isTensor, tensor, type Tensor } from '../tensor.js';
import { fitted, type Row } from './rows.js';
import type {
  BatchEncoding,
  ChatTemplateOptions,
  DecodeOptions,
  EncodeOptions,
  IdTensor,
  PreTrainedTokenizer,
  SpecialTokens,
  TokenIds,
  TokenizeOptions,
  TokenizerCallOptions,
} from './types.js';

/** Asks the worker. */
export type Ask = <N extends CallName>(call: N, params: Calls[N]['params']) => Promise<Calls[N]['result']>;

/** What is known of a tokenizer. */
export interface TokenizerFacts extends TokenizerData {
  /** The most tokens that its model reads. */
  model_max_length?: number;
  /** Whether its model is told which tokens are of the second text. */
  reads_types?: boolean;
}

const LENGTH = { min: 1, max: Infinity, whole: true, default: 1 } as const;

/** Makes the tokenizer. */
export function tokenizerOf(ask: Ask, facts: TokenizerFacts): PreTrainedTokenizer {
  const { special_tokens, model_max_length = Infinity } = facts;
  const named = namedTokens(facts);
  const { reads_types = named.cls_token === '[CLS]' } = facts;

  const tokens = async (text: unknown, pair: unknown, add_special_tokens = true): Promise<TokenInfo[]> => {
    const second = pair === undefined || pair === null ? {} : { pair: requireString('text_pair', pair) };
    return ask('tokenize', { text: requireString('text', text), ...second, add_special_tokens });
  };

  async function call(
    input: string | readonly string[],
    asked?: TokenizerCallOptions,
  ): Promise<BatchEncoding<unknown, unknown>> {
    const options = given('tokenizer()', asked);
    const texts = typeof input === 'string' ? [input] : input;
    if (!Array.isArray(texts) || texts.length === 0) throw invalidOption('text', optionErrors.noTexts);
    const { text_pair } = options;
    const pairs: readonly unknown[] = Array.isArray(text_pair) ? text_pair : [text_pair];
    if (text_pair !== undefined && (Array.isArray(text_pair) !== Array.isArray(input) || pairs.length !== texts.length))
      throw invalidOption('text_pair', optionErrors.notAsMany(pairs.length, texts.length));
    const special = optionalBoolean('add_special_tokens', options.add_special_tokens);
    const rows: TokenInfo[][] = [];
    for (const [index, text] of texts.entries()) rows.push(await tokens(text, pairs[index], special));
    return encoding(fitted(rows, lengthsOf(options)), options, typeof input === 'string');
  }

  function lengthsOf(options: TokenizerCallOptions): Parameters<typeof fitted>[1] {
    const padding = typeof options.padding === 'string' ? oneOf('padding', options.padding, ['max_length']) : undefined;
    return {
      padding: padding ?? optionalBoolean('padding', options.padding) ?? false,
      truncation: optionalBoolean('truncation', options.truncation) ?? false,
      max_length: optionalNumber('max_length', options.max_length ?? undefined, LENGTH) ?? model_max_length,
      side: tokenizer.padding_side,
    };
  }

  /** Rows as what was asked for. `alone`: of lists, the only one. */
  function encoding(rows: Row[], options: TokenizerCallOptions, alone: boolean): BatchEncoding<unknown, unknown> {
    const inLists = optionalBoolean('return_tensor', options.return_tensor) === false;
    const width = rows[0]!.length;
    if (!inLists && rows.some((row) => row.length !== width)) throw invalidOption('padding', optionErrors.uneven);
    const one = <T>(lists: T[]): T | T[] => (alone ? lists[0]! : lists);
    const item = (value: (token: TokenInfo | null) => number): unknown => {
      const lists = rows.map((row) => row.map(value));
      if (inLists) return one(lists);
      return tensor('int64', BigInt64Array.from(lists.flat().map(BigInt)), [rows.length, width]);
    };
    const types = optionalBoolean('return_token_type_ids', options.return_token_type_ids) ?? reads_types;
    const places = optionalBoolean('return_offsets_mapping', options.return_offsets_mapping) ?? false;
    return {
      input_ids: item((token) => (token ? token.id : (named.pad_token_id ?? 0))),
      attention_mask: item((token) => (token ? 1 : 0)),
      ...(types && { token_type_ids: item((token) => token?.type_id ?? 0) }),
      ...(places && { offset_mapping: inLists ? one(rows.map(placesOf)) : rows.map(placesOf) }),
    };
  }

  async function decode(token_ids: TokenIds, asked?: DecodeOptions): Promise<string> {
    const { skip_special_tokens } = given('tokenizer.decode()', asked);
    const skip = optionalBoolean('skip_special_tokens', skip_special_tokens) ?? false;
    return ask('decode', { ids: idsOf(token_ids), skip_special_tokens: skip });
  }

  async function batch_decode(batch: readonly TokenIds[] | Tensor, asked?: DecodeOptions): Promise<string[]> {
    const rows: unknown = isTensor(batch) ? batch.tolist() : batch;
    if (!Array.isArray(rows)) throw invalidOption('batch', optionErrors.ids);
    return Promise.all(rows.map((row: TokenIds) => decode(row, asked)));
  }

  async function convert_tokens_to_ids(asked: string | readonly string[]): Promise<unknown> {
    const list = (Array.isArray(asked) ? asked : [asked]).map((token) => requireString('tokens', token));
    const ids = (await ask('token_ids', { tokens: list })).map((id) => id ?? undefined);
    return Array.isArray(asked) ? ids : ids[0];
  }

  async function apply_chat_template(messages: readonly ChatTurn[], asked?: ChatTemplateOptions): Promise<unknown> {
    const options = given('tokenizer.apply_chat_template()', asked);
    const { tokenize, add_generation_prompt, chat_template, tools, documents, return_tensor, return_dict } = options;
    const prompts = optionalBoolean('add_generation_prompt', add_generation_prompt) ?? false;
    const conversation = chatRequest(messages, {
      continue_final_message: false,
      ...present({ tools: tools ?? undefined, documents: documents ?? undefined }),
      tokenizer_encode_kwargs: { add_generation_prompt: prompts, ...(chat_template && { chat_template }) },
    });
    const prompt = await ask('chat_prompt', { conversation });
    if (optionalBoolean('tokenize', tokenize) === false) return prompt;
    const rows = [await tokens(prompt, undefined, false)];
    const encoded = encoding(rows, { ...present({ return_tensor }), return_token_type_ids: false }, true);
    return optionalBoolean('return_dict', return_dict) === false ? encoded.input_ids : encoded;
  }

  const tokenizer = Object.assign(call, {
    ...named,
    all_special_tokens: special_tokens.map(({ token }) => token),
    all_special_ids: special_tokens.map(({ id }) => id),
    model_max_length,
    padding_side: 'right',
    decode,
    batch_decode,
    convert_tokens_to_ids,
    apply_chat_template,
    async encode(text: string, asked?: EncodeOptions): Promise<number[]> {
      const { text_pair, add_special_tokens } = given('tokenizer.encode()', asked);
      return (await tokens(text, text_pair, add_special_tokens)).map(({ id }) => id);
    },
    async tokenize(text: string, asked?: TokenizeOptions): Promise<string[]> {
      const { pair, add_special_tokens = false } = given('tokenizer.tokenize()', asked);
      return (await tokens(text, pair, add_special_tokens)).map(({ token }) => token);
    },
  }) as unknown as PreTrainedTokenizer;
  return tokenizer;
}

/** The special tokens by their names; what fills up is the end token where none is named. */
function namedTokens({ special_tokens }: TokenizerFacts): SpecialTokens {
  const find = (name: SpecialName): SpecialToken | undefined =>
    special_tokens.find(({ names }) => names.includes(name));
  const entries = SPECIAL_NAMES.flatMap((name) => {
    const found = find(name) ?? (name === 'pad_token' ? find('eos_token') : undefined);
    return [
      [name, found?.token ?? null],
      [`${name}_id`, found?.id ?? null],
    ];
  });
  return Object.fromEntries(entries) as SpecialTokens;
}

/** Where each token of a row begins and ends. */
const placesOf = (row: Row): [number, number][] => row.map((token) => [token?.start ?? 0, token?.end ?? 0]);

/** Ids as the worker takes them. */
function idsOf(given: TokenIds): number[] {
  const list: unknown = isTensor(given) ? rowOf(given) : given;
  const ids = Array.isArray(list) ? list.map(Number) : [NaN];
  if (!ids.every((id) => Number.isInteger(id) && id >= 0 && id < 2 ** 32))
    throw invalidOption('token_ids', optionErrors.ids);
  return ids;
}

/** The row of a tensor that has one. */
function rowOf({ dims, data }: Tensor | IdTensor): unknown[] {
  if (dims.slice(0, -1).some((length) => length !== 1)) throw invalidOption('token_ids', optionErrors.severalRows);
  return [...data];
}
