import { expect, test } from 'vitest';
import { csvText } from '../../inside/drawing/save.js';
import { parseCsv } from './csv.js';
import { examplesOf } from './data.js';
import { EMPTY, lineOf, partsOf, type Draft } from './draft.js';
import { COLUMNS, csvRows, fromData, type ImportError, jsonText, readFile } from './exchange.js';

const lines = (...all: string[]): string => all.join('\n');
const draft = (given: Partial<Draft>): Draft => ({ ...EMPTY, ...given });

const SENTENCES = draft({
  sentence: [
    { label: 'praise', text: lines('Lovely.', '', ' Good, "very" good ', '=SUM, they said', 'Lovely.') },
    { label: 'blame', text: lines('Bad.', 'Awful; really', 'No | no') },
  ],
});

test('one example a line, blanks left out, repeated ones once', () => {
  const { examples, repeated, troubles } = examplesOf(SENTENCES);
  expect(troubles).toEqual([]);
  expect(repeated).toBe(1);
  expect(examples).toEqual({
    format: 'sentence',
    labels: ['praise', 'blame'],
    examples: [
      { text: 'Lovely.', label: 'praise' },
      { text: 'Good, "very" good', label: 'praise' },
      { text: '=SUM, they said', label: 'praise' },
      { text: 'Bad.', label: 'blame' },
      { text: 'Awful; really', label: 'blame' },
      { text: 'No | no', label: 'blame' },
    ],
  });
});

test('what is wrong is said of the box that it stands in', () => {
  const troubles = (given: Partial<Draft>) => examplesOf(draft(given)).troubles;
  expect(troubles({})).toEqual([{ at: 'sentence-0', why: 'no_examples' }]);
  expect(
    troubles({
      sentence: [
        { label: '', text: lines('a', 'b', 'c') },
        { label: 'x', text: lines('d', 'e') },
        { label: 'x ', text: 'f' },
      ],
    }),
  ).toEqual([
    { at: 'sentence-label-0', why: 'no_label' },
    { at: 'sentence-label-2', why: 'same_label', label: 'x' },
    { at: 'sentence-2', why: 'too_few', found: 1, needed: 2 },
  ]);
  expect(
    troubles({
      sentence: [
        { label: 'x', text: lines('a', 'b') },
        { label: '', text: '' },
      ],
    }),
  ).toEqual([{ at: 'sentence-1', why: 'one_heading' }]);
  expect(troubles({ format: 'tagging', tagging: lines('a b', 'c', 'd', 'e', 'f') })).toEqual([
    { at: 'tagging', why: 'one_tag' },
  ]);
  expect(troubles({ format: 'span', span: lines('Who? | It was Ann. | Bob', 'Who? | Ann', 'Who? |  | Ann') })).toEqual([
    { at: 'span', why: 'not_in_text', line: 1, answer: 'Bob' },
    { at: 'span', why: 'parts', line: 2, found: 2, needed: 3 },
    { at: 'span', why: 'empty_part', line: 3 },
  ]);
});

test('the parts of a line come back, also with the sign that parts them', () => {
  for (const parts of [
    ['a', 'b'],
    ['a | b', 'c'],
    ['a', 'b', 'c d'],
  ])
    expect(partsOf(lineOf(parts))).toEqual(parts);
  expect(partsOf('a|b')).toEqual(['a', 'b']);
});

test('tags stand behind a stroke, the last one of a word', () => {
  const { examples } = examplesOf(draft({ format: 'tagging', tagging: 'and/or/X in Rome/PLACE' }));
  expect(examples.examples).toEqual([{ words: ['and/or', 'in', 'Rome'], labels: ['X', 'O', 'PLACE'] }]);
});

const ALL: readonly Draft[] = [
  SENTENCES,
  draft({
    format: 'pair',
    pair: [
      { label: 'follows', text: lines('It rained. | We got wet.', 'a | b') },
      { label: 'does not', text: lines('It rained.\tA | B', 'c | d', 'e | f') },
    ],
  }),
  draft({
    format: 'tagging',
    untagged: 'leave',
    tagging: lines('he/Capital came home/stop', 'we and/or/leave he', 'a b', 'c d', 'e f'),
  }),
  draft({
    format: 'span',
    span: lines('Who? | It was Ann, "she" said. | Ann', 'a | b c | c', 'd | e f | f', 'g | h i | i', 'j | k | k'),
  }),
];

test.each(ALL)('$format: what was exported is imported', (given) => {
  const made = examplesOf(given);
  expect(made.troubles).toEqual([]);
  for (const text of [jsonText(made.examples, given), csvText(COLUMNS[given.format], csvRows(made.examples))]) {
    const { format, ...filled } = readFile(text, EMPTY);
    expect(format).toBe(given.format);
    expect(examplesOf({ ...EMPTY, format, ...filled }).examples).toEqual(made.examples);
  }
});

test('the examples of a table fill the boxes', () => {
  const { examples, labels } = examplesOf(SENTENCES).examples as never;
  expect(fromData({ labels, examples }, EMPTY).format).toBe('sentence');
  expect(fromData({ labels: ['x', 'none'], examples: [{ text: 'a', label: 'x' }] }, EMPTY).sentence).toEqual([
    { label: 'x', text: 'a' },
    { label: 'none', text: '' },
  ]);
});

test('CSV of other programs', () => {
  expect(parseCsv('\ufefftext;label\r\n"a ""b""\r\nc";x\r\n\r\nd;"y"')).toEqual([
    ['text', 'label'],
    ['a "b"\r\nc', 'x'],
    ['d', 'y'],
  ]);
  expect(readFile('Label,Text\nx,a\ny,b', EMPTY).sentence).toEqual([
    { label: 'x', text: 'a' },
    { label: 'y', text: 'b' },
  ]);
});

test('files that are none of ours are refused with the reason', () => {
  const why = (text: string): string => {
    try {
      readFile(text, EMPTY);
      return 'read';
    } catch (error) {
      return (error as ImportError).why;
    }
  };
  expect(['{', '[]', '{"examples": [{"x": 1}]}', 'a,b\n1,2', 'text,label', ''].map(why)).toEqual([
    'no_json',
    'no_examples',
    'no_format',
    'no_columns',
    'no_examples',
    'no_columns',
  ]);
});
