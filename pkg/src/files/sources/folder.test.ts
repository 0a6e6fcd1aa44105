import { describe, expect, test } from 'vitest';
import type { IncomingFile } from '../download/incoming-file.js';
import { fakeCore } from '../../test-support/fake-core.js';
import { smallFiles, weightFiles, type Folder } from './folder.js';

/** A folder in memory that notes what is asked of it. */
function folder(
  files: Record<string, string>,
  { listed = true, named }: { listed?: boolean; named?: string } = {},
): Folder & { asked: string[] } {
  return {
    title: 'here',
    ...(listed && { names: Object.keys(files) }),
    model_file_name: named,
    // As those of the folders in use, its methods need the folder.
    asked: [],
    async read(name) {
      this.asked.push(name);
      const text = files[name];
      return text === undefined ? undefined : new TextEncoder().encode(text);
    },
    async open(name) {
      this.asked.push(name);
      const text = files[name];
      return text === undefined
        ? undefined
        : ({
            name,
            total: text.length,
            pieces: (async function* () {})(),
            discardCopy: async () => false,
          } satisfies IncomingFile);
    },
  };
}

async function weights(of: Folder): Promise<string[]> {
  const names: string[] = [];
  for await (const { name } of weightFiles(of, { wasm: fakeCore().wasm, ready: Promise.resolve() })) names.push(name);
  return names;
}

const INDEX = JSON.stringify({
  weight_map: {
    b: 'model-00002-of-00002.safetensors',
    a: 'model-00001-of-00002.safetensors',
    c: 'model-00002-of-00002.safetensors',
  },
});
const SHARDS = {
  'model.safetensors.index.json': INDEX,
  'model-00001-of-00002.safetensors': '',
  'model-00002-of-00002.safetensors': '',
};

const GGUF_PARTS = { 'm-00003-of-00003.gguf': '', 'm-00002-of-00003.gguf': '', 'm-00001-of-00003.gguf': '' };

