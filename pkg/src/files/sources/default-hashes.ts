/** What the default models' files must be. Made by scripts/hash-models.mjs; do not edit. */
import type { DefaultModel } from './defaults.js';

/** Length and SHA-256 of each file. */
export const HASHES: Record<DefaultModel, Record<string, { size: number; sha256: string }>> = {
  bert: {
    'config.json': { size: 620, sha256: '60bfaf48a954b44aa54a241aeec5e20363cb594189a17b9597bac87c29b02311' },
    'tokenizer.json': { size: 711396, sha256: 'd241a60d5e8f04cc1b2b3e9ef7a4921b27bf526d9f6050ab90f9267a1f9e5c66' },
    'model.gguf': { size: 18657088, sha256: 'bfabdb3d90c9610fd3dd9b08aa7e169a7df519aec1cb5414971c15758ebe497a' },
  },
  gpt: {
    'config.json': { size: 420, sha256: 'f2c72f06945dded7b32bdabed44bccfa376a54d2c0cd9aac9edeb6eb5179103f' },
    'tokenizer.json': { size: 550074, sha256: '0f68923b0dd05a5950ae3bdbaaecfe6f8851f010a8aac5a2d33113c040251a8b' },
    'model.gguf': { size: 14959008, sha256: '7802241e2d002ffc7a8af234a455c59e8120833de7d073a890769561c7d72e53' },
  },
};
