import { describe, expect, test } from 'vitest';
import { modelsOf } from './list.js';
import { architectureIn } from './model-type.js';
import { packageFiles } from '../../page/stored-models.js';
import { canResume, emptyRecord, parseRecord, recordLine, type FileIdentity, type FileRecord } from './record.js';

const identity = (name = 'model.safetensors', id = 'a/b@main'): FileIdentity => ({
  key: `https://hub.example/${id}/${name}`,
  name,
  url: `https://hub.example/${id}/${name}`,
  model: { id, name: id, source: 'hub', url: 'https://hub.example/', revision: 'main' },
  version: 'sha256:0',
  length: 100,
});

describe('records', () => {
  test('are what was recorded last', () => {
    const text = recordLine(identity()) + recordLine({ safe: [[0, 10]] }) + recordLine({ safe: [[0, 30]] });
    expect(parseRecord(text)).toEqual({ ...emptyRecord(identity()), safe: [[0, 30]] });
  });

  test('lose only the line that was being written', () => {
    const text = recordLine(identity()) + recordLine({ safe: [[0, 10]] });
    for (let end = recordLine(identity()).length; end < text.length - 1; end++)
      expect(parseRecord(text.slice(0, end))?.safe).toEqual([]);
  });

  test.each(['', 'null', '7', '{"url":"x","version":"y","length":3}', recordLine({ ...identity(), key: 7 as never })])(
    '%j is none',
    (text) => expect(parseRecord(text)).toBeUndefined(),
  );

  test('go on only for the same version and length', () => {
    const record = emptyRecord(identity());
    expect(canResume(record, identity())).toBe(true);
    for (const other of [{ version: 'x' }, { length: 99 }, { length: null }, { key: 'x' }])
      expect(
        canResume({ ...record, length: other.length === null ? null : record.length }, { ...identity(), ...other }),
      ).toBe(false);
    expect(canResume(undefined, identity())).toBe(false);
  });
});

describe('lists', () => {
  test('gather the files of a model, last used first', () => {
    const done = { complete: true, safe: [[0, 100]] as [number, number][] };
    const models = modelsOf([
      {
        ...emptyRecord(identity('model.gguf')),
        safe: [
          [0, 10],
          [20, 40],
        ],
      },
      { ...emptyRecord(identity('config.json')), ...done, used: 5 },
      { ...emptyRecord(identity('x.gguf', 'c/d@main')), ...done, used: 7 },
    ]);
    expect(models.map(({ id }) => id)).toEqual(['c/d@main', 'a/b@main']);
    expect(models[1]).toMatchObject({ bytes: 200, kept_bytes: 130, complete: false, last_used: 5 });
    expect(models[1]?.files.map(({ name, kept_bytes }) => [name, kept_bytes])).toEqual([
      ['config.json', 100],
      ['model.gguf', 30],
    ]);
    expect(models[0]?.complete).toBe(true);
  });

  test.each<[string, string[], Partial<FileRecord>, boolean]>([
    ['small files alone', ['config.json', 'tokenizer.json'], {}, false],
    ['with weights', ['config.json', 'model.gguf'], {}, true],
    [
      'with one shard of two',
      ['config.json', 'one.safetensors'],
      { needs: { files: ['config.json', 'one.safetensors', 'two.safetensors'], since: 1 } },
      false,
    ],
    [
      'with all that was recorded',
      ['config.json', 'one.safetensors'],
      { needs: { files: ['config.json', 'one.safetensors'], since: 1 } },
      true,
    ],
  ])('say whether a model is here: %s', (_, names, more, complete) => {
    const records = names.map((name): FileRecord => ({
      ...emptyRecord(identity(name)),
      safe: [[0, 100]],
      complete: true,
      ...more,
    }));
    expect(modelsOf(records)[0]?.complete).toBe(complete);
  });

  test('know what a default model needs', () => {
    const records = (names: string[]): FileRecord[] =>
      names.map((name) => ({ ...emptyRecord(identity(name, 'cloze:bert')), safe: [[0, 100]], complete: true }));
    expect(modelsOf(records(['config.json', 'model.gguf']), packageFiles)[0]?.complete).toBe(false);
    expect(modelsOf(records(['config.json', 'tokenizer.json', 'model.gguf']), packageFiles)[0]?.complete).toBe(true);
  });

  test('know no sum where a length is not known', () =>
    expect(modelsOf([{ ...emptyRecord(identity()), length: null }])[0]?.bytes).toBeNull());
});

describe('the architecture in a GGUF file', () => {
  /** A header: magic, version 3, no tensors, one entry. */
  function gguf(key: string, kind: number, value: string): Uint8Array {
    const bytes = new Uint8Array(24 + 8 + key.length + 4 + 8 + value.length);
    const view = new DataView(bytes.buffer);
    const text = (at: number, what: string): void => bytes.set(new TextEncoder().encode(what), at);
    text(0, 'GGUF');
    view.setUint32(4, 3, true);
    view.setBigUint64(16, 1n, true);
    view.setBigUint64(24, BigInt(key.length), true);
    text(32, key);
    view.setUint32(32 + key.length, kind, true);
    view.setBigUint64(36 + key.length, BigInt(value.length), true);
    text(44 + key.length, value);
    return bytes;
  }
  test('is read', () => expect(architectureIn(gguf('general.architecture', 8, 'llama'))).toBe('llama'));
  test.each<[string, Uint8Array]>([
    ['not there', gguf('general.name', 8, 'x')],
    ['no text', gguf('general.architecture', 4, 'llama')],
    ['cut off', gguf('general.architecture', 8, 'llama').slice(0, 60)],
    ['too long', gguf('general.architecture', 8, 'llama').fill(255, 56, 64)],
    ['no GGUF', new Uint8Array(100)],
    ['empty', new Uint8Array()],
  ])('%s', (_, bytes) => expect(architectureIn(bytes)).toBeUndefined());
});
