import { afterEach, describe, expect, test } from 'vitest';
import { loadModel } from './load-model.js';
import { ClozeError } from '../border/errors.js';
import type { LoadRequest, ModelSource } from '../border/load-request.js';
import type { Core } from './core.js';
import { fakeCore, type FakeCore } from '../test-support/fake-core.js';
import { REQUEST } from '../test-support/fake-worker.js';
import {
  cut,
  page,
  serveFiles,
  silentAfter,
  stall,
  status,
  type Answer,
  type FilesServer,
  type Reply,
} from '../test-support/files-server.js';
import type { ProgressInfo } from '../border/types.js';

const WEIGHTS = new Uint8Array(300_000);
/** No test waits for what real servers would be given time for. */
const QUICK = { tries: 3, delay: 1, longest: 50, stalled: 1000 };

let server: FilesServer | undefined;
afterEach(async () => {
  await server?.stop();
  server = undefined;
});

/** Loads a folder from a server with these answers, or any source. */
async function load(
  from: Record<string, Answer> | ModelSource,
  model_file_name?: string,
): Promise<{ core: FakeCore; told: ProgressInfo[] }> {
  let source = from as ModelSource;
  if (!('kind' in from)) {
    server = await serveFiles(from);
    source = { kind: 'folder', name: 'm', base: `${server.base}m/`, ...(model_file_name && { model_file_name }) };
  }
  const core = fakeCore();
  const told: ProgressInfo[] = [];
  try {
    await loadModel(core.wasm, { ...REQUEST, source }, (progress) => told.push(progress), { pace: QUICK });
  } finally {
    expect(core.alive, 'the loader is freed').toBe(0);
  }
  return { core, told };
}

const failure = async (
  ...args: Parameters<typeof load>
): Promise<{ code: string; message: string; details: Record<string, unknown> }> =>
  load(...args).then(
    () => expect.unreachable('it loaded'),
    (error: unknown) => error as never,
  );

describe('files of a folder', () => {
  test('config.json, tokenizer.json, model.safetensors', async () => {
    const { core } = await load({
      '/m/config.json': '{"a":1}',
      '/m/tokenizer.json': '{}',
      '/m/model.safetensors': WEIGHTS,
    });
    expect(server!.asked).toEqual(
      expect.arrayContaining(['/m/config.json', '/m/model.safetensors', '/m/tokenizer.json']),
    );
    expect(server!.asked).not.toContain('/m/vocab.txt');
    expect(new TextDecoder().decode(core.files.config)).toBe('{"a":1}');
    expect(core.pushed).toBe(WEIGHTS.length);
  });

  test('model.gguf where there is no model.safetensors, and no config.json', async () => {
    const { core } = await load({ '/m/tokenizer.json': '{}', '/m/model.gguf': WEIGHTS });
    expect(core.files).not.toHaveProperty('config');
    expect(core.pushed).toBe(WEIGHTS.length);
  });

  test.each([
    [{ '/m/tokenizer.json': '{}' }, ['tokenizer']],
    [{ '/m/vocab.txt': '[PAD]' }, ['vocab_txt']],
    [{ '/m/vocab.json': '{}', '/m/merges.txt': '' }, ['vocab_json', 'merges_txt']],
  ])('what has a say beside %o', async (vocabulary, keys) => {
    const model = { '/m/config.json': '{}', ...vocabulary, '/m/model.safetensors': WEIGHTS };
    const beside = {
      '/m/tokenizer_config.json': '{}',
      '/m/special_tokens_map.json': '{}',
      '/m/added_tokens.json': '{}',
      '/m/chat_template.jinja': 'T',
    };
    const { core } = await load({ ...model, ...beside });
    const all = ['tokenizer_config', 'special_tokens_map', 'added_tokens', 'chat_template'];
    expect(Object.keys(core.files).sort()).toEqual(['config', ...keys, ...all].sort());
    await server!.stop();
    expect(Object.keys((await load(model)).core.files).sort()).toEqual(['config', ...keys].sort());
  });

  test('a .gguf alone, which may have its tokenizer inside', async () => {
    const { core, told } = await load({ '/m/chat.gguf': WEIGHTS }, 'chat.gguf');
    expect(core.files).toEqual({});
    expect(core.pushed).toBe(WEIGHTS.length);
    const warning = { status: 'warning', code: 'no_pre_tokenizer', message: expect.stringContaining('llama.cpp') };
    expect(told).toContainEqual(warning);
  });

  test('a named weight file, and only that', async () => {
    await load({ '/m/config.json': '{}', '/m/tokenizer.json': '{}', '/m/q8.gguf': WEIGHTS }, 'q8.gguf');
    expect(server!.asked).not.toContain('/m/model.safetensors');
  });
});

