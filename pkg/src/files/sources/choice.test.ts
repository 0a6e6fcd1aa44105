import { describe, expect, test } from 'vitest';
import { GGML_TYPES } from '../../border/core.js';
import { ggufModels } from './choice.js';

describe('of several GGUF files', () => {
  test.each<[string, string[], string]>([
    ['the model, not its projector', ['mmproj-m-f16.gguf', 'm-Q4_K_M.gguf'], 'm-Q4_K_M.gguf'],
    ['the model, not the projector with 8 bits', ['m-mmproj-Q8_0.gguf', 'm-IQ2_XS.gguf'], 'm-IQ2_XS.gguf'],
    ['what is read', ['m-IQ2_XS.gguf', 'm-Q5_K_M.gguf'], 'm-Q5_K_M.gguf'],
    ['what is read, in capitals or not', ['m.iq4_nl.gguf', 'm.q2_k.gguf'], 'm.q2_k.gguf'],
    [
      'what is read, of newer kinds',
      ['m-MXFP4.gguf', 'm-TQ1_0.gguf', 'm-Q4_0_4_4.gguf', 'm-Q3_K_L.gguf'],
      'm-Q3_K_L.gguf',
    ],
    ['8 bits', ['m.Q4_0.gguf', 'm.Q2_K.gguf', 'm.F16.gguf', 'm.Q8_0.gguf', 'm.Q6_K.gguf'], 'm.Q8_0.gguf'],
    [
      'the most bits below 8',
      ['m-Q4_K_S.gguf', 'm-Q5_K_S.gguf', 'm-Q3_K_M.gguf', 'm-UD-Q6_K_XL.gguf'],
      'm-UD-Q6_K_XL.gguf',
    ],
    ['halves before the lowest', ['m-Q2_K.gguf', 'm-fp16.gguf'], 'm-fp16.gguf'],
    ['a name that says nothing before what is not read', ['m-IQ3_M.gguf', 'chat.gguf'], 'chat.gguf'],
    ['model.gguf', ['m-Q8_0.gguf', 'model.gguf'], 'model.gguf'],
    ['no adapter', ['lora-Q8_0.gguf', 'm-adapter.gguf', 'm.gguf'], 'm.gguf'],
    [
      'no vocabulary, statistics or draft',
      ['ggml-vocab-a.gguf', 'imatrix.gguf', 'm-draft-Q8_0.gguf', 'm-q4_0.gguf'],
      'm-q4_0.gguf',
    ],
    ['the first part', ['m-Q8_0-00002-of-00002.gguf', 'm-Q8_0-00001-of-00002.gguf'], 'm-Q8_0-00001-of-00002.gguf'],
    ['what is whole', ['m-Q8_0-00002-of-00002.gguf', 'm-Q4_0.gguf'], 'm-Q4_0.gguf'],
  ])('%s', (_, names, chosen) => {
    expect(ggufModels(names)[0]).toBe(chosen);
    expect(ggufModels([...names].reverse())[0]).toBe(chosen);
  });

  test('every type that the core reads has its place', () => {
    const unplaced = GGML_TYPES.filter(
      (type) => ggufModels([`m-${type}.gguf`, 'm-IQ1_S.gguf'])[0] !== `m-${type}.gguf`,
    );
    expect(unplaced).toEqual([]);
  });
});
