/** `models`: what is stored in this browser, the default models among it. */
import type { DefaultModel, ListedFile } from '../border/load-request.js';
import { DEFAULT_FILES, defaultFiles, findDefaultModels, hasDefaultModels } from '../files/sources/default-models.js';
import { onChange } from '../files/storage/changes.js';
import type { StoredModels } from '../files/storage/models.js';
import type { ModelStorage } from '../files/storage/types.js';
import { given } from './options.js';

let fetched: Promise<StoredModels> | undefined;

/** The storage. Pages that never look into it need not fetch what reads it. */
function storage(): Promise<StoredModels> {
  fetched ??= import('../files/storage/own.js').then(({ ownStorage }) => ownStorage(packageFiles));
  // A connection that was gone may come back.
  fetched.catch(() => (fetched = undefined));
  return fetched;
}

/** See {@link ModelStorage}. */
export const models: ModelStorage = {
  list: async () => (await storage()).list(),
  verify: async (model, options) => (await storage()).verify(model, given('models.verify()', options)),
  delete: async (model) => (await storage()).delete(model),
  estimate: async () => (await storage()).estimate(),
  // Asked for in the turn of a click: browsers want one.
  persist: async () => (await globalThis.navigator?.storage?.persist?.().catch(() => false)) ?? false,
  on_change: (listener) => onChange(() => listener()),
};

/** A default model, and how much of it is stored. */
export interface DefaultModelState {
  /** Which one. */
  name: DefaultModel;
  /** Bytes of all its files. */
  bytes: number;
  /** Bytes of the files that are stored whole, in this package's version. */
  kept_bytes: number;
}

const DEFAULT_MODELS: readonly DefaultModel[] = ['bert', 'gpt'];

/** How much of each default model is stored in this browser; an empty list where the package `cloze-models` is not there. */
export async function defaultModels(): Promise<DefaultModelState[]> {
  await findDefaultModels();
  if (!hasDefaultModels()) return [];
  const stored = await models.list();
  return DEFAULT_MODELS.map((name) => {
    const files = Object.entries(defaultFiles(name));
    const there = stored.find(({ id }) => id === `cloze:${name}`)?.files ?? [];
    const kept = files.filter(([file, { expected }]) =>
      there.some((one) => one.name === file && one.complete && one.sha256 === expected?.sha256),
    );
    return { name, bytes: lengthOf(files), kept_bytes: lengthOf(kept) };
  });
}

const lengthOf = (files: readonly [string, ListedFile][]): number =>
  files.reduce((sum, [, { size = 0 }]) => sum + size, 0);

/** The files of a default model, which a load that was stopped early may not have recorded. */
export function packageFiles(model: string): readonly string[] | undefined {
  const id = /^cloze:(.*)$/u.exec(model)?.[1];
  return DEFAULT_MODELS.includes(id as DefaultModel) ? DEFAULT_FILES : undefined;
}
