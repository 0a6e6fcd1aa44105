import { describe, expect, test } from 'vitest';
import { isGguf, isSafetensors, isWeightFile, isWeightIndex, partsOf } from './weight-files.js';

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

describe('parts', () => {
  test('of a model are named by any of them', () => {
    const parts = ['a-00001-of-00003.gguf', 'a-00002-of-00003.gguf', 'a-00003-of-00003.gguf'];
    for (const part of parts) expect(partsOf(part)).toEqual(parts);
    expect(partsOf('Q4/a-00002-of-00002.safetensors')[0]).toBe('Q4/a-00001-of-00002.safetensors');
  });

  test.each(['a.gguf', 'a-00001-of-00001.gguf', 'a-00001-of-00000.gguf', 'a-1-of-3.gguf', 'a-00001-of-99999.gguf'])(
    '%s is whole',
    (name) => expect(partsOf(name)).toEqual([name]),
  );
});
