/** Text generation. */
import type { GeneratedToken, TextGenerationOptions, TextGenerationOutput } from '../types.js';
import type { PipelineBase, TaskRunner } from './base.js';
import { present, requireString } from './options.js';
import { samplingOptions, Writing } from './writing.js';

/**
 * Continues a text.
 *
 * @example
 * ```ts
 * const generate = await pipeline('text-generation');
 * const [{ generated_text }] = await generate('Once upon a time', { max_new_tokens: 60, seed: 1 });
 * ```
 */
export interface TextGenerationPipeline extends PipelineBase {
  /** Its name. */
  readonly task: 'text-generation';
  /**
   * Rejects with `empty_input`, `input_too_long`, `invalid_option`; when stopped with `aborted`, whose `partial` holds
   * `{text, tokens, seed}`.
   */
  (prompt: string, options?: TextGenerationOptions): Promise<[TextGenerationOutput]>;
  /** The tokens as they are written; the generator's return value is the result. Leaving the loop stops the writing. */
  stream(prompt: string, options?: TextGenerationOptions): AsyncGenerator<GeneratedToken, TextGenerationOutput, void>;
}

/** Makes the pipeline. */
export function textGeneration(runner: TaskRunner): TextGenerationPipeline {
  async function call(prompt: string, options: TextGenerationOptions = {}): Promise<[TextGenerationOutput]> {
    const { signal, replace, return_full_text = true } = options;
    const sampling = samplingOptions(options);
    const writing = new Writing(options);
    const params = { prompt: requireString('prompt', prompt), options: sampling };
    try {
      const done = await runner.call('generate', params, present({ signal, replace }), writing.hear);
      return [{ generated_text: return_full_text ? prompt + done.text : done.text, ...writing.result(done, sampling.seed) }];
    } catch (error) {
      throw writing.withPartial(error, sampling.seed);
    }
  }

  async function* stream(prompt: string, options: TextGenerationOptions = {}): AsyncGenerator<GeneratedToken, TextGenerationOutput, void> {
    const stop = new AbortController();
    const forward = (): void => stop.abort();
    if (options.signal?.aborted) forward();
    options.signal?.addEventListener('abort', forward, { once: true });
    const ready: GeneratedToken[] = [];
    let wake = (): void => undefined;
    let ended = false;
    const result = call(prompt, {
      ...options,
      signal: stop.signal,
      on_token: (token, index) => {
        options.on_token?.(token, index);
        ready.push(token);
        wake();
      },
    });
    // Waited for below; until then a rejection must not count as unhandled.
    result
      .catch(() => undefined)
      .finally(() => {
        ended = true;
        wake();
      });
    try {
      for (;;) {
        for (let token = ready.shift(); token; token = ready.shift()) yield token;
        if (ended) return (await result)[0];
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    } finally {
      options.signal?.removeEventListener('abort', forward);
      stop.abort();
    }
  }

  return runner.pipeline('text-generation', call, { stream });
}
