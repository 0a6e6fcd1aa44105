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

  test.each<[string, Folder, RegExp]>([
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
