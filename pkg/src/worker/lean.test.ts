import { expect, test } from 'vitest';
import type { ModelSource } from '../border/load-request.js';
import { mayBeLean } from './lean.js';

const FOLDER = { kind: 'folder', name: 'm', base: 'https://models.example/m/' } as const;
const config = (text: string) => async () => new TextEncoder().encode(text);
const neverRead = (): never => {
  throw new Error('read');
};

test.each<[string, boolean, ModelSource, { names?: readonly string[] }, () => Promise<Uint8Array | undefined>]>([
  ['the default BERT, unread', true, { kind: 'default', id: 'bert', files: {} }, {}, neverRead],
  ['the default GPT, unread', false, { kind: 'default', id: 'gpt', files: {} }, {}, neverRead],
  ['a BERT', true, FOLDER, {}, config('{"model_type": "bert"}')],
  ['a DistilBERT with a vocabulary', true, FOLDER, { names: ['vocab.txt'] }, config('{"model_type": "distilbert"}')],
  ['a BERT with its tokenizer in a GGUF file', false, FOLDER, { names: ['config.json', 'model.gguf'] }, neverRead],
  ['a RoBERTa', false, FOLDER, {}, config('{"model_type": "roberta"}')],
  ['a model without a type', false, FOLDER, {}, config('{}')],
  ['a config that is none', false, FOLDER, {}, config('null')],
  ['a folder without a config', false, FOLDER, {}, async () => undefined],
])('%s: %s', async (_, expected, source, folder, read) => {
  expect(await mayBeLean(source, folder, read)).toBe(expected);
});
