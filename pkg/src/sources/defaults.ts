/** The models that come with the package. */
import { HASHES } from './default-hashes.js';
import type { ListedFile } from './remote-folder.js';

/** Which default model a task uses. */
export type DefaultModel = 'bert' | 'gpt';

/** Their files. Each address is written out, so that bundlers find and copy them. */
const FILES: Record<DefaultModel, () => Record<string, URL>> = {
  bert: () => ({
    'config.json': new URL('../models/bert/config.json', import.meta.url),
    'tokenizer.json': new URL('../models/bert/tokenizer.json', import.meta.url),
    'model.gguf': new URL('../models/bert/model.gguf', import.meta.url),
  }),
  gpt: () => ({
    'config.json': new URL('../models/gpt/config.json', import.meta.url),
    'tokenizer.json': new URL('../models/gpt/tokenizer.json', import.meta.url),
    'model.gguf': new URL('../models/gpt/model.gguf', import.meta.url),
  }),
};

/**
 * Where a default model's files are and what they must be. In the storage they are named after the model: bundlers put
 * a hash into their addresses, and what an older version of a page has left there is to be replaced.
 */
export function defaultFiles(model: DefaultModel): Record<string, ListedFile> {
  const listed = Object.entries(FILES[model]()).map(([name, { href }]): [string, ListedFile] => {
    const { size, sha256 } = HASHES[model][name]!;
    return [name, { key: `cloze:${model}/${name}`, url: href, size, expected: { sha256 } }];
  });
  return Object.fromEntries(listed);
}
