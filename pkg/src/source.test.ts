import { afterEach, describe, expect, test } from 'vitest';
import { env } from './env.js';
import { resolveSource, type ModelArgument, type SourceOptions } from './source.js';

const PAGE = 'https://example.org/app/index.html';
const resolve = (model: ModelArgument, options: Partial<SourceOptions> = {}) => resolveSource(model, 'bert', { baseURI: PAGE, ...options });

const before = { ...env };
afterEach(() => void Object.assign(env, before));

describe('folders', () => {
  test.each([
    ['https://models.example/bert', 'https://models.example/bert/'],
    ['https://models.example/bert/', 'https://models.example/bert/'],
    ['/models/bert', 'https://example.org/models/bert/'],
    ['./models/bert', 'https://example.org/app/models/bert/'],
    ['../bert', 'https://example.org/bert/'],
    ['models/bert/', 'https://example.org/app/models/bert/'],
    ['//cdn.example/bert', 'https://cdn.example/bert/'],
  ])('%s', (model, base) => {
    expect(resolve(model)).toEqual({ kind: 'folder', name: model, base });
  });

  test('a weight file names its folder and itself', () => {
    expect(resolve('https://models.example/gpt/my%20model.gguf')).toMatchObject({ base: 'https://models.example/gpt/', model_file_name: 'my model.gguf' });
    expect(resolve('./gpt/weights.safetensors')).toMatchObject({ base: 'https://example.org/app/gpt/', model_file_name: 'weights.safetensors' });
  });

  test('an escape that is none is left as it is', () => {
    expect(resolve('/gpt/100%zz.gguf')).toMatchObject({ model_file_name: '100%zz.gguf' });
  });

  test('the file of the weights can be named', () => {
    expect(resolve('/bert', { model_file_name: 'q8.gguf' })).toMatchObject({ model_file_name: 'q8.gguf' });
  });
});

describe('hub ids', () => {
  test('become addresses on the hub', () => {
    expect(resolve('google-bert/bert-base-uncased')).toMatchObject({ base: 'https://huggingface.co/google-bert/bert-base-uncased/resolve/main/' });
    expect(resolve('gpt2')).toMatchObject({ base: 'https://huggingface.co/gpt2/resolve/main/' });
  });

  test('take a revision', () => {
    expect(resolve('gpt2', { revision: 'refs/pr/1' })).toMatchObject({ base: 'https://huggingface.co/gpt2/resolve/refs%2Fpr%2F1/' });
  });

  test('follow env, with or without a slash at the end', () => {
    env.remote_host = 'https://mirror.example/hub';
    env.remote_path_template = '{model}/{revision}/';
    expect(resolve('a/b')).toMatchObject({ base: 'https://mirror.example/hub/a/b/main/' });
  });
});

describe('default models', () => {
  test('are three files beside the module', () => {
    for (const [name, folder] of [['bert', 'bert'], ['gpt', 'gpt']] as const) {
      const source = resolveSource(null, name, { baseURI: PAGE });
      expect(source).toMatchObject({
        kind: 'urls',
        config: new URL(`./models/${folder}/config.json`, import.meta.url).href,
        tokenizer: new URL(`./models/${folder}/tokenizer.json`, import.meta.url).href,
        weights: new URL(`./models/${folder}/model.gguf`, import.meta.url).href,
      });
    }
  });

  test('can lie elsewhere', () => {
    env.default_models = '/static/models';
    expect(resolve(undefined)).toMatchObject({ kind: 'folder', base: 'https://example.org/static/models/bert/', model_file_name: 'model.gguf' });
  });
});

test('a wrong address in env is named', () => {
  env.remote_host = 'https://';
  expect(() => resolve('gpt2')).toThrow(expect.objectContaining({ code: 'invalid_option', details: { option: 'env.remote_host' } }));
});

test('local files stay files', () => {
  const files = [new File(['{}'], 'config.json'), new File(['x'], 'model.gguf')];
  expect(resolve(files)).toMatchObject({ kind: 'files', files });
});

test.each<[string, unknown]>([
  ['an empty name', ''],
  ['blanks', '  '],
  ['an empty list', []],
  ['a list of names', ['config.json']],
  ['a number', 7],
  ['three parts', 'a/b/c'],
  ['words', 'the bert model'],
  ['a wrong address', 'https://'],
])('refuses %s', (_, model) => {
  expect(() => resolve(model as ModelArgument)).toThrow(expect.objectContaining({ code: 'invalid_option', details: { option: 'model' } }));
});