describe('folders on other hosts', () => {
  test('model.gguf alone, where nothing is known of the folder', async () => {
    const { core } = await load({ '/m/model.gguf': WEIGHTS });
    expect(core.files).toEqual({});
    expect(core.pushed).toBe(WEIGHTS.length);
  });

  test('403 may mean that a file is not there', async () => {
    const { core } = await load({
      '/m/config.json': '{}',
      '/m/tokenizer.json': status(403),
      '/m/vocab.txt': '[PAD]',
      '/m/model.safetensors': status(403),
      '/m/model.gguf': WEIGHTS,
    });
    expect(core.pushed).toBe(WEIGHTS.length);
  });
});

describe('a model in parts', () => {
  const PARTS = ['m-00001-of-00003.gguf', 'm-00002-of-00003.gguf', 'm-00003-of-00003.gguf'];
  const served = Object.fromEntries(PARTS.map((name) => [`/m/${name}`, WEIGHTS]));

  test.each(PARTS)('is loaded by the address of %s', async (named) => {
    const { core, told } = await load(served, named);
    expect([core.pushed, core.files_ended]).toEqual([3 * WEIGHTS.length, 3]);
    expect(told.filter(({ status }) => status === 'done').map(({ file }) => file)).toEqual(PARTS);
  });

  test('is loaded from files in any order', async () => {
    const files = [2, 0, 1].map((part) => new File([WEIGHTS], PARTS[part]!));
    const { core, told } = await load({ kind: 'files', name: '', files });
    expect(core.files_ended).toBe(3);
    expect(told.filter(({ status }) => status === 'done').map(({ file }) => file)).toEqual(PARTS);
  });

  test('is expected as a whole', async () => {
    const files = [2, 0, 1].map((part) => new File([WEIGHTS], PARTS[part]!));
    const expected: [string, number][] = [];
    const request = { ...REQUEST, source: { kind: 'files', name: '', files } } as const;
    const settings = { pace: QUICK, expect: (...file: [string, number]) => void expected.push(file) };
    await loadModel(fakeCore().wasm, request, () => undefined, settings);
    expect(expected).toEqual(PARTS.map((name) => [name, WEIGHTS.length]));
  });

  test('of which one is missing names it before any is read', async () => {
    const { [`/m/${PARTS[1]!}`]: _, ...others } = served;
    const error = await failure(others, PARTS[0]);
    expect(error).toMatchObject({ code: 'not_found', details: { file: PARTS[1] } });
    expect(error.message).toContain('in 3 parts');
  });
});

describe('progress', () => {
  test('gives bytes and words, weights in pieces', async () => {
    const { core, told } = await load({
      '/m/config.json': '{}',
      '/m/tokenizer.json': '{}',
      '/m/model.safetensors': WEIGHTS,
    });
    expect(core.chunks).toBeGreaterThan(1);
    const weights = told.filter(({ file }) => file === 'model.safetensors');
    expect(weights.map((one) => one.status)).toEqual(
      expect.arrayContaining(['initiate', 'download', 'progress', 'done']),
    );
    expect(weights.at(-1)).toMatchObject({ status: 'done', loaded: WEIGHTS.length, total: WEIGHTS.length });
    expect(weights.filter((one) => one.status === 'progress').at(-1)).toMatchObject({
      loaded: WEIGHTS.length,
      total: WEIGHTS.length,
    });
    for (const one of told) expect(one.message).not.toBe('');
  });
});