describe('weights', () => {
  test.each<[string, Record<string, string>, string[]]>([
    [
      'safetensors before all else',
      { 'model.gguf': '', 'pytorch_model.bin': '', 'model.safetensors': '' },
      ['model.safetensors'],
    ],
    [
      'shards in the index’s order',
      { ...SHARDS, 'pytorch_model.bin': '' },
      ['model-00001-of-00002.safetensors', 'model-00002-of-00002.safetensors'],
    ],
    ['a GGUF file before PyTorch', { 'pytorch_model.bin': '', 'model.gguf': '' }, ['model.gguf']],
    [
      'of several GGUF files, 8 bits',
      { 'm.Q4_0.gguf': '', 'm.Q2_K.gguf': '', 'm.F16.gguf': '', 'm.Q8_0.gguf': '' },
      ['m.Q8_0.gguf'],
    ],
    ['PyTorch', { 'pytorch_model.bin': '', 'adapter.safetensors': '' }, ['pytorch_model.bin']],
    [
      'PyTorch in parts',
      {
        'pytorch_model.bin.index.json': JSON.stringify({ weight_map: { a: 'pytorch_model-00001-of-00001.bin' } }),
        'pytorch_model-00001-of-00001.bin': '',
      },
      ['pytorch_model-00001-of-00001.bin'],
    ],
    ['safetensors of any name', { 'mine.safetensors': '' }, ['mine.safetensors']],
    ['GGUF in parts, in whatever order they were given', GGUF_PARTS, Object.keys(GGUF_PARTS).reverse()],
    [
      'parts whose index is lost',
      { 'm-00002-of-00002.safetensors': '', 'm-00001-of-00002.safetensors': '' },
      ['m-00001-of-00002.safetensors', 'm-00002-of-00002.safetensors'],
    ],
    [
      'parts of PyTorch whose index is lost',
      { 'pytorch_model-00002-of-00002.bin': '', 'pytorch_model-00001-of-00002.bin': '' },
      ['pytorch_model-00001-of-00002.bin', 'pytorch_model-00002-of-00002.bin'],
    ],
    ['PyTorch by another name', { 'training_args.bin': '', 'weights.pt': '' }, ['weights.pt']],
    ['no projector', { 'mmproj-Q8_0.gguf': '', 'm-Q4_K_M.gguf': '' }, ['m-Q4_K_M.gguf']],
  ])('%s', async (_, files, names) => expect(await weights(folder(files))).toEqual(names));

  test('where nothing is known of the folder, the usual names are tried', async () => {
    const at = folder({ 'pytorch_model.bin': '' }, { listed: false });
    expect(await weights(at)).toEqual(['pytorch_model.bin']);
    expect(at.asked).toEqual(['model.safetensors', 'model.safetensors.index.json', 'model.gguf', 'pytorch_model.bin']);
  });

  test('a named file, and only that; a named index', async () => {
    const at = folder({ 'a.gguf': '', 'model.safetensors': '' }, { named: 'a.gguf' });
    expect(await weights(at)).toEqual(['a.gguf']);
    expect(at.asked).toEqual(['a.gguf']);
    expect(await weights(folder(SHARDS, { named: 'model.safetensors.index.json' }))).toHaveLength(2);
  });

  test('of a model in parts any of them may be named, listed or not', async () => {
    const all = Object.keys(GGUF_PARTS).reverse();
    for (const named of all)
      for (const listed of [true, false]) expect(await weights(folder(GGUF_PARTS, { named, listed }))).toEqual(all);
  });

  test('which of several models is taken is said', async () => {
    const told: [string, number][] = [];
    const at = folder({ 'm-Q4_0.gguf': '', 'm-Q8_0.gguf': '', 'm-IQ2_XS.gguf': '' });
    await weights({ ...at, chose: (name, models) => void told.push([name, models]) });
    expect(told).toEqual([['m-Q8_0.gguf', 3]]);
  });

  test('of other programs are named', async () => {
    const at = folder({ 'config.json': '', 'tf_model.h5': '', 'training_args.bin': '' });
    await expect(weights(at)).rejects.toMatchObject({
      code: 'unsupported',
      message: expect.stringMatching(/for other programs only \(tf_model\.h5\)/u),
    });
  });

  test.each<[string, Folder, RegExp]>([
    [
      'parts are missing',
      folder({ 'm-00002-of-00003.gguf': '' }),
      /lacks m-00001-of-00003\.gguf, m-00003-of-00003\.gguf: the model lies in 3 parts/u,
    ],
    [
      'parts of two models',
      folder({ 'a-00001-of-00002.gguf': '', 'b-00002-of-00002.gguf': '' }),
      /lacks a-00002-of-00002\.gguf/u,
    ],
    ['none', folder({ 'config.json': '' }), /has no weights.*model_file_name/u],
    ['the named one is missing', folder({}, { named: 'x.gguf' }), /has no x\.gguf/u],
    [
      'a shard is missing',
      folder({ 'model.safetensors.index.json': INDEX, 'model-00001-of-00002.safetensors': '' }),
      /has no model-00002-of-00002\.safetensors, which model\.safetensors\.index\.json names/u,
    ],
  ])('%s', async (_, at, message) => {
    await expect(weights(at)).rejects.toMatchObject({ code: 'not_found', message: expect.stringMatching(message) });
  });
});

describe('small files', () => {
  test('none beside a GGUF file alone', async () => {
    expect(await smallFiles(folder({ 'any.gguf': '' }))).toEqual({});
    expect(await smallFiles(folder({}, { listed: false, named: 'any.gguf' }))).toEqual({});
  });

  test('but those beside it are read', async () => {
    expect(Object.keys(await smallFiles(folder({ 'any.gguf': '', 'tokenizer.json': '{}' })))).toEqual(['tokenizer']);
  });

  test('none beside safetensors is a fault', async () => {
    await expect(smallFiles(folder({ 'model.safetensors': '', 'other.gguf': '' }))).rejects.toMatchObject({
      code: 'not_found',
    });
  });
});
