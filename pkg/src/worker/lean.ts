/** Which models the lean build of the core runs: those whose tokenizer is BERT's usual one. It says itself where it is not. */
import type { ModelSource } from '../border/load-request.js';
import { SMALL_FILES, type Folder } from '../files/sources/folder.js';

/** Their types in `config.json`. */
const TYPES: readonly unknown[] = ['bert', 'distilbert'];
/** Files with a tokenizer that may be BERT's; without them it is in the weights. */
const TOKENIZERS = [SMALL_FILES.tokenizer, SMALL_FILES.vocab_txt];

/** Whether it is worth trying, by the model's `config.json`. */
export async function mayBeLean(
  source: ModelSource,
  { names }: Pick<Folder, 'names'>,
  config: () => Promise<Uint8Array | undefined>,
): Promise<boolean> {
  if (source.kind === 'default') return source.id === 'bert';
  if (names && !TOKENIZERS.some((name) => names.includes(name))) return false;
  try {
    return TYPES.includes(JSON.parse(new TextDecoder().decode(await config())).model_type);
  } catch {
    // What is wrong with the file is said where it is used.
    return false;
  }
}
