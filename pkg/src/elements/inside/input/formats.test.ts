import { expect, test } from 'vitest';
import type { FormattedText, FormatToken } from './compute.js';
import { draw } from './diagram.js';
import { diagramOf } from './formats.js';
import { FORMATS, type Format } from './schema.js';

const token = (name: string, segment = 0): FormatToken => ({
  name,
  segment,
  special: name.startsWith('['),
  begins: !name.startsWith('##'),
});
const BERT = [token('[CLS]'), token('it'), token('rain'), token('##ed'), token('[SEP]')];
const PAIR = [...BERT, token('so', 1), token('what', 1), token('[SEP]', 1)];

const format = (name: Format, texts: FormatToken[][], reads: 'both' | 'left-to-right' = 'both'): FormattedText => ({
  format: name,
  model: { info: { reads, vocab_size: 1000, model_type: 'bert', mask_token: '[MASK]' } } as FormattedText['model'],
  texts,
});
/** What goes into each head, by the tokens' names. */
const into = (text: FormattedText, chosen = 2): string[][] => {
  const { blocks, heads } = diagramOf(text, chosen, '');
  const rows = blocks.flat();
  return heads.map((head) => head.rows.map((row) => rows[row]!.token));
};

test('BERT: which outputs go into which layer (figure 4 of its paper)', () => {
  expect(into(format('mlm', [BERT]))).toEqual([['[MASK]']]);
  expect(into(format('nsp', [PAIR]))).toEqual([['[CLS]']]);
  expect(into(format('pair-classification', [PAIR]))).toEqual([['[CLS]']]);
  expect(into(format('classification', [BERT]))).toEqual([['[CLS]']]);
  expect(into(format('question-answering', [PAIR]))).toEqual([
    ['so', 'what'],
    ['so', 'what'],
  ]);
  expect(into(format('tagging', [BERT]))).toEqual([['it', 'rain']]);
});

test('another model goes by its own name and hides with its own mask', () => {
  const text = format('mlm', [BERT]);
  const info = { ...text.model.info, model_type: 'roberta', mask_token: '<mask>' };
  const roberta = { ...text, model: { ...text.model, info } };
  expect(into(roberta)).toEqual([['<mask>']]);
  expect(diagramOf(roberta, 2, '').model).toBe('RoBERTa');
});

test('a special token cannot be masked: the first other one is', () => {
  const { blocks } = diagramOf(format('mlm', [BERT]), 0, '');
  expect(blocks[0]!.map((row) => row.token)).toEqual(['[CLS]', '[MASK]', 'rain', '##ed', '[SEP]']);
});

test('GPT: start, delimiter and extract (figure 1 of its paper)', () => {
  const [a, b, c] = ['a', 'b', 'c'].map((name) => [token(name)]) as [FormatToken[], FormatToken[], FormatToken[]];
  const blocks = (name: Format, ...texts: FormatToken[][]): string[] =>
    diagramOf(format(name, texts, 'left-to-right'), 0, '').blocks.map((rows) => rows.map((row) => row.token).join(' '));
  expect(blocks('lm', a)).toEqual(['a']);
  expect(blocks('gpt-classification', a)).toEqual(['‹Start› a ‹Extract›']);
  expect(blocks('gpt-entailment', a, b)).toEqual(['‹Start› a ‹Delim› b ‹Extract›']);
  expect(blocks('gpt-similarity', a, b)).toEqual(['‹Start› a ‹Delim› b ‹Extract›', '‹Start› b ‹Delim› a ‹Extract›']);
  expect(blocks('gpt-choice', a, b, c)).toEqual(['‹Start› a ‹Delim› b ‹Extract›', '‹Start› a ‹Delim› c ‹Extract›']);
  const heads = into(format('gpt-similarity', [a, b], 'left-to-right'));
  expect(heads).toEqual([
    ['a', 'b', 'b', 'a'],
    ['‹Extract›', '‹Extract›'],
  ]);
});

test('of a long text a part is drawn, the masked token in it', () => {
  const long = [token('[CLS]'), ...Array.from({ length: 60 }, (_, at) => token(`w${at}`)), token('[SEP]')];
  const { blocks } = diagramOf(format('mlm', [long]), 30, '');
  const names = blocks[0]!.map((row) => (row.cut ? '…' : row.token));
  expect(names).toEqual(['[CLS]', 'w0', 'w1', 'w2', 'w3', 'w4', 'w5', '…', '[MASK]', '…', 'w59', '[SEP]']);
});

test('every format can be drawn on a phone and on a desk', () => {
  for (const name of FORMATS) {
    const gpt = FORMATS.indexOf(name) >= FORMATS.indexOf('lm');
    const texts = gpt ? [[token('a')], [token('b')]] : [PAIR];
    for (const width of [300, 1200]) {
      const drawing = draw(diagramOf(format(name, texts, gpt ? 'left-to-right' : 'both'), 1, name), width);
      expect(drawing.width).toBeLessThanOrEqual(width);
      expect(drawing.shapes.length).toBeGreaterThan(10);
    }
  }
});
