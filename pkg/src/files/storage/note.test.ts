import { describe, expect, test } from 'vitest';
import { modelsOf } from './list.js';
import { architectureIn } from './model-type.js';
import { begun, line, parseNote, type Facts, type Note } from './note.js';
import { continues } from './store.js';

const facts = (name = 'model.safetensors', id = 'a/b@main'): Facts => ({
  key: `https://hub.example/${id}/${name}`,
  name,
  url: `https://hub.example/${id}/${name}`,
  model: { id, name: id, source: 'hub', url: 'https://hub.example/', revision: 'main' },
  version: 'sha256:0',
  length: 100,
});

describe('notes', () => {
  test('are what was noted last', () => {
    const text = line(facts()) + line({ safe: [[0, 10]] }) + line({ safe: [[0, 30]] });
    expect(parseNote(text)).toEqual({ ...begun(facts()), safe: [[0, 30]] });
  });

  test('lose only the line that was being written', () => {
    const text = line(facts()) + line({ safe: [[0, 10]] });
    for (let end = line(facts()).length; end < text.length - 1; end++)
      expect(parseNote(text.slice(0, end))?.safe).toEqual([]);
  });

  test.each(['', 'null', '7', '{"url":"x","version":"y","length":3}', line({ ...facts(), key: 7 as never })])(
    '%j is none',
    (text) => expect(parseNote(text)).toBeUndefined(),
  );

  test('go on only for the same version and length', () => {
    const note = begun(facts());
    expect(continues(note, facts())).toBe(true);
    for (const other of [{ version: 'x' }, { length: 99 }, { length: null }, { key: 'x' }])
      expect(continues({ ...note, length: other.length === null ? null : note.length }, { ...facts(), ...other })).toBe(
        false,
      );
    expect(continues(undefined, facts())).toBe(false);
  });
});

describe('lists', () => {
  test('gather the files of a model, last used first', () => {
    const done = { complete: true, safe: [[0, 100]] as [number, number][] };
    const models = modelsOf([
      {
        ...begun(facts('model.gguf')),
        safe: [
          [0, 10],
          [20, 40],
        ],
      },
      { ...begun(facts('config.json')), ...done, used: 5 },
      { ...begun(facts('x.gguf', 'c/d@main')), ...done, used: 7 },
    ]);
    expect(models.map(({ id }) => id)).toEqual(['c/d@main', 'a/b@main']);
    expect(models[1]).toMatchObject({ bytes: 200, kept_bytes: 130, complete: false, last_used: 5 });
    expect(models[1]?.files.map(({ name, kept_bytes }) => [name, kept_bytes])).toEqual([
      ['config.json', 100],
      ['model.gguf', 30],
    ]);
    expect(models[0]?.complete).toBe(true);
  });

  test.each<[string, string[], Partial<Note>, boolean]>([
    ['small files alone', ['config.json', 'tokenizer.json'], {}, false],
    ['with weights', ['config.json', 'model.gguf'], {}, true],
    [
      'with one shard of two',
      ['config.json', 'one.safetensors'],
      { needs: { files: ['config.json', 'one.safetensors', 'two.safetensors'], since: 1 } },
      false,
    ],
    [
      'with all that was noted',
      ['config.json', 'one.safetensors'],
      { needs: { files: ['config.json', 'one.safetensors'], since: 1 } },
      true,
    ],
  ])('say whether a model is here: %s', (_, names, more, complete) => {
    const notes = names.map((name): Note => ({ ...begun(facts(name)), safe: [[0, 100]], complete: true, ...more }));
    expect(modelsOf(notes)[0]?.complete).toBe(complete);
  });

  test('know what a default model needs', () => {
    const notes = (names: string[]): Note[] =>
      names.map((name) => ({ ...begun(facts(name, 'cloze:bert')), safe: [[0, 100]], complete: true }));
    expect(modelsOf(notes(['config.json', 'model.gguf']))[0]?.complete).toBe(false);
    expect(modelsOf(notes(['config.json', 'tokenizer.json', 'model.gguf']))[0]?.complete).toBe(true);
  });

  test('know no sum where a length is not known', () =>
    expect(modelsOf([{ ...begun(facts()), length: null }])[0]?.bytes).toBeNull());
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
