import { afterEach, expect, test, vi } from 'vitest';
import { models } from '../../../../models/index.js';
import { besidePackage, defaultFiles, findDefaultModels } from './default-models.js';

const registry = globalThis as { [REGISTRY]?: unknown };
const REGISTRY = Symbol.for('cloze-models');

afterEach(() => {
  vi.unstubAllGlobals();
  registry[REGISTRY] = models;
});

test.each<[string, string | undefined]>([
  ['https://a.example/node_modules/cloze/dist/shared-X.js', 'https://a.example/node_modules/cloze-models/index.js'],
  ['https://cdn.example/npm/cloze@0.1.0/dist/elements.js', 'https://cdn.example/npm/cloze-models@0.1.0/index.js'],
  ['https://a.example/assets/index-X.js', undefined],
  ['https://a.example/not-cloze/dist/index.js', undefined],
  ['https://a.example/cloze/dist/index.js?v=1', undefined],
  ['blob:https://a.example/1', undefined],
])('beside %s', (module, address) => {
  expect(besidePackage(module)).toBe(address);
});

test('where they are not, it is said how to get them', async () => {
  registry[REGISTRY] = undefined;
  await findDefaultModels();
  expect(() => defaultFiles('gpt')).toThrow(
    expect.objectContaining({
      code: 'no_default_models',
      details: { model: 'gpt' },
      message: expect.stringMatching(/npm install cloze-models.*env\.default_models/su),
    }),
  );
});

test('addresses are whole ones, also where a bundler (Next.js) makes them relative', () => {
  vi.stubGlobal('location', { href: 'https://page.example/app/' });
  const url = (): URL => ({ href: '/_next/static/media/model.gguf' }) as URL;
  registry[REGISTRY] = { gpt: { 'model.gguf': { url, size: 1, sha256: 'x' } } };
  expect(defaultFiles('gpt')).toEqual({
    'model.gguf': {
      key: 'cloze:gpt/model.gguf',
      url: 'https://page.example/_next/static/media/model.gguf',
      size: 1,
      expected: { sha256: 'x' },
    },
  });
});
