/** What the reader typed: examples as text, one a line, in each of BERT's four formats. */

/** BERT's formats: one sentence, two, a tag for each word, a span of a text. */
export const FORMATS = ['sentence', 'pair', 'tagging', 'span'] as const;

/** One of {@link FORMATS}. */
export type Format = (typeof FORMATS)[number];

/** A heading and the examples below it, one a line. */
export interface Heading {
  readonly label: string;
  readonly text: string;
}

/** Everything typed; what belongs to the other formats stays where it is. */
export interface Draft {
  readonly format: Format;
  readonly sentence: readonly Heading[];
  /** Two parts a line, see {@link partsOf}. */
  readonly pair: readonly Heading[];
  /** A sentence a line; `word/tag` where the tag is not `untagged`. */
  readonly tagging: string;
  /** The tag of words that bear none. */
  readonly untagged: string;
  /** Question, text and answer a line, see {@link partsOf}. */
  readonly span: string;
  /** Where the examples of a format come from, in words; empty for the reader's own. */
  readonly source: Readonly<Record<Format, string>>;
  /** The table that the examples of a format were taken from; empty for none. */
  readonly table: Readonly<Record<Format, string>>;
  /** Inputs to try, which are none of the examples. */
  readonly tries: Readonly<Record<Format, readonly string[]>>;
  /** What stands in the box to try the model with. */
  readonly attempt: Readonly<Record<Format, string>>;
}

/** Nothing typed: two headings without a name. */
export const EMPTY: Draft = {
  format: 'sentence',
  sentence: [
    { label: '', text: '' },
    { label: '', text: '' },
  ],
  pair: [
    { label: '', text: '' },
    { label: '', text: '' },
  ],
  tagging: '',
  untagged: 'O',
  span: '',
  source: { sentence: '', pair: '', tagging: '', span: '' },
  table: { sentence: '', pair: '', tagging: '', span: '' },
  tries: { sentence: [], pair: [], tagging: [], span: [] },
  attempt: { sentence: '', pair: '', tagging: '', span: '' },
};

/** Formats whose examples stand under headings. */
export const hasHeadings = (format: Format): format is 'sentence' | 'pair' =>
  format === 'sentence' || format === 'pair';

/** Whether nothing of a format was typed yet. */
export const isBlank = (draft: Draft, format: Format): boolean =>
  hasHeadings(format)
    ? draft[format].every(({ label, text }) => label.trim() === '' && text.trim() === '')
    : draft[format].trim() === '';

/** A text as one line. */
export const oneLine = (text: string): string => text.replace(/\s+/gu, ' ').trim();

/** Parts of a line. Tabs part it, as in what is copied from a spreadsheet; where there is none, `|` does. */
export const partsOf = (line: string): string[] =>
  line.split(line.includes('\t') ? '\t' : '|').map((part) => part.trim());

/** The line of which {@link partsOf} makes these parts. */
export function lineOf(parts: readonly string[]): string {
  const flat = parts.map(oneLine);
  return flat.join(flat.some((part) => part.includes('|')) ? '\t' : ' | ');
}

/** Lines that are not blank, with their numbers from 1. */
export const linesOf = (text: string): { readonly line: string; readonly number: number }[] =>
  text
    .split(/\r?\n/u)
    .map((line, at) => ({ line: line.trim(), number: at + 1 }))
    .filter(({ line }) => line !== '');

/** A tagged sentence as it is typed. */
export const taggedLine = (words: readonly string[], labels: readonly string[], untagged: string): string =>
  words
    .map((word, at) => {
      const label = labels[at] ?? untagged;
      return label === untagged && !word.includes('/') ? word : `${word}/${label}`;
    })
    .join(' ');

/** Words and tags of a typed sentence. */
export function taggedWords(line: string, untagged: string): { words: string[]; labels: string[] } {
  const words: string[] = [];
  const labels: string[] = [];
  for (const piece of line.split(/\s+/u)) {
    const [, word, label] = /^(.+)\/([^/]+)$/u.exec(piece) ?? [];
    words.push(word ?? piece);
    labels.push(label ?? untagged);
  }
  return { words, labels };
}
