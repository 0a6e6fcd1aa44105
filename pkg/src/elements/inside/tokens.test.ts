import { expect, test } from 'vitest';
import type { TokenInfo } from '../../index.js';
import { fakeTokens } from '../../test-support/fake-inspection.js';
import { readable, sameplace, shown, within } from './tokens.js';

const token = (token: string, start: number, end: number, more: Partial<TokenInfo> = {}): TokenInfo => ({
  ...{ id: 0, token, start, end, sequence: 0, type_id: 0, special: false, word: 0 },
  ...more,
});

test('tokens for people: as in the vocabulary, or as in the text where bytes stand for letters', () => {
  const texts = { text: 'a café 漢', pair: 'über' };
  expect(shown(token('##ing', 0, 1), texts)).toBe('##ing');
  expect(shown(token('[SEP]', 0, 0, { special: true, sequence: null }), texts)).toBe('[SEP]');
  expect(shown(token('ĠcafÃ©', 1, 6), texts)).toBe('␣café');
  expect(shown(token('ĠcafÃ©', 2, 6), texts)).toBe('␣café');
  expect(shown(token('Ã¼ber', 0, 4, { sequence: 1 }), texts)).toBe('über');
  expect([readable('Ġthe'), readable('▁the'), readable(' the'), readable('Ċ')]).toEqual(['␣the', '␣the', '␣the', '↵']);
});

test('the same place in another reading of the text', () => {
  const one = fakeTokens('The cat sat.');
  const other = [token('The', 0, 3), token(' ca', 3, 6), token('t', 6, 7), token(' sat', 7, 11), token('.', 11, 12)];
  expect(sameplace(one, 2, other, true)).toBe(1);
  expect(sameplace(one, 3, other, true)).toBe(3);
  // [CLS] has no place in the text; another text has its own places.
  expect(sameplace(one, 0, other, true)).toBe(0);
  expect(sameplace(one, 5, other, false)).toBe(4);
  expect(within(99, other)).toBe(4);
});
