import { expect, test } from 'vitest';
import { readSet, writeSet } from './set.js';

test('settings go through a link and back', () => {
  const values = { architecture: 'bert', learning_rate: 3e-7, mlm: false, prompt: 'Once upon a-time', empty: '' };
  const set = writeSet({ ...values, absent: undefined });
  expect(set).toBe('architecture-bert learning_rate-3e-7 mlm-false prompt-Once%20upon%20a-time');
  expect(readSet(set)).toEqual({
    architecture: 'bert',
    learning_rate: '3e-7',
    mlm: 'false',
    prompt: 'Once upon a-time',
  });
});

test('what is no setting is left out', () => {
  expect(readSet('')).toEqual({});
  expect(readSet('gpt size- -3 seed-7 odd-%E0%A4%A')).toEqual({ seed: '7', odd: '%E0%A4%A' });
});
