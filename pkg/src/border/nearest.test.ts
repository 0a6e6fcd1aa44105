import { expect, test } from 'vitest';
import { nearest } from './nearest.js';

const NAMES = ['max_new_tokens', 'temperature', 'top_k', 'top_p', 'num_beams', 'do_sample', 'stop', 'on_token', 'seed'];

test.each([
  ['n_predict', 'max_new_tokens'],
  ['maxNewTokens', 'max_new_tokens'],
  ['max_tokens', 'max_new_tokens'],
  ['tempurature', 'temperature'],
  ['topk', 'top_k'],
  ['top-P', 'top_p'],
  ['tpo_k', 'top_k'],
  ['beams', 'num_beams'],
  ['callback', 'on_token'],
  ['onText', 'on_token'],
  ['stop_strings', 'stop'],
  ['sede', 'seed'],
])('%s is %s', (name, meant) => expect(nearest(name, NAMES)).toBe(meant));

test.each(['', 'x', 'num_return_sequences', 'colour', '__proto__', 'constructor'])('%s is none', (name) =>
  expect(nearest(name, NAMES)).toBeUndefined(),
);
