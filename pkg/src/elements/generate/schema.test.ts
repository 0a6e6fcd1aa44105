import { expect, test } from 'vitest';
import { defaults } from '../state.js';
import { CHAT, generateSchema, mannerOf, TEXT, type GenerateState } from './schema.js';

test('settings begin with what the model’s files say, as far as the screen offers it', () => {
  expect(mannerOf(CHAT)).toEqual(CHAT);
  const said = { do_sample: false, temperature: 0.6, top_k: 3, max_new_tokens: 100_000, num_beams: 4 };
  expect(mannerOf(CHAT, said)).toEqual({ ...CHAT, do_sample: false, temperature: 0.6, top_k: 3 });
});

test('a screen begins with what suits texts', () => {
  expect(defaults<GenerateState>(generateSchema)).toMatchObject(TEXT);
});
