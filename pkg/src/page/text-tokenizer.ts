/** A tokenizer without its model: of the model's folder only the small files are fetched. */
import { invalidOption } from '../border/errors.js';
import type { DefaultTokenizer, LoadRequest } from '../border/load-request.js';
import type { TokenInfo, Tokenization } from '../border/types.js';
import { optionErrors } from '../words/page/index.js';
import { untilAborted } from './abort.js';
import { ModelClient, type WorkerLike } from './client.js';
import type { OpenTokenizerOptions } from './load-options.js';
import { loadNews } from './load-news.js';
import type { ModelArgument } from './model-source.js';
import { given } from './options.js';
import { awaited, nameOf, requestFor } from './request.js';
import { makeWorker } from './shared-models.js';
import { requireString } from './tasks/options.js';

/** A tokenizer of which no weights were fetched. */
export interface TextTokenizer {
  /** The tokens of a text, with ids and offsets, and without what the model's template adds. */
  tokenize(text: string): Promise<TokenInfo[]>;
  /** How each word of a text is cut, step by step. */
  steps(text: string): Promise<Tokenization>;
  /** Ends its worker. Calls under way reject with `disposed`. */
  dispose(): void;
}

const TOKENIZERS: readonly DefaultTokenizer[] = ['bert', 'gpt', 'unigram'];

/**
 * Opens a tokenizer: a model's, named as for `pipeline()`, or one of the three that come with the package (`bert` unless
 * `default_tokenizer` says otherwise). A GGUF file without a `tokenizer.json` beside it has its tokenizer inside: load the
 * model and ask it.
 *
 * @throws ClozeError `invalid_option`, `unsupported_browser`, `not_found`, `network`, `gated`, `unauthorized`,
 *   `rate_limited`, `aborted`, `invalid_tokenizer`
 *
 * @example
 * ```ts
 * import { openTokenizer } from 'cloze';
 * const tokenizer = await openTokenizer('openai-community/gpt2');
 * const { words } = await tokenizer.steps('tokenization');
 * for (const { left, right, rank } of words[0]!.merges) console.log(left, '+', right, 'is merge', rank);
 * ```
 */
export async function openTokenizer(model?: ModelArgument, options?: OpenTokenizerOptions): Promise<TextTokenizer> {
  return answering(await openedTokenizer('openTokenizer()', model, options));
}

/** The client of a tokenizer that is there. */
export async function openedTokenizer(
  place: 'openTokenizer()' | 'AutoTokenizer.from_pretrained()',
  model: ModelArgument,
  options: OpenTokenizerOptions | undefined,
): Promise<ModelClient<'load_tokenizer'>> {
  const { default_tokenizer = 'bert', ...others } = given(place, options);
  if (!TOKENIZERS.includes(default_tokenizer))
    throw invalidOption('default_tokenizer', optionErrors.noneOf(String(default_tokenizer), TOKENIZERS));
  const search = awaited(model);
  if (search) await search;
  const request = requestFor(model, default_tokenizer, others);
  // The build is the models' own, so that no second one is fetched; cutting texts takes no threads.
  const { fallback: _, ...choice } = request.choice;
  // The package's tokenizer without a model would be a model without weights in the list of what is kept.
  const isUnigram = (model === undefined || model === null) && default_tokenizer === 'unigram';
  const use_browser_cache = request.use_browser_cache && !isUnigram;
  return connect({ ...request, choice: { ...choice, threads: 1 }, use_browser_cache }, makeWorker, others);
}

/** Opens the tokenizer of a request in a worker. */
export async function connect(
  request: LoadRequest,
  make: () => WorkerLike,
  { signal, progress_callback }: Pick<OpenTokenizerOptions, 'signal' | 'progress_callback'> = {},
): Promise<ModelClient<'load_tokenizer'>> {
  const client = new ModelClient(request, make, 'load_tokenizer');
  const hear = progress_callback && loadNews(progress_callback, nameOf(request));
  const unlisten = hear && client.onProgress(hear);
  try {
    await untilAborted(client.load(), signal);
  } catch (error) {
    client.dispose();
    throw error;
  } finally {
    unlisten?.();
  }
  return client;
}

/** What a tokenizer's client is asked. */
export function answering(client: ModelClient<'load_tokenizer'>): TextTokenizer {
  return {
    tokenize: async (text) => client.call('tokenize', { text: requireString('text', text), add_special_tokens: false }),
    steps: async (text) => client.call('tokenization_steps', { text: requireString('text', text) }),
    dispose: () => client.dispose(),
  };
}
