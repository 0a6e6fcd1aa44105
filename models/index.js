// Made by pkg/scripts/default-models.mjs; do not edit.

/** Where each file lies and what it must be. The addresses are written out, so that bundlers find and copy the files. */
export const models = {
  bert: {
    'config.json': {
      url: () => new URL('./bert/config.json', import.meta.url),
      size: 621,
      sha256: 'ddaa2ff6f4abff5a775efb660c6d18fde7f83d2caa61de7c4cc4f454889c5835',
    },
    'tokenizer.json': {
      url: () => new URL('./bert/tokenizer.json', import.meta.url),
      size: 711396,
      sha256: 'd241a60d5e8f04cc1b2b3e9ef7a4921b27bf526d9f6050ab90f9267a1f9e5c66',
    },
    'model.gguf': {
      url: () => new URL('./bert/model.gguf', import.meta.url),
      size: 26260832,
      sha256: '5cb55e680de97708b92e53d3f63a177457fb36b55ff5a2d1af436c17f30ecc51',
    },
  },
  gpt: {
    'config.json': {
      url: () => new URL('./gpt/config.json', import.meta.url),
      size: 420,
      sha256: 'f2c72f06945dded7b32bdabed44bccfa376a54d2c0cd9aac9edeb6eb5179103f',
    },
    'tokenizer.json': {
      url: () => new URL('./gpt/tokenizer.json', import.meta.url),
      size: 550074,
      sha256: '0f68923b0dd05a5950ae3bdbaaecfe6f8851f010a8aac5a2d33113c040251a8b',
    },
    'model.gguf': {
      url: () => new URL('./gpt/model.gguf', import.meta.url),
      size: 14959008,
      sha256: '9e9e915e0eb3e22e849a7b1e523a4807a8a5c6822c54a62c0e56d9c80780819a',
    },
  },
  unigram: {
    'tokenizer.json': {
      url: () => new URL('./unigram/tokenizer.json', import.meta.url),
      size: 171561,
      sha256: '859c28e2735a45aaadac362d678c4f859c32ebc3d4761df7bf70eaaf05b9ebf1',
    },
  },
};

// Where `cloze` looks for them: importing this package is all that a page does. The first copy on a page stays.
globalThis[Symbol.for('cloze-models')] ??= models;
