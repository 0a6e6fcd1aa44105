/**
 * The texts to train on and the tables to start fine-tuning from that come with the package. Nothing of them is fetched
 * before it is asked for. training/texts.py makes them.
 */
import { absolute } from '../border/addresses.js';
import { aborted, ClozeError } from '../border/errors.js';
import { ownDataWords as say } from '../words/own-data.js';
import type { LabelledTexts, LabelledWords, Questions, TuneSettings } from './core-types.js';

/** What all of them have. */
interface OwnFile<Name extends string> {
  readonly name: Name;
  /** Length of the file. */
  readonly bytes: number;
  /** Where it lies. */
  readonly url: () => string;
  readonly title: string;
  /** What it is, in a sentence or two. */
  readonly about: string;
}

/** The name of a text. */
export type TextName = keyof typeof say.texts;

/** A text in the public domain: documents divided by two blank lines, paragraphs by one. */
export interface OwnText extends OwnFile<TextName> {
  readonly author: string;
  /** Edition and licence. */
  readonly credit: string;
}

/** The name of a table. */
export type TableName = keyof typeof say.tables;

/** What the examples of a table are. */
export type TableFormat = 'sentence' | 'pair' | 'tagging' | 'span';

/** Examples to start fine-tuning from. */
export interface OwnTable extends OwnFile<TableName> {
  readonly format: TableFormat;
  readonly task: TuneSettings['task'];
  /** What a model reaches on it, and what to look at. */
  readonly expect: string;
}

/** The examples of each table. */
export interface TableData {
  authors: LabelledTexts;
  genres: LabelledTexts;
  follows: LabelledTexts;
  capitals: LabelledWords;
  countries: Questions;
}

/** A table as its file has it: examples for the core, and what a screen needs with them. */
export type TableFile<Name extends TableName = TableName> = TableData[Name] & {
  readonly format: TableFormat;
  /** The share that is to be held back. */
  readonly held_out_share: number;
  /** Authors, works and years. */
  readonly source: string;
  /** Inputs that are not among the examples; two parts are divided by ` | `. */
  readonly try: readonly string[];
};

const text = (name: TextName, bytes: number, url: () => URL): OwnText => ({
  name,
  bytes,
  url: () => absolute(url()),
  // The language may change.
  get title() {
    return say.texts[name].title;
  },
  get author() {
    return say.texts[name].author;
  },
  get about() {
    return say.texts[name].about;
  },
  get credit() {
    return say.texts[name].credit;
  },
});

const TASK = {
  sentence: 'text-classification',
  pair: 'text-classification',
  tagging: 'token-classification',
  span: 'question-answering',
} as const;

const table = (name: TableName, format: TableFormat, bytes: number, url: () => URL): OwnTable => ({
  name,
  format,
  task: TASK[format],
  bytes,
  url: () => absolute(url()),
  get title() {
    return say.tables[name].title;
  },
  get about() {
    return say.tables[name].about;
  },
  get expect() {
    return say.tables[name].expect;
  },
});

// Addresses begin from the built modules in dist/, and are written out so that bundlers find and copy the files.

/** The texts. */
export const TEXTS: readonly OwnText[] = [
  text('grimm', 485_044, () => new URL('./texts/grimm.txt', import.meta.url)),
  text('oz', 427_318, () => new URL('./texts/oz.txt', import.meta.url)),
  text('countries', 242_185, () => new URL('./texts/countries.txt', import.meta.url)),
];

/** The tables. */
export const TABLES: readonly OwnTable[] = [
  table('authors', 'sentence', 47_670, () => new URL('./texts/tables/authors.json', import.meta.url)),
  table('genres', 'sentence', 51_066, () => new URL('./texts/tables/genres.json', import.meta.url)),
  table('follows', 'pair', 63_732, () => new URL('./texts/tables/follows.json', import.meta.url)),
  table('capitals', 'tagging', 70_019, () => new URL('./texts/tables/capitals.json', import.meta.url)),
  table('countries', 'span', 78_337, () => new URL('./texts/tables/countries.json', import.meta.url)),
];

/** A text. @throws ClozeError `network`, `aborted` */
export const loadText = (name: TextName, signal?: AbortSignal): Promise<string> =>
  fetched(
    TEXTS.find((one) => one.name === name)!,
    (response) => response.text(),
    signal,
  );

/** The examples of a table. @throws ClozeError `network`, `aborted` */
export const loadTable = <Name extends TableName>(name: Name, signal?: AbortSignal): Promise<TableFile<Name>> =>
  fetched(
    TABLES.find((one) => one.name === name)!,
    (response) => response.json() as Promise<TableFile<Name>>,
    signal,
  );

async function fetched<T>(
  file: OwnFile<string>,
  read: (response: Response) => Promise<T>,
  signal?: AbortSignal,
): Promise<T> {
  const url = file.url();
  try {
    const response = await fetch(url, signal ? { signal } : {});
    if (!response.ok) throw new Error(`${response.status} ${response.statusText}`);
    return await read(response);
  } catch (cause) {
    if (signal?.aborted) throw aborted('Loading');
    throw new ClozeError('network', say.notFetched(file.title), { url }, { cause });
  }
}
