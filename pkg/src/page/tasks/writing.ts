/** What generation and summaries share: options, tokens on the way, several texts, timing. */
import { LIMITS } from '../../border/core.js';
import { ClozeError, invalidOption, type ErrorCode } from '../../border/errors.js';
import type { GenerationDone, GenerationEvent, PromptRead } from '../../border/protocol.js';
import type { CallbackBeam, StreamerLike, WritingOptions } from '../../border/streaming.js';
import type {
  GeneratedToken,
  ModelInfo,
  SamplingOptions,
  TextGenerationOptions,
  TextGenerationOutput,
} from '../../border/types.js';
import { optionErrors } from '../../words/page/index.js';
import { endText, hand } from '../streamers.js';
import { numbers, optionalBoolean, optionalNumber, optionalStrings, present } from './options.js';

/** Errors of calls that may have begun. */
const STOPPED: ReadonlySet<ErrorCode> = new Set(['aborted', 'disposed', 'worker_failed', 'out_of_memory']);

/** Sampling options, checked, with a seed in any case. */
export function samplingOptions(options: SamplingOptions): SamplingOptions & { seed: number } {
  return {
    seed: crypto.getRandomValues(new Uint32Array(1))[0]!,
    ...numbers(LIMITS['text-generation'], options),
    ...present({
      do_sample: optionalBoolean('do_sample', options.do_sample),
      stop: optionalStrings('stop', options.stop),
    }),
  };
}

/** Who hears of a text. */
type Hearers = WritingOptions & Pick<TextGenerationOptions, 'on_token' | 'on_prefill'>;

const SEQUENCES = { min: 1, max: 1000, whole: true, default: 1 } as const;

/**
 * Writes as many texts as are asked for, one after the other; each has the seed after the last one's.
 *
 * @throws ClozeError `invalid_option` where several would be the same text
 */
export async function writeEach<R>(
  { num_return_sequences }: WritingOptions,
  sampling: SamplingOptions & { seed: number },
  { generation }: ModelInfo,
  write: (sampling: SamplingOptions & { seed: number }, index: number) => Promise<R>,
): Promise<R[]> {
  const count = optionalNumber('num_return_sequences', num_return_sequences, SEQUENCES) ?? 1;
  const draws = sampling.do_sample ?? generation?.options.do_sample ?? true;
  if (count > 1 && !draws) throw invalidOption('num_return_sequences', optionErrors.sameTexts);
  const results: R[] = [];
  for (let index = 0; index < count; index++) {
    const seed = (sampling.seed + index) % (LIMITS['text-generation'].seed.max + 1);
    results.push(await write({ ...sampling, seed }, index));
  }
  return results;
}

/** Collects a text while it is written. */
export class Writing {
  readonly tokens: GeneratedToken[] = [];
  readonly #streamer: StreamerLike | undefined;
  #prompt: PromptRead = { ids: [], text: '', full_text: '' };
  #streamed = '';

  /** `special`: ids of the tokens that stand for no text. */
  constructor(
    private readonly options: Hearers,
    private readonly special: ReadonlySet<number>,
  ) {
    const { streamer } = options;
    if (streamer !== undefined && (typeof streamer.put !== 'function' || typeof streamer.end !== 'function'))
      throw invalidOption('streamer', optionErrors.streamer);
    this.#streamer = streamer;
  }

  /** Whether somebody wants to hear of the prompt's tokens. */
  get echo(): { echo?: true } {
    return this.#streamer || this.options.callback_function ? { echo: true } : {};
  }

  /** Hears of a step. */
  readonly hear = (event: GenerationEvent): void => {
    if (event.type === 'prefill') this.options.on_prefill?.({ done: event.done, total: event.total });
    if (event.type === 'prompt') {
      const { ids, text, full_text } = event;
      this.#prompt = { ids, text, full_text };
      if (this.#streamer) hand(this.#streamer, ids, this.#prompt);
    }
    if (event.type !== 'token') return;
    const { token } = event;
    this.tokens.push(token);
    this.options.on_token?.(token, this.tokens.length - 1);
    this.#stream(token);
    this.options.callback_function?.([this.#beam()]);
  };

  #stream({ id, token, text }: GeneratedToken): void {
    if (!this.#streamer) return;
    this.#streamed += text;
    hand(this.#streamer, [id], { text, full_text: this.special.has(id) ? token : text });
  }

  #beam(): CallbackBeam {
    const ids = this.tokens.map(({ id }) => id);
    const score = this.tokens.reduce((sum, { logprob }) => sum + logprob, 0);
    return { output_token_ids: [...this.#prompt.ids, ...ids], score };
  }

  /** The result without the task's own fields. */
  result(done: GenerationDone, seed: number): Omit<TextGenerationOutput, 'generated_text'> {
    const { text, finish_reason, prompt_tokens, prefill_ms, decode_ms } = done;
    // The first token comes with the prompt's last: it is not decoding.
    const decoded = Math.max(0, this.tokens.length - 1);
    const tokens_per_second = decode_ms > 0 ? (1000 * decoded) / decode_ms : 0;
    this.#endStream(text);
    return {
      text,
      tokens: this.tokens,
      finish_reason,
      seed,
      prompt_tokens,
      timing: { prefill_ms, decode_ms, tokens_per_second },
    };
  }

  /** An error on its way out, with what was written so far. */
  withPartial(error: unknown, seed: number): unknown {
    this.#endStream(this.#streamed);
    const text = this.tokens.map((token) => token.text).join('');
    if (error instanceof ClozeError && (this.tokens.length > 0 || STOPPED.has(error.code)))
      error.partial = { text, tokens: this.tokens, seed };
    return error;
  }

  /** What has been held back comes with the end. */
  #endStream(text: string): void {
    if (this.#streamer) endText(this.#streamer, text.slice(this.#streamed.length));
  }
}