describe('all at once', () => {
  /** A core that is on its way until it is let go. */
  const lateCore = (): { core: FakeCore; wasm: Promise<Core>; letGo: () => void } => {
    const core = fakeCore();
    let letGo = (): void => undefined;
    const wasm = new Promise<Core>((resolve) => (letGo = () => resolve(core.wasm)));
    return { core, wasm, letGo };
  };
  const request = (): LoadRequest => ({
    ...REQUEST,
    source: { kind: 'folder', name: 'm', base: `${server!.base}m/` },
    use_browser_cache: false,
  });

  test('weights are fetched while the core and the tokenizer are still on their way', async () => {
    let answer = (_: Reply): void => undefined;
    server = await serveFiles({
      '/m/config.json': '{}',
      '/m/tokenizer.json': () => new Promise<Reply>((resolve) => (answer = resolve)),
      '/m/model.safetensors': WEIGHTS,
    });
    const { core, wasm, letGo } = lateCore();
    const told: ProgressInfo[] = [];
    const loading = loadModel(wasm, request(), (progress) => told.push(progress), { pace: QUICK });
    await expect.poll(() => told.findLast(({ file }) => file === 'model.safetensors')?.loaded).toBe(WEIGHTS.length);
    expect(core.pushed).toBe(0);
    answer({ body: '{}' });
    letGo();
    await loading;
    expect(core.pushed).toBe(WEIGHTS.length);
  });

  test('a tokenizer that is no good ends the load while the weights are under way', async () => {
    server = await serveFiles({
      '/m/config.json': '{}',
      '/m/tokenizer.json': '{}',
      '/m/model.safetensors': stall(300_000, 100_000),
    });
    const { core, wasm, letGo } = lateCore();
    const error = Object.assign(new Error('no tokenizer'), { code: 'invalid_tokenizer' });
    core.wasm.ModelLoader = class {
      constructor() {
        throw error;
      }
    } as never;
    letGo();
    const begun = performance.now();
    const patient = { ...QUICK, stalled: 20_000 };
    await expect(loadModel(wasm, request(), () => undefined, { pace: patient })).rejects.toBe(error);
    expect(performance.now() - begun).toBeLessThan(5000);
  });

  test('a core that cannot be started ends the load at once', async () => {
    server = await serveFiles({ '/m/tokenizer.json': '{}', '/m/model.safetensors': stall(300_000, 100_000) });
    const forbidden = new ClozeError('unsupported_browser', 'no wasm');
    await expect(loadModel(Promise.reject(forbidden), request(), () => undefined)).rejects.toBe(forbidden);
  });
});

