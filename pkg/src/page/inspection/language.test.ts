import { expect, test } from 'vitest';
import { fakeRunner } from '../../test-support/runner.js';
import { languageInspection, type LanguageInspection } from './language.js';

const make = async (): Promise<LanguageInspection> => languageInspection((await fakeRunner()).runner);

test('surprisal tells how far it is, and gives its numbers in bulk', async () => {
  const heard: unknown[] = [];
  const { tokens, bits, ranks, top } = await (
    await make()
  ).surprisal('one two three', { on_progress: (progress) => heard.push(progress) });
  expect(heard.at(-1)).toEqual({ done: 3, total: 3 });
  expect(tokens.map(({ start, end }) => [start, end])).toEqual([
    [0, 3],
    [4, 7],
    [8, 13],
  ]);
  expect(bits).toBeInstanceOf(Float32Array);
  expect([...bits]).toEqual([NaN, 1, 2]);
  expect(ranks).toBeInstanceOf(Uint32Array);
  expect(top.map((guesses) => guesses.length)).toEqual([0, 3, 3]);
});

test('the next token', async () => {
  expect(await (await make()).next_token('Once upon', { top_k: 2 })).toEqual([
    { token: 'w0', token_id: 0, probability: 0.5 },
    { token: 'w1', token_id: 1, probability: 0.25 },
  ]);
});

test('the game of masks, of one text and of a pair', async () => {
  const inspect = await make();
  const one = await inspect.mask_for_training('a fine day', { seed: 4 });
  expect(one.input_tokens).toEqual(['a', '[MASK]', 'day']);
  expect(one.nsp).toBeNull();
  const two = await inspect.mask_for_training('a fine day', { seed: 4, pair: 'it is' });
  expect(two.tokens).toHaveLength(5);
  expect(two.nsp).not.toBeNull();
});

test('how a text is cut', async () => {
  const { kind, words } = await (await make()).tokenization_steps('two words');
  expect(kind).toBe('wordpiece');
  expect(words.map(({ text }) => text)).toEqual(['two', 'words']);
});

test.each<[string, (inspect: LanguageInspection) => Promise<unknown>]>([
  ['text', (inspect) => inspect.surprisal(7 as never)],
  ['top_k', (inspect) => inspect.next_token('a', { top_k: 0 })],
  ['seed', (inspect) => inspect.mask_for_training('a', { seed: -1 })],
  ['mlm_probability', (inspect) => inspect.mask_for_training('a', { mlm_probability: 2 })],
  ['always_mask', (inspect) => inspect.mask_for_training('a', { always_mask: 'yes' as never })],
  ['pair', (inspect) => inspect.mask_for_training('a', { pair: 7 as never })],
])('refuses a wrong %s', async (option, call) => {
  await expect(call(await make())).rejects.toMatchObject({ code: 'invalid_option', details: { option } });
});
