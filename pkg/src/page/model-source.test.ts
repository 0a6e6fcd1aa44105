import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, test } from 'vitest';
import '../../../models/index.js';
import { DEFAULT_LAYERS } from '../files/sources/default-models.js';
import { env } from './env.js';
import { credentialsFor, resolveSource, type ModelArgument, type SourceOptions } from './model-source.js';

const PAGE = 'https://example.org/app/index.html';
const resolve = (model: ModelArgument, options: Partial<SourceOptions> = {}) =>
  resolveSource(model, 'bert', { baseURI: PAGE, ...options });

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
    expect(resolve('https://models.example/gpt/my%20model.gguf')).toMatchObject({
      base: 'https://models.example/gpt/',
      model_file_name: 'my model.gguf',
    });
    expect(resolve('./gpt/weights.safetensors')).toMatchObject({
      base: 'https://example.org/app/gpt/',
      model_file_name: 'weights.safetensors',
    });
  });

  test.each(['model.onnx', 'tf_model.h5', 'flax_model.msgpack'])('%s is no folder, but weights for others', (file) => {
    expect(() => resolve(`https://models.example/bert/${file}`)).toThrow(
      expect.objectContaining({ code: 'unsupported', details: { url: 'https://models.example/bert/', file } }),
    );
  });

  test('a signature goes with the weights, and is in no name', () => {
    const source = resolve('https://models.example/gpt/m.gguf?X-Amz-Signature=secret');
    expect(source).toEqual({
      kind: 'folder',
      name: 'https://models.example/gpt/m.gguf',
      base: 'https://models.example/gpt/',
      model_file_name: 'm.gguf',
      query: '?X-Amz-Signature=secret',
    });
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
    expect(resolve('google-bert/bert-base-uncased')).toEqual({
      kind: 'hub',
      name: 'google-bert/bert-base-uncased',
      id: 'google-bert/bert-base-uncased',
      revision: 'main',
      listing: 'https://huggingface.co/api/models/google-bert/bert-base-uncased/revision/main?blobs=true',
      base: 'https://huggingface.co/google-bert/bert-base-uncased/resolve/main/',
      commit_base: 'https://huggingface.co/google-bert/bert-base-uncased/resolve/{revision}/',
    });
    expect(resolve('gpt2')).toMatchObject({ base: 'https://huggingface.co/gpt2/resolve/main/' });
  });

  test('take a revision, behind an @ or as an option', () => {
    const base = 'https://huggingface.co/gpt2/resolve/refs%2Fpr%2F1/';
    expect(resolve('gpt2', { revision: 'refs/pr/1' })).toMatchObject({ base, revision: 'refs/pr/1' });
    expect(resolve('gpt2@refs/pr/1')).toMatchObject({
      base,
      id: 'gpt2',
      listing: 'https://huggingface.co/api/models/gpt2/revision/refs%2Fpr%2F1?blobs=true',
    });
    expect(resolve('gpt2@v2', { revision: 'v2' })).toMatchObject({ revision: 'v2' });
    expect(() => resolve('gpt2@v2', { revision: 'v3' })).toThrow(
      expect.objectContaining({ code: 'invalid_option', details: { option: 'revision' } }),
    );
  });

  test('follow env, with or without a slash at the end', () => {
    env.remote_host = 'https://mirror.example/hub';
    env.remote_path_template = '{model}/{revision}/';
    env.remote_api_path_template = 'list/{model}/{revision}';
    expect(resolve('a/b')).toMatchObject({
      base: 'https://mirror.example/hub/a/b/main/',
      commit_base: 'https://mirror.example/hub/a/b/{revision}/',
      listing: 'https://mirror.example/hub/list/a/b/main',
    });
  });
});

describe('tokens', () => {
  test('go to the hub, or where they were given for', () => {
    expect(credentialsFor(resolve('a/b'), 'hf_x')).toEqual({ token: 'hf_x', origin: 'https://huggingface.co' });
    expect(credentialsFor(resolve('https://models.example/bert'), 'x')).toEqual({
      token: 'x',
      origin: 'https://models.example',
    });
    expect(credentialsFor(resolve(null), 'x')).toBeUndefined();
  });

  test('of env are the hub’s alone', () => {
    env.token = 'hf_env';
    expect(credentialsFor(resolve('a/b'), undefined)).toEqual({ token: 'hf_env', origin: 'https://huggingface.co' });
    expect(credentialsFor(resolve('a/b'), 'hf_x')).toMatchObject({ token: 'hf_x' });
    expect(credentialsFor(resolve('https://models.example/bert'), undefined)).toBeUndefined();
  });

  test('are no part of what a source is', () => {
    env.token = 'hf_env';
    expect(JSON.stringify(resolve('a/b'))).not.toContain('hf_env');
  });
});

describe('default models', () => {
  test.each(['bert', 'gpt'] as const)('%s: three files of cloze-models, with the hashes they have', (name) => {
    const source = resolveSource(null, name, { baseURI: PAGE });
    if (source.kind !== 'default') return expect.unreachable();
    expect(Object.keys(source.files)).toEqual(['config.json', 'tokenizer.json', 'model.gguf']);
    for (const [file, { url, key, size, expected }] of Object.entries(source.files)) {
      const there = new URL(`../../../models/${name}/${file}`, import.meta.url);
      expect(url).toBe(there.href);
      expect(key).toBe(`cloze:${name}/${file}`);
      // The files themselves; after changing them: node scripts/default-models.mjs
      const bytes = readFileSync(there);
      expect({ size, sha256: expected?.sha256 }).toEqual({
        size: bytes.length,
        sha256: createHash('sha256').update(bytes).digest('hex'),
      });
    }
  });

  test.each(['bert', 'gpt'] as const)('%s has as many layers as is planned with', (name) => {
    const config = JSON.parse(readFileSync(new URL(`../../../models/${name}/config.json`, import.meta.url), 'utf8'));
    expect(config.num_hidden_layers ?? config.n_layer).toBe(DEFAULT_LAYERS[name]);
  });

  test('can lie elsewhere', () => {
    env.default_models = '/static/models';
    expect(resolve(undefined)).toMatchObject({
      kind: 'folder',
      base: 'https://example.org/static/models/bert/',
      model_file_name: 'model.gguf',
    });
  });
});

test('a wrong address in env is named', () => {
  env.remote_host = 'https://';
  expect(() => resolve('gpt2')).toThrow(
    expect.objectContaining({ code: 'invalid_option', details: { option: 'env.remote_host' } }),
  );
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
  ['a revision without a name', 'a/b@'],
  ['two revisions', 'a/b@c@d'],
  ['a wrong address', 'https://'],
])('refuses %s', (_, model) => {
  expect(() => resolve(model as ModelArgument)).toThrow(
    expect.objectContaining({ code: 'invalid_option', details: { option: 'model' } }),
  );
});
