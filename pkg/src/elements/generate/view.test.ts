import { expect, test } from 'vitest';
import { defaults } from '../state.js';
import { generateSchema, type GenerateState } from './schema.js';
import { optionsOf } from './view.js';

const writing = { onToken: () => undefined, onPrefill: () => undefined };
const { signal } = new AbortController();
const state = defaults<GenerateState>(generateSchema);

test('the settings are the core’s options; what is typed is none', () => {
  const asked = optionsOf({ ...state, prompt: 'Once', said: ['Hello?'] }, writing, signal);
  expect(asked).toEqual({
    max_new_tokens: 120,
    do_sample: true,
    temperature: 0.8,
    top_k: 40,
    top_p: 0.95,
    min_p: 0,
    repetition_penalty: 1.2,
    no_repeat_ngram_size: 5,
    on_token: writing.onToken,
    on_prefill: writing.onPrefill,
    signal,
    replace: true,
  });
});

test('a seed and stop strings, where they were given', () => {
  const asked = optionsOf({ ...state, seed: 0, stop: 'The End\n\\n' }, writing, signal);
  expect([asked.seed, asked.stop]).toEqual([0, ['The End', '\n']]);
});
