import { expect, test } from 'vitest';
import { isGguf, isSafetensors, isWeightFile, isWeightIndex } from './weight-files.js';

test.each([
  ['model.gguf', [isWeightFile, isGguf]],
  ['M.Q8_0.GGUF', [isWeightFile, isGguf]],
  ['model-00001-of-00002.safetensors', [isWeightFile, isSafetensors]],
  ['pytorch_model.bin', [isWeightFile]],
  ['model.safetensors.index.json', [isWeightIndex]],
  ['tokenizer.json', []],
  ['gguf', []],
  ['model.gguf.json', []],
])('%s', (name, kinds) =>
  expect([isWeightFile, isGguf, isSafetensors, isWeightIndex].filter((is) => is(name))).toEqual(kinds),
);
