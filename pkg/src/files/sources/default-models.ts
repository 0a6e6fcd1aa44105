/** The models that come with the package. Made by scripts/default-models.mjs; do not edit. */
import { absolute } from '../../border/addresses.js';
import type { DefaultModel, ListedFile } from '../../border/load-request.js';

/**
 * Where each file of a default model lies and what it must be. Addresses are relative to the built modules in dist/, and
 * written out, so that bundlers find and copy the files. Keys name the model and not the address: bundlers put a hash
 * into addresses, and what an older version of a page has stored is to be replaced.
 */
export const DEFAULT_MODELS: Record<DefaultModel, () => Record<string, ListedFile>> = {
  bert: () => ({
    'config.json': {
      key: 'cloze:bert/config.json',
      url: absolute(new URL('./models/bert/config.json', import.meta.url)),
      size: 621,
      expected: { sha256: 'ddaa2ff6f4abff5a775efb660c6d18fde7f83d2caa61de7c4cc4f454889c5835' },
    },
    'tokenizer.json': {
      key: 'cloze:bert/tokenizer.json',
      url: absolute(new URL('./models/bert/tokenizer.json', import.meta.url)),
      size: 711396,
      expected: { sha256: 'd241a60d5e8f04cc1b2b3e9ef7a4921b27bf526d9f6050ab90f9267a1f9e5c66' },
    },
    'model.gguf': {
      key: 'cloze:bert/model.gguf',
      url: absolute(new URL('./models/bert/model.gguf', import.meta.url)),
      size: 26260832,
      expected: { sha256: '5cb55e680de97708b92e53d3f63a177457fb36b55ff5a2d1af436c17f30ecc51' },
    },
  }),
  gpt: () => ({
    'config.json': {
      key: 'cloze:gpt/config.json',
      url: absolute(new URL('./models/gpt/config.json', import.meta.url)),
      size: 420,
      expected: { sha256: 'f2c72f06945dded7b32bdabed44bccfa376a54d2c0cd9aac9edeb6eb5179103f' },
    },
    'tokenizer.json': {
      key: 'cloze:gpt/tokenizer.json',
      url: absolute(new URL('./models/gpt/tokenizer.json', import.meta.url)),
      size: 550074,
      expected: { sha256: '0f68923b0dd05a5950ae3bdbaaecfe6f8851f010a8aac5a2d33113c040251a8b' },
    },
    'model.gguf': {
      key: 'cloze:gpt/model.gguf',
      url: absolute(new URL('./models/gpt/model.gguf', import.meta.url)),
      size: 14959008,
      expected: { sha256: '9e9e915e0eb3e22e849a7b1e523a4807a8a5c6822c54a62c0e56d9c80780819a' },
    },
  }),
};

/** How many layers each has. */
export const DEFAULT_LAYERS: Record<DefaultModel, number> = { bert: 10, gpt: 6 };

/** A tokenizer of SentencePiece's kind that belongs to no model, to compare with the models' own. */
export const UNIGRAM_TOKENIZER: () => Record<string, ListedFile> = () => ({
  'tokenizer.json': {
    key: 'cloze:unigram/tokenizer.json',
    url: absolute(new URL('./models/unigram/tokenizer.json', import.meta.url)),
    size: 171561,
    expected: { sha256: '859c28e2735a45aaadac362d678c4f859c32ebc3d4761df7bf70eaaf05b9ebf1' },
  },
});
