import { afterEach, expect, test } from 'vitest';
import { env } from '../../page/env.js';
import { AccessTokens, originOf } from './access-tokens.js';

const HUB = env.remote_host;
afterEach(() => {
  env.remote_host = HUB;
});

const at = (model: Parameters<typeof originOf>[0]): string | undefined => originOf(model, 'https://page.example/app/');

test.each([
  ['owner/name@v1', 'https://huggingface.co'],
  [' owner/name ', 'https://huggingface.co'],
  ['https://models.example/m/', 'https://models.example'],
  ['https://models.example:8443/m/model.gguf', 'https://models.example:8443'],
  ['/m/', 'https://page.example'],
  ['', undefined],
  ['no model', undefined],
  [undefined, undefined],
])('%s comes from %s', (model, origin) => {
  expect(at(model)).toBe(origin);
});

test('a name comes from the hub that is named now', () => {
  env.remote_host = 'https://mirror.example/hf';
  expect(at('owner/name')).toBe('https://mirror.example');
});

test('a token is for one origin alone', () => {
  const tokens = new AccessTokens();
  tokens.set(at('owner/name')!, ' hf_x ');
  expect(tokens.of(at('another/name'))).toBe('hf_x');
  expect(tokens.of(at('https://evil.example/m/'))).toBe('');
  expect(tokens.of(at('https://huggingface.co.evil.example/m/'))).toBe('');
  expect(tokens.of(undefined)).toBe('');
  env.remote_host = 'https://mirror.example/';
  expect(tokens.of(at('owner/name'))).toBe('');
  tokens.clear();
  env.remote_host = HUB;
  expect(tokens.of(at('owner/name'))).toBe('');
});
