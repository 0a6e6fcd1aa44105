/** Where the default models' files lie: beside the built modules, as `wasm-builds.ts`'s do. */

/** Which default model a task uses. */
export type DefaultModel = 'bert' | 'gpt';

/** Each address is written out, so that bundlers find and copy the files. */
export const DEFAULT_URLS: Record<DefaultModel, () => Record<string, URL>> = {
  bert: () => ({
    'config.json': new URL('./models/bert/config.json', import.meta.url),
    'tokenizer.json': new URL('./models/bert/tokenizer.json', import.meta.url),
    'model.gguf': new URL('./models/bert/model.gguf', import.meta.url),
  }),
  gpt: () => ({
    'config.json': new URL('./models/gpt/config.json', import.meta.url),
    'tokenizer.json': new URL('./models/gpt/tokenizer.json', import.meta.url),
    'model.gguf': new URL('./models/gpt/model.gguf', import.meta.url),
  }),
};
