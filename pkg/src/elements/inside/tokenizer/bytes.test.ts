import { expect, test } from 'vitest';
import { cutsCharacter, spokenToken, visibleSpaces } from '../../format.js';
import { shown } from '../tokens.js';
import { bytesOf, cutIn, face, hex, lettersOf } from '../../token-bytes.js';

/** As GPT-2's `bytes_to_unicode` spells the bytes of a text; the first two and the last byte of 東 by themselves. */
const [EAST, EAST_BEGINS, EAST_ENDS] = ['æĿ±', 'æĿ', '±'];

test('bytes as letters, and those of a part of one by number', () => {
  expect(lettersOf([...new TextEncoder().encode('a é 東 🙂')])).toBe('a é 東 🙂');
  expect(lettersOf([0xe6, 0x9d])).toBe('<0xE6><0x9D>');
  expect(lettersOf([0xb1, 0x61, 0xf0, 0x9f])).toBe('<0xB1>a<0xF0><0x9F>');
  expect(lettersOf([])).toBe('');
});

test('a token of bytes shows the letters that they are', () => {
  expect(face(EAST, true)).toBe('東');
  expect(face(EAST_BEGINS, true)).toBe('<0xE6><0x9D>');
  expect(face('ĠcafÃ©', true)).toBe(' café');
  // What can be read as it is, and tokens that are no bytes, stay.
  expect(face('Ġthe', true)).toBe('Ġthe');
  expect(face('東', true)).toBe('東');
  expect(face(EAST, false)).toBe(EAST);
  expect(hex(bytesOf(EAST_BEGINS, '東', true))).toBe('E6 9D');
});

test('a token that cuts a character of its text is told from letters that look so', () => {
  expect(cutIn(EAST_BEGINS, '東')).toBe('<0xE6><0x9D>');
  expect(cutIn(EAST_ENDS, '東')).toBe('<0xB1>');
  expect(cutIn(EAST, '東')).toBeUndefined();
  // é and ± of a vocabulary of letters.
  expect(cutIn('é', 'é')).toBeUndefined();
  expect(cutIn('±', '±')).toBeUndefined();
});

test('no screen shows U+FFFD: bytes, and the character that they join to', () => {
  const token = { id: 0, start: 0, end: 1, sequence: 0, type_id: 0, special: false, word: 0 };
  const texts = { text: '東京', pair: '' };
  expect(shown({ ...token, token: EAST_BEGINS }, texts)).toBe('⟨E6\u00a09D⟩ → 東');
  expect(shown({ ...token, token: EAST_ENDS }, texts)).toBe('⟨B1⟩ → 東');
  expect(shown({ ...token, token: EAST }, texts)).toBe('東');
  expect(visibleSpaces(' <0xE6><0x9D>')).toBe('␣⟨E6\u00a09D⟩');
  expect([cutsCharacter('<0xE6>'), cutsCharacter('東'), cutsCharacter('<0xG1>')]).toEqual([true, false, false]);
  expect(spokenToken('<0xE6><0x9D>').trim()).toBe('bytes E6 9D');
});
