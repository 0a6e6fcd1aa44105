import { expect, test } from 'vitest';
import { fakeRunner } from '../../test-support/runner.js';
import { connect } from '../text-tokenizer.js';
import { FakeWorker, REQUEST } from '../../test-support/fake-worker.js';
import { tensor } from '../tensor.js';
import { tokenizerOf } from './tokenizer.js';
import type { PreTrainedTokenizer } from './types.js';

const make = async (): Promise<PreTrainedTokenizer> => (await fakeRunner()).runner.tokenizer;

test('special tokens are known at once', async () => {
  const tokenizer = await make();
  expect({ ...tokenizer }).toMatchObject({
    mask_token: '[MASK]',
    mask_token_id: 92,
    cls_token_id: 90,
    bos_token: null,
    bos_token_id: null,
    all_special_ids: [90, 91, 92, 93],
    model_max_length: 64,
    padding_side: 'right',
  });
});

test('one text is a row of a tensor, or a list', async () => {
  const tokenizer = await make();
  const { input_ids, attention_mask, token_type_ids, offset_mapping } = await tokenizer('two words', {
    return_offsets_mapping: true,
    return_token_type_ids: true,
  });
  expect(input_ids).toMatchObject({ type: 'int64', dims: [1, 4], size: 4 });
  expect(input_ids.tolist()).toEqual([[90n, 0n, 1n, 91n]]);
  expect(attention_mask.tolist()).toEqual([[1n, 1n, 1n, 1n]]);
  expect(token_type_ids?.tolist()).toEqual([[0n, 0n, 0n, 0n]]);
  expect(offset_mapping?.[0]?.slice(1, 3)).toEqual([
    [0, 3],
    [4, 9],
  ]);
  expect((await tokenizer('two words', { return_tensor: false })).input_ids).toEqual([90, 0, 1, 91]);
  expect((await tokenizer(['two words', 'a'], { return_tensor: false })).input_ids).toEqual([
    [90, 0, 1, 91],
    [90, 0, 91],
  ]);
});

test('texts are filled up on either side, and cut without losing what the template adds', async () => {
  const tokenizer = await make();
  const texts = ['a b c', 'a'];
  const padded = await tokenizer(texts, { padding: true });
  expect(padded.input_ids.tolist()).toEqual([
    [90n, 0n, 1n, 2n, 91n],
    [90n, 0n, 91n, 93n, 93n],
  ]);
  expect(padded.attention_mask.tolist()[1]).toEqual([1n, 1n, 1n, 0n, 0n]);
  tokenizer.padding_side = 'left';
  expect((await tokenizer(texts, { padding: true })).input_ids.tolist()[1]).toEqual([93n, 93n, 90n, 0n, 91n]);
  const cut = await tokenizer(texts, { padding: 'max_length', truncation: true, max_length: 4, return_tensor: false });
  expect(cut.input_ids).toEqual([
    [90, 0, 1, 91],
    [93, 90, 0, 91],
  ]);
  const pair = { text_pair: 'x y', truncation: true, max_length: 5, return_tensor: false } as const;
  // The longer one loses tokens first.
  expect((await tokenizer('a b c d', pair)).input_ids).toEqual([90, 0, 0, 1, 91]);
  expect((await tokenizer('a b', { ...pair, max_length: 1 })).input_ids).toEqual([90, 91]);
});

test('encode, tokenize, decode', async () => {
  const tokenizer = await make();
  expect(await tokenizer.encode('two words')).toEqual([90, 0, 1, 91]);
  expect(await tokenizer.encode('two', { text_pair: 'words', add_special_tokens: false })).toEqual([0, 0]);
  expect(await tokenizer.tokenize('two words')).toEqual(['two', 'words']);
  expect(await tokenizer.decode([90, 1, 91])).toBe('t90 t1 t91');
  expect(await tokenizer.decode([90n, 1n, 91n], { skip_special_tokens: true })).toBe('t1');
  const rows = tensor('int64', BigInt64Array.of(1n, 2n, 3n, 4n), [2, 2]);
  expect(await tokenizer.batch_decode(rows)).toEqual(['t1 t2', 't3 t4']);
  expect(await tokenizer.batch_decode([[1], [2, 3]])).toEqual(['t1', 't2 t3']);
  expect(await tokenizer.convert_tokens_to_ids('[MASK]')).toBe(92);
  expect(await tokenizer.convert_tokens_to_ids(['[MASK]', 'nothing'])).toEqual([92, undefined]);
});

test('a conversation by the template, as text and as tokens', async () => {
  const tokenizer = await make();
  const messages = [{ role: 'user', content: 'two words' }];
  expect(await tokenizer.apply_chat_template(messages, { tokenize: false })).toBe('<user>two words');
  const ids = await tokenizer.apply_chat_template(messages, { return_tensor: false, return_dict: false });
  expect(ids).toEqual([0, 1]);
  const { input_ids } = await tokenizer.apply_chat_template(messages);
  expect(input_ids.dims).toEqual([1, 2]);
});

type Wrong = (tokenizer: PreTrainedTokenizer) => Promise<unknown>;
test.each<[string, Wrong]>([
  ['text', (tokenizer) => tokenizer([])],
  ['text', (tokenizer) => tokenizer(7 as never)],
  ['text', (tokenizer) => tokenizer.encode(['a'] as never)],
  ['text_pair', (tokenizer) => tokenizer(['a', 'b'], { text_pair: ['c'] })],
  ['text_pair', (tokenizer) => tokenizer('a', { text_pair: ['c'] })],
  ['padding', (tokenizer) => tokenizer(['a b', 'c'])],
  ['padding', (tokenizer) => tokenizer('a', { padding: 'longest' as never })],
  ['max_length', (tokenizer) => tokenizer('a', { max_length: 0 })],
  ['token_ids', (tokenizer) => tokenizer.decode(['x'] as never)],
  ['token_ids', (tokenizer) => tokenizer.decode([-1])],
  ['token_ids', (tokenizer) => tokenizer.decode(tensor('int64', BigInt64Array.of(1n, 2n), [2, 1]))],
  ['tools', (tokenizer) => tokenizer.apply_chat_template([{ role: 'user', content: 'a' }], { tools: 'x' as never })],
  ['messages', (tokenizer) => tokenizer.apply_chat_template(['hello'] as never)],
])('refuses a wrong %s', async (option, call) => {
  await expect(call(await make())).rejects.toMatchObject({ code: 'invalid_option', details: { option } });
});

test('without a model, and after it is let go', async () => {
  const client = await connect(REQUEST, () => new FakeWorker());
  const { tokenizer: data } = await client.load();
  const tokenizer = tokenizerOf((call, params) => client.call(call, params), data);
  expect(await tokenizer.encode('a')).toEqual([90, 0, 91]);
  expect(tokenizer.model_max_length).toBe(Infinity);
  // BERT's special tokens: its model is told which text a token is of.
  expect((await tokenizer('a')).token_type_ids).toBeDefined();
  await expect(tokenizer('a', { padding: 'max_length' })).rejects.toMatchObject({ details: { option: 'padding' } });
  client.dispose();
  await expect(tokenizer.encode('a')).rejects.toMatchObject({ code: 'disposed' });
});
