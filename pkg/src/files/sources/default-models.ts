/** The default models, which are a package of their own: `cloze-models` says where its files lie and what they must be. */
import { absolute } from '../../border/addresses.js';
import { ClozeError } from '../../border/errors.js';
import type { DefaultModel, DefaultTokenizer, ListedFile } from '../../border/load-request.js';
import * as words from '../../words/files/index.js';

/** The files of a default model. */
export const DEFAULT_FILES: readonly string[] = ['config.json', 'tokenizer.json', 'model.gguf'];

/** How many layers each has, for whoever plans before anything is fetched. */
export const DEFAULT_LAYERS: Readonly<Record<DefaultModel, number>> = { bert: 10, gpt: 6 };

/** What `cloze-models` exports. */
type ModelsPackage = Readonly<
  Record<DefaultTokenizer, Readonly<Record<string, { url: () => URL; size: number; sha256: string }>>>
>;

/** Where the import of `cloze-models` leaves it: the two packages import nothing of each other. */
const REGISTRY = Symbol.for('cloze-models');

const found = (): ModelsPackage | undefined => (globalThis as { [REGISTRY]?: ModelsPackage })[REGISTRY];

/** Why it could not be imported from where it is expected to lie. */
let trouble: { readonly address: string; readonly cause: unknown } | undefined;

/**
 * Where `cloze-models` lies beside this package if both are served as npm unpacks them and as CDNs serve them. A bundler's
 * output has other addresses: there the page imports `cloze-models` itself.
 */
export function besidePackage(module: string): string | undefined {
  const [, before, version = ''] = /^(.*\/)cloze(@[^/]+)?\/dist\/[^/?#]+\.js$/u.exec(module) ?? [];
  return before === undefined ? undefined : `${before}cloze-models${version}/index.js`;
}

/** Imports `cloze-models` from beside this package, unless the page has imported it. */
export async function findDefaultModels(): Promise<void> {
  const address = found() ? undefined : besidePackage(import.meta.url);
  if (address === undefined) return;
  try {
    await import(/* @vite-ignore */ /* webpackIgnore: true */ /* turbopackIgnore: true */ address);
    trouble = undefined;
  } catch (cause) {
    trouble = { address, cause };
  }
}

/**
 * The files of a default model or tokenizer. Their keys in the storage name the model and not the address: bundlers put a
 * hash into addresses, and what an older version of a page has stored is to be replaced.
 *
 * @throws ClozeError `no_default_models` where `cloze-models` was not found
 */
export function defaultFiles(id: DefaultTokenizer): Record<string, ListedFile> {
  const files = found()?.[id];
  if (!files) {
    const { address, cause } = trouble ?? {};
    const message = words.folders.noDefaultModels(address);
    throw new ClozeError('no_default_models', message, { model: id, ...(address && { address }) }, { cause });
  }
  return Object.fromEntries(
    Object.entries(files).map(([name, { url, size, sha256 }]) => {
      return [name, { key: `cloze:${id}/${name}`, url: absolute(url()), size, expected: { sha256 } }];
    }),
  );
}

/** Whether `cloze-models` is there. */
export const hasDefaultModels = (): boolean => found() !== undefined;
