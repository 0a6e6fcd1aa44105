/** `models`: what is stored in this browser, the package's own models among it. */
import { DEFAULT_MODELS } from '../files/sources/default-models.js';
import { openStore } from '../files/storage/choice.js';
import { modelStorage } from '../files/storage/models.js';
import type { ModelStorage } from '../files/storage/types.js';
import { given } from './options.js';

const storage = modelStorage(openStore, packageFiles);

/** See {@link ModelStorage}. */
export const models: ModelStorage = {
  ...storage,
  verify: async (model, options) => storage.verify(model, given('models.verify()', options)),
};

/** The files of a default model, which a load that was stopped early may not have recorded. */
export function packageFiles(model: string): readonly string[] | undefined {
  const id = /^cloze:(.*)$/u.exec(model)?.[1];
  return id !== undefined && Object.hasOwn(DEFAULT_MODELS, id)
    ? Object.keys(DEFAULT_MODELS[id as keyof typeof DEFAULT_MODELS]())
    : undefined;
}
