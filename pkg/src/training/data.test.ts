import { readFileSync } from 'node:fs';
import { afterEach, expect, test, vi } from 'vitest';
import { loadTable, loadText, TABLES, TEXTS } from './data';

/** The files themselves, as a server gives them. */
const served = (): void =>
  void vi.stubGlobal('fetch', async (url: string, { signal }: { signal?: AbortSignal } = {}) => {
    signal?.throwIfAborted();
    return new Response(readFileSync(fileOf(url)));
  });
/** Addresses begin from the built modules in dist/, where the build puts the files. */
const fileOf = (url: string): URL => new URL(url.replace('/src/training/texts/', '/texts/'));

afterEach(() => vi.unstubAllGlobals());

test('sizes are those of the files', () => {
  for (const { name, bytes, url } of [...TEXTS, ...TABLES])
    expect(readFileSync(fileOf(url())).length, name).toBe(bytes);
});

test('texts are of 100 to 500 kB, in documents, and no title’s stop ends a sentence', async () => {
  served();
  for (const { name, bytes } of TEXTS) {
    expect(bytes, name).toBeGreaterThan(100_000);
    expect(bytes, name).toBeLessThan(500_000);
    const text = await loadText(name);
    expect(text.split('\n\n\n').length, name).toBeGreaterThan(20);
    expect(text, name).not.toMatch(/\b(Mr|Mrs|Dr|St)\. |\n{4}|\r|\t/u);
  }
});

test.each(TABLES.map((one) => [one.name, one] as const))('the table %s is whole', async (name, { format, task }) => {
  served();
  const table = await loadTable(name);
  expect(table.format).toBe(format);
  expect(table.examples.length).toBeGreaterThanOrEqual(160);
  expect(table.examples.length * (1 - table.held_out_share)).toBeGreaterThanOrEqual(40);
  expect(table.try.length).toBeGreaterThan(1);
  const used = new Set<string>();
  for (const example of table.examples) {
    if ('question' in example) {
      const { context, answer_start, answer_text } = example;
      expect(context.slice(answer_start, answer_start + answer_text.length)).toBe(answer_text);
    } else if ('words' in example) {
      expect(example.words.length).toBe(example.labels.length);
      expect(example.words.join('')).not.toMatch(/[\sA-Z/]/u);
      example.labels.forEach((label) => used.add(label));
    } else {
      expect('pair' in example).toBe(format === 'pair');
      used.add(example.label);
    }
  }
  if ('labels' in table) expect([...used].sort()).toEqual(table.labels);
  expect(task === 'question-answering').toBe(!('labels' in table));
});

test('what is learnt from has both authors equally often', async () => {
  served();
  const { examples } = (await loadTable('authors')) as { examples: { label: string }[] };
  const austen = examples.filter(({ label }) => label === 'Austen').length;
  expect(austen * 2).toBe(examples.length);
});

test('no connection, no file and an end are told apart', async () => {
  vi.stubGlobal('fetch', async () => new Response('', { status: 404 }));
  await expect(loadText('oz')).rejects.toMatchObject({ code: 'network', details: { url: expect.any(String) } });
  vi.stubGlobal('fetch', async () => {
    throw new TypeError('no network');
  });
  await expect(loadTable('authors')).rejects.toMatchObject({ code: 'network' });
  served();
  await expect(loadText('oz', AbortSignal.abort())).rejects.toMatchObject({ code: 'aborted' });
});
