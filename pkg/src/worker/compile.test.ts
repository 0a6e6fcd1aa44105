import { afterEach, expect, test } from 'vitest';
import { SIMD_PROBE } from '../page/build-choice.js';
import { compile } from './compile.js';
import { cut, page, serveFiles, status, type Answer, type FilesServer } from '../test-support/files-server.js';

let server: FilesServer | undefined;
afterEach(async () => {
  await server?.stop();
  server = undefined;
});

async function compileFrom(answer: Answer | undefined): Promise<WebAssembly.Module> {
  server = await serveFiles(answer === undefined ? {} : { '/cloze_bg.wasm': answer });
  return compile(new URL('cloze_bg.wasm', server.base));
}

test.each(['application/wasm', 'application/octet-stream'])('served as %s', async (type) => {
  const module = await compileFrom({ headers: { 'content-type': type }, body: SIMD_PROBE });
  expect(module).toBeInstanceOf(WebAssembly.Module);
});

test('says how long it is before it is there', async () => {
  server = await serveFiles({
    '/cloze_bg.wasm': { headers: { 'content-type': 'application/wasm' }, body: SIMD_PROBE },
  });
  const told: unknown[] = [];
  await compile(new URL('cloze_bg.wasm', server.base), {
    expect: (...of) => told.push(of),
    arrived: (file) => told.push(file),
  });
  expect(told).toEqual([['/cloze_bg.wasm', SIMD_PROBE.length], '/cloze_bg.wasm']);
});

test.each<[string, Answer | undefined, string, RegExp]>([
  ['nothing', undefined, 'not_found', /cloze_bg\.wasm was answered with status 404.*published whole/u],
  ['a web page', page, 'not_found', /web page/u],
  ['a failing server', status(503), 'network', /status 503/u],
  ['a cut file', cut(1000, 8), 'network', /broke/u],
  ['something else', 'no wasm', 'internal', /no program/u],
])('%s', async (_, answer, code, message) => {
  await expect(compileFrom(answer)).rejects.toMatchObject({ code, message: expect.stringMatching(message) as string });
});

test('no server', async () => {
  await expect(compile(new URL('http://127.0.0.1:9/cloze_bg.wasm'))).rejects.toMatchObject({ code: 'network' });
});
