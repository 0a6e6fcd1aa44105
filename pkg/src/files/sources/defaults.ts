/** The models that come with the package. */
import { DEFAULT_URLS, type DefaultModel } from '../../default-urls.js';
import { HASHES } from './default-hashes.js';
import type { ListedFile } from './remote-folder.js';

export type { DefaultModel };

/**
 * Where a default model's files are and what they must be. In the storage they are named after the model: bundlers put
 * a hash into their addresses, and what an older version of a page has left there is to be replaced.
 */
export function defaultFiles(model: DefaultModel): Record<string, ListedFile> {
  const listed = Object.entries(DEFAULT_URLS[model]()).map(([name, { href }]): [string, ListedFile] => {
    const { size, sha256 } = HASHES[model][name]!;
    return [name, { key: `cloze:${model}/${name}`, url: href, size, expected: { sha256 } }];
  });
  return Object.fromEntries(listed);
}
