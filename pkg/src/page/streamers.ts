/** Streamers: they are handed a text's tokens while it is written, as in transformers.js. */
import { invalidOption } from '../border/errors.js';
import type { StreamerLike, TextStreamerOptions } from '../border/streaming.js';
import { optionErrors } from '../words/page/index.js';
import { given } from './options.js';
import { optionalBoolean } from './tasks/options.js';
import type { SpecialTokens } from './tokenizer/types.js';

/** Is handed a text's tokens while it is written: the option `streamer`. */
export abstract class BaseStreamer implements StreamerLike {
  /** Takes the prompt's tokens, then each one written: one row. */
  abstract put(value: bigint[][]): void;

  /** The text has ended. */
  abstract end(): void;
}

/** The text of what a streamer is handed. It was decoded where the model is, for a streamer cannot wait. */
interface Handed {
  text: string;
  /** With special tokens. */
  full_text: string;
}

const handed = new WeakMap<bigint[][], Handed>();
/** The end of a text that came with no token: it might have been the beginning of a stop string. */
const tails = new WeakMap<StreamerLike, string>();

/** Hands tokens over with their text. */
export function hand(streamer: StreamerLike, ids: readonly number[], text: Handed): void {
  const value = [ids.map(BigInt)];
  handed.set(value, text);
  streamer.put(value);
}

/** Ends a text, with what of it has not been handed over. */
export function endText(streamer: StreamerLike, tail: string): void {
  tails.set(streamer, tail);
  streamer.end();
}

/** Scripts without blanks between words: each character is one, or a part of one. */
const UNSPACED = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]$/u;

/**
 * Gives a text out while it is written, in whole words.
 *
 * @example
 * ```ts
 * import { pipeline, TextStreamer } from 'cloze';
 * const generate = await pipeline('text-generation');
 * const streamer = new TextStreamer(generate.tokenizer, {
 *   skip_prompt: true,
 *   callback_function: (text) => console.log(text),
 * });
 * await generate('Once upon a time', { max_new_tokens: 40, streamer });
 * ```
 */
export class TextStreamer extends BaseStreamer {
  /** Whether the prompt is left out. */
  readonly skip_prompt: boolean;
  readonly #skipsSpecial: boolean;
  readonly #tell: (text: string) => void;
  readonly #tellTokens: ((tokens: bigint[]) => void) | undefined;
  #atPrompt = true;
  /** The end of the text, which may become a longer word. */
  #held = '';

  /**
   * @param tokenizer - the pipeline's; another one changes nothing, for the pipeline decodes
   * @throws ClozeError `invalid_option`
   */
  constructor(
    readonly tokenizer: SpecialTokens,
    options?: TextStreamerOptions,
  ) {
    super();
    const asked = given('TextStreamer', options);
    const { skip_special_tokens } = { ...asked, ...given('tokenizer.decode()', asked.decode_kwargs) };
    this.skip_prompt = optionalBoolean('skip_prompt', asked.skip_prompt) ?? false;
    this.#skipsSpecial = optionalBoolean('skip_special_tokens', skip_special_tokens) ?? true;
    this.#tell = asked.callback_function ?? ((text) => console.log(text));
    this.#tellTokens = asked.token_callback_function ?? undefined;
  }

  put(value: bigint[][]): void {
    if (value.length !== 1) throw invalidOption('value', optionErrors.oneRow);
    const isPrompt = this.#atPrompt;
    this.#atPrompt = false;
    if (isPrompt && this.skip_prompt) return;
    const given = handed.get(value);
    if (!given) throw invalidOption('value', optionErrors.notHanded);
    this.#tellTokens?.(value[0]!);
    this.#held += this.#skipsSpecial ? given.text : given.full_text;
    const whole = isPrompt || this.#held.endsWith('\n') || UNSPACED.test(this.#held);
    this.#give(whole ? this.#held.length : this.#held.lastIndexOf(' ') + 1, false);
  }

  end(): void {
    this.#held += tails.get(this) ?? '';
    tails.delete(this);
    this.#atPrompt = true;
    this.#give(this.#held.length, true);
  }

  /** Takes each piece that is certain; subclasses may do something else with it than `callback_function`. */
  on_finalized_text(text: string, _stream_end: boolean): void {
    if (text.length > 0) this.#tell(text);
  }

  #give(length: number, isEnd: boolean): void {
    const text = this.#held.slice(0, length);
    this.#held = this.#held.slice(length);
    this.on_finalized_text(text, isEnd);
  }
}
