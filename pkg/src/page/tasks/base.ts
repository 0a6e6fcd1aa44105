/** What the pipelines have in common. */
import { followAbort } from '../abort.js';
import { disposed, type CallSettings, type Loaded, type ModelClient } from '../client.js';
import type { CallName, Calls } from '../../border/protocol.js';
import type { CallOptions, ModelInfo, RuntimeInfo, TokenInfo } from '../../border/types.js';
import { tokenizerOf } from '../tokenizer/tokenizer.js';
import type { PreTrainedTokenizer } from '../tokenizer/types.js';
import { requireString } from './options.js';

/** Properties and methods of every pipeline. */
export interface PipelineBase {
  /** The loaded model. */
  readonly info: ModelInfo;
  /** What computes. */
  readonly runtime: RuntimeInfo;
  /** The model's tokenizer. */
  readonly tokenizer: PreTrainedTokenizer;
  /** The tokens of a text or pair, as the model reads them. */
  tokenize(text: string, pair?: string): Promise<TokenInfo[]>;
  /** Lets go of the model; its worker ends with its last pipeline. Calls under way reject with `disposed`. */
  dispose(): void;
}

/**
 * The answers to several inputs, one after the other. Only the first replaces what runs already.
 */
export async function each<I, O extends CallOptions, R>(
  inputs: readonly I[],
  options: O,
  call: (input: I, options: O) => Promise<R>,
): Promise<R[]> {
  const results: R[] = [];
  for (const [index, input] of inputs.entries())
    results.push(await call(input, index === 0 ? options : { ...options, replace: false }));
  return results;
}

/** A pipeline's way to its model: calls that can be replaced by later ones. */
export class TaskRunner {
  readonly #active = new Set<AbortController>();
  #disposed = false;

  constructor(
    readonly client: ModelClient,
    readonly loaded: Loaded,
    private readonly release: () => void,
  ) {}

  /** Ids of the tokens that stand for no text. */
  get specialIds(): ReadonlySet<number> {
    return new Set(this.loaded.tokenizer.special_tokens.map(({ id }) => id));
  }

  /** The model's tokenizer. */
  get tokenizer(): PreTrainedTokenizer {
    const { info, tokenizer } = this.loaded;
    const { model_type, max_position_embeddings } = info;
    return tokenizerOf((call, params) => this.call(call, params, {}), {
      ...tokenizer,
      model_max_length: max_position_embeddings,
      reads_types: model_type === 'bert' || model_type === 'albert',
    });
  }

  /** Calls the worker; see {@link CallOptions} for `signal` and `replace`. */
  async call<N extends CallName>(
    call: N,
    params: Calls[N]['params'],
    { signal, replace = false }: CallOptions,
    on_event?: CallSettings<N>['on_event'],
  ): Promise<Calls[N]['result']> {
    if (this.#disposed) throw disposed();
    if (replace) this.#active.forEach((other) => other.abort());
    const { controller, unfollow } = followAbort(signal);
    this.#active.add(controller);
    try {
      return await this.client.call(call, params, { signal: controller.signal, ...(on_event && { on_event }) });
    } catch (error) {
      // Another pipeline may go on using the model: then it is this call alone that ends.
      throw this.#disposed ? disposed() : error;
    } finally {
      this.#active.delete(controller);
      unfollow();
    }
  }

  /** The common properties, with the task's name, on a function. */
  pipeline<F extends (...args: never[]) => unknown, T extends string, E extends object>(
    task: T,
    call: F,
    extra: E,
  ): F & PipelineBase & { readonly task: T } & E {
    const { info, runtime } = this.loaded;
    const tokenize = async (text: string, pair?: string): Promise<TokenInfo[]> => {
      const second = pair === undefined ? {} : { pair: requireString('pair', pair) };
      return this.call('tokenize', { text: requireString('text', text), ...second }, {});
    };
    const { tokenizer } = this;
    return Object.assign(call, { task, info, runtime, tokenizer, tokenize, dispose: () => this.dispose(), ...extra });
  }

  /** Lets go of the model; calls under way end. */
  dispose(): void {
    if (this.#disposed) return;
    this.#disposed = true;
    this.#active.forEach((call) => call.abort());
    this.release();
  }
}
