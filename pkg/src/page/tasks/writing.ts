/** What generation and summaries share: options, tokens on the way, timing. */
import { LIMITS } from '../../border/core.js';
import { ClozeError, type ErrorCode } from '../../border/errors.js';
import type { GenerationDone, GenerationEvent } from '../../border/protocol.js';
import type {
  GeneratedToken,
  SamplingOptions,
  TextGenerationOptions,
  TextGenerationOutput,
} from '../../border/types.js';
import { numbers, optionalBoolean, optionalStrings, present } from './options.js';

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

/** Collects a text while it is written. */
export class Writing {
  readonly tokens: GeneratedToken[] = [];

  constructor(private readonly options: Pick<TextGenerationOptions, 'on_token' | 'on_prefill'>) {}

  /** Hears of a step. */
  readonly hear = (event: GenerationEvent): void => {
    if (event.type === 'prefill') this.options.on_prefill?.({ done: event.done, total: event.total });
    if (event.type !== 'token') return;
    this.tokens.push(event.token);
    this.options.on_token?.(event.token, this.tokens.length - 1);
  };

  /** The result without the task's own fields. */
  result(done: GenerationDone, seed: number): Omit<TextGenerationOutput, 'generated_text'> {
    const { text, finish_reason, prompt_tokens, prefill_ms, decode_ms } = done;
    // The first token comes with the prompt's last: it is not decoding.
    const decoded = Math.max(0, this.tokens.length - 1);
    const tokens_per_second = decode_ms > 0 ? (1000 * decoded) / decode_ms : 0;
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
    const text = this.tokens.map((token) => token.text).join('');
    if (error instanceof ClozeError && (this.tokens.length > 0 || STOPPED.has(error.code)))
      error.partial = { text, tokens: this.tokens, seed };
    return error;
  }
}
