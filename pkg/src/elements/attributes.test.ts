import { describe, expect, test } from 'vitest';
import { attributeOf, propertyOf, readAttribute, stateAttributes } from './attributes.js';
import { SCREENS } from './screens.js';
import type { Field } from './state.js';

test('keys as attributes and properties', () => {
  expect(['text', 'max_new_tokens', 'stop', 'token'].map(attributeOf)).toEqual([
    'text',
    'max-new-tokens',
    'stop-strings',
    'token-index',
  ]);
  expect(['text', 'max_new_tokens', 'stop', 'token'].map(propertyOf)).toEqual([
    'text',
    'maxNewTokens',
    'stopStrings',
    'tokenIndex',
  ]);
});

test('each key of a screen has an attribute of its own, but for what was said in a conversation', () => {
  for (const { schema } of SCREENS) {
    const keys = Object.keys(schema).filter((key) => key !== 'said');
    expect([...stateAttributes(schema).values()]).toEqual(keys);
  }
});

describe('the text of an attribute', () => {
  const number: Field = { kind: 'number', default: 5, min: 1, max: 50, whole: true };
  const share: Field = { kind: 'number', default: 1, min: 0, max: 1 };
  const flag: Field = { kind: 'flag', default: true };
  const choice: Field = { kind: 'choice', default: 'head', of: ['head', 'tail'] };
  const list: Field = { kind: 'list', default: [], most: 9 };
  const seed: Field = { kind: 'seed', default: null };
  const text: Field = { kind: 'text', default: '' };

  test.each<[Field, string, unknown]>([
    [number, '3', 3],
    [number, ' 50 ', 50],
    [share, '0.25', 0.25],
    [flag, '', true],
    [flag, 'true', true],
    [flag, 'false', false],
    [choice, 'tail', 'tail'],
    [list, '["a", "b"]', ['a', 'b']],
    [seed, '7', 7],
    [text, '', ''],
    [text, 'A [MASK].', 'A [MASK].'],
  ])('%o takes %j', (field, given, value) => expect(readAttribute(field, given)).toEqual({ value }));

  test.each<[Field, string, string]>([
    [number, '', 'a whole number from 1 to 50'],
    [number, '51', 'a whole number from 1 to 50'],
    [number, '2.5', 'a whole number from 1 to 50'],
    [number, 'five', 'a whole number from 1 to 50'],
    [share, '1.5', 'a number from 0 to 1'],
    [flag, 'yes', 'true or false'],
    [choice, 'middle', 'one of head, tail'],
    [list, 'a, b', 'a list of texts'],
    [list, '[1]', 'a list of texts'],
    [seed, '-1', 'a whole number from 0'],
    [seed, '', 'a whole number from 0'],
  ])('%o refuses %j', (field, given, problem) => expect(readAttribute(field, given)).toEqual({ problem }));

  test('one that is not there is the default', () => {
    expect([number, flag, choice, seed, text].map((field) => readAttribute(field, null))).toEqual(
      [5, true, 'head', null, ''].map((value) => ({ value })),
    );
  });
});