describe('what goes wrong', () => {
  const small = { '/m/config.json': '{}', '/m/tokenizer.json': '{}' };

  test('no folder there', async () => {
    const error = await failure({});
    expect(error).toMatchObject({ code: 'not_found' });
    expect(error.message).toMatch(/neither tokenizer\.json.*Check the address/u);
  });

  test('no weights', async () => {
    const error = await failure(small);
    expect(error.code).toBe('not_found');
    expect(error.message).toMatch(/neither model\.safetensors .*pytorch_model\.bin.*model_file_name/u);
  });

  test('a named file that is not there', async () => {
    expect(await failure(small, 'other.gguf')).toMatchObject({ code: 'not_found', details: { status: 404 } });
  });

  test('a site that answers everything with its start page', async () => {
    const error = await failure({
      '/m/config.json': page,
      '/m/tokenizer.json': page,
      '/m/vocab.txt': page,
      '/m/vocab.json': page,
      '/m/merges.txt': page,
      '/m/tokenizer_config.json': page,
    });
    expect(error.code).toBe('not_found');
    const named = await failure({ ...small, '/m/w.gguf': page }, 'w.gguf');
    expect(named.message).toContain('web page instead');
  });

  test.each([
    [401, 'unauthorized', 1],
    [403, 'gated', 1],
    [429, 'rate_limited', 3],
    [500, 'network', 3],
    [503, 'network', 3],
    [400, 'network', 1],
  ])('status %i is %s after %i tries', async (code, expected, tries) => {
    expect(await failure({ ...small, '/m/model.safetensors': status(code) })).toMatchObject({
      code: expected,
      details: { status: code },
    });
    expect(server!.asked.filter((path) => path.endsWith('.safetensors'))).toHaveLength(tries);
  });

  /** Gives parts of the weights, but goes wrong at the first request for them. */
  const parts = (first: Partial<Reply> | undefined): Answer => {
    let count = 0;
    const good: Reply = { headers: { etag: '"1"' }, body: WEIGHTS, ranges: true };
    return () => (++count > 1 ? good : first && { ...good, ...first });
  };
  test.each<[string, Partial<Reply> | undefined]>([
    ['breaks', { cut: 100_000 }],
    ['falls silent', silentAfter(100_000)],
    ['never answers', undefined],
  ])('a connection that %s is followed by another', async (_, first) => {
    const { core } = await load({ ...small, '/m/model.safetensors': parts(first) });
    expect(core.pushed).toBe(WEIGHTS.length);
  });

  test('a file that changes on the way is fetched from its beginning', async () => {
    let count = 0;
    const { core } = await load({
      ...small,
      '/m/model.safetensors': () => {
        const headers = { 'accept-ranges': 'bytes', etag: `"${Math.min(++count, 2)}"` };
        if (count === 1) return { headers, body: { zeros: 300_000 }, cut: 100_000 };
        if (count > 2) return { headers, body: WEIGHTS };
        return { status: 206, headers: { ...headers, 'content-range': 'bytes 299999-299999/300000' }, body: 'x' };
      },
    });
    expect(count).toBe(3);
    expect(core.chunks).toBeGreaterThan(1);
  });

  test('shards are pushed one after the other', async () => {
    const index = JSON.stringify({ weight_map: { a: 'one.safetensors', b: 'two.safetensors' } });
    const { core } = await load({
      ...small,
      '/m/model.safetensors.index.json': index,
      '/m/one.safetensors': WEIGHTS,
      '/m/two.safetensors': WEIGHTS,
    });
    expect([core.pushed, core.files_ended]).toEqual([2 * WEIGHTS.length, 2]);
  });

  test('a connection that always breaks', async () => {
    const error = await failure({ ...small, '/m/model.safetensors': cut(300_000, 0) });
    expect(error).toMatchObject({ code: 'network', details: { file: 'model.safetensors' } });
    expect(error.message).toMatch(/broke.*try again/u);
  });

  test('a connection that breaks in a small file', async () => {
    expect(await failure({ ...small, '/m/config.json': cut(1000, 10) })).toMatchObject({ code: 'network' });
  });

  test('no server', async () => {
    const error = await failure({ kind: 'folder', name: 'm', base: 'http://127.0.0.1:9/' });
    expect(error).toMatchObject({ code: 'network' });
    expect(error.message).toMatch(/127\.0\.0\.1:9.*Check the connection/u);
  });

  test('an empty file is the core’s to refuse', async () => {
    const error = await failure({ ...small, '/m/model.safetensors': '' });
    expect(error).toMatchObject({ code: 'truncated_weights' });
  });
});

describe('local files', () => {
  const file = (name: string, content: BlobPart): File => new File([content], name);

  test('are recognised by name', async () => {
    const files = [
      file('tokenizer.json', '{}'),
      file('config.json', '{}'),
      file('any name.gguf', WEIGHTS),
      file('README.md', ''),
    ];
    const { core } = await load({ kind: 'files', name: '', files });
    expect(Object.keys(core.files).sort()).toEqual(['config', 'tokenizer']);
    expect(core.pushed).toBe(WEIGHTS.length);
  });

  test('that are gone by now', async () => {
    const gone = (name: string): File =>
      Object.assign(file(name, '{}'), { arrayBuffer: () => Promise.reject(new DOMException('', 'NotFoundError')) });
    const error = await failure({ kind: 'files', name: '', files: [gone('config.json')] });
    expect(error).toMatchObject({ code: 'not_found', details: { file: 'config.json' } });
    expect(error.message).toContain('Choose the files again');
  });

  test('that cannot be what they are named are not read', async () => {
    const large = Object.defineProperty(file('tokenizer.json', '{}'), 'size', { value: 1e9 });
    const error = await failure({ kind: 'files', name: '', files: [file('config.json', '{}'), large] });
    expect(error).toMatchObject({ code: 'unsupported', details: { file: 'tokenizer.json' } });
  });

  test('of weights the usual name comes first', async () => {
    const files = [file('tokenizer.json', '{}'), file('adapter.safetensors', 'x'), file('model.safetensors', WEIGHTS)];
    expect((await load({ kind: 'files', name: '', files })).core.pushed).toBe(WEIGHTS.length);
  });

  test('without weights', async () => {
    const error = await failure({ kind: 'files', name: '', files: [file('tokenizer.json', '{}')] });
    expect(error).toMatchObject({ code: 'not_found' });
    expect(error.message).toContain('tokenizer.json');
  });
});
