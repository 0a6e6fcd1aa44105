import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { FillMaskPipeline, TokenInfo } from '../../index.js';
import { CHINESE_EXAMPLES, examplesFor } from './chinese.js';

/** A pipeline over a list of tokens, which cuts texts into characters. */
function over(vocabulary: readonly string[], unknown: number): FillMaskPipeline {
  const tokenize = (text: string): Promise<TokenInfo[]> => {
    const of = (token: string, start: number): TokenInfo => {
      const id = vocabulary.indexOf(token);
      const at = { start, end: start + token.length, sequence: 0, type_id: 0, special: false, word: start };
      return { id: id < 0 ? unknown : id, token: id < 0 ? vocabulary[unknown]! : token, ...at };
    };
    return Promise.resolve([...text].map(of));
  };
  const decode = (ids: number[]): Promise<string> => Promise.resolve(ids.map((id) => vocabulary[id]).join(' '));
  return { info: { vocab_size: vocabulary.length }, tokenize, tokenizer: { decode } } as unknown as FillMaskPipeline;
}

const linesOf = (path: string): string[] =>
  readFileSync(new URL(`../../../../tests/parity/fixtures/tokenizers/${path}/vocab.txt`, import.meta.url), 'utf8')
    .trimEnd()
    .split('\n');
const chinese = linesOf('chinese');
const english = linesOf('wordpiece-uncased');

test('a vocabulary in the form of bert-base-chinese has its examples', async () => {
  expect(await examplesFor(over(chinese, 100))).toBe(CHINESE_EXAMPLES);
  for (const { name, state } of CHINESE_EXAMPLES) {
    expect(name).toMatch(/\w/u);
    expect(state.text).toContain('[MASK]');
    for (const character of state.text!.replaceAll('[MASK]', '')) expect(chinese).toContain(character);
  }
});

test('no other vocabulary has', async () => {
  expect(await examplesFor(over(english, 1))).toBeUndefined();
  // Of a hundred languages: the characters are known, and few of all.
  const many = [...chinese.slice(0, 8000), ...Array.from({ length: 80_000 }, (_, word) => `word${word}`)];
  expect(await examplesFor(over(many, 100))).toBeUndefined();
  // Traditional or Japanese: many characters, not these.
  const without = chinese.map((token) => (/[们这说话东门车长]/u.test(token) ? '[unused]' : token));
  expect(await examplesFor(over(without, 100))).toBeUndefined();
});
