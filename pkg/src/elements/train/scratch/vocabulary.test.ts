import { expect, test } from 'vitest';
import { ordered } from './vocabulary.js';

test('tokens are listed as they were learnt, without single letters', () => {
  const vocab = { the: 4, '##s': 3, a: 2, '[MASK]': 1, '##ing': 5, Ġ: 6 };
  const added_tokens = [
    { content: '[MASK]', id: 1 },
    { content: '[PAD]', id: 0 },
  ];
  expect(ordered(JSON.stringify({ model: { vocab }, added_tokens }))).toEqual({
    single: ['[PAD]', '[MASK]', 'a', '##s', 'Ġ'],
    learnt: ['the', '##ing'],
    byteLevel: false,
  });
});
