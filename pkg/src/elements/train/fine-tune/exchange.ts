/** Examples as files: JSON (also that of the tables to start from) and CSV, both ways. */
import { parseCsv } from './csv.js';
import type { Examples, SentenceExample, TaggedExample } from './data.js';
import { FORMATS, hasHeadings, lineOf, oneLine, taggedLine, type Draft, type Format, type Heading } from './draft.js';

/** Why a file cannot be read: a key of the words. */
export type ImportTrouble = 'no_json' | 'no_format' | 'no_examples' | 'no_columns';

/** A file that is none of ours. */
export class ImportError extends Error {
  constructor(readonly why: ImportTrouble) {
    super(why);
  }
}

/** The columns of CSV. Words and tags are set apart by blanks. */
export const COLUMNS: Readonly<Record<Format, readonly string[]>> = {
  sentence: ['text', 'label'],
  pair: ['text', 'pair', 'label'],
  tagging: ['words', 'labels'],
  span: ['question', 'context', 'answer'],
};

/** The examples as JSON, as {@link readJson} reads it. */
export function jsonText(made: Examples, { source, tries }: Draft): string {
  const [from, attempts] = [source[made.format], tries[made.format]];
  const file = { ...made, ...(from && { source: from }), ...(attempts.length > 0 && { try: attempts }) };
  return JSON.stringify(file, undefined, 1);
}

/** The examples as rows of {@link COLUMNS}, as {@link readCsv} reads them. */
export function csvRows(made: Examples): (readonly string[])[] {
  if (made.format === 'tagging') return made.examples.map(({ words, labels }) => [words.join(' '), labels.join(' ')]);
  if (made.format === 'span')
    return made.examples.map(({ question, context, answer_text }) => [question, context, answer_text]);
  const pair = made.format === 'pair';
  return made.examples.map((one) => [one.text, ...(pair ? [one.pair ?? ''] : []), one.label]);
}

/** The part of a draft that a file fills. */
export type Filled = Pick<Draft, 'format'> & Partial<Draft>;

/** Reads what a file has, by its content. */
export const readFile = (text: string, draft: Draft): Filled =>
  /^\s*[{[]/u.test(text) ? readJson(text, draft) : readCsv(text, draft);

/** Something read, of which nothing is known. */
type Unknown = Readonly<Partial<Record<string, unknown>>>;

/** Reads JSON: an export, or nothing but its list of examples. */
export function readJson(text: string, draft: Draft): Filled {
  let read: unknown;
  try {
    read = JSON.parse(text);
  } catch {
    throw new ImportError('no_json');
  }
  const file = (Array.isArray(read) ? { examples: read } : read) as Unknown;
  return fromData(file, draft);
}

/** The boxes for a table to start from, or an export; `table` is its name. */
export function fromData(data: Unknown, draft: Draft, table = ''): Filled {
  const examples = Array.isArray(data['examples']) ? (data['examples'] as Unknown[]) : [];
  if (examples.length === 0) throw new ImportError('no_examples');
  const format = FORMATS.find((one) => one === data['format']) ?? formatOf(examples[0]!);
  if (!format) throw new ImportError('no_format');
  const read = examples.map((one): Read => {
    if (format === 'tagging') return { words: asTexts(one['words']), labels: asTexts(one['labels']) };
    if (format === 'span') return ['question', 'context', 'answer_text'].map((key) => asText(one[key]));
    return { text: asText(one['text']), pair: asText(one['pair']), label: asText(one['label']) };
  });
  return {
    ...fill(format, read, asTexts(data['labels'])),
    ...beside(draft, format, oneLine(asText(data['source'])), table, asTexts(data['try']).map(oneLine)),
  };
}

/** What belongs to the examples. */
const beside = (draft: Draft, format: Format, source = '', table = '', tries: string[] = []): Partial<Draft> => ({
  source: { ...draft.source, [format]: source },
  table: { ...draft.table, [format]: table },
  tries: { ...draft.tries, [format]: tries },
});

const asText = (value: unknown): string => (typeof value === 'string' ? value : '');
const asTexts = (value: unknown): string[] => (Array.isArray(value) ? value.map(String) : []);

/** The format whose keys an example has. */
function formatOf(example: Unknown): Format | undefined {
  if ('words' in example) return 'tagging';
  if ('question' in example) return 'span';
  if ('pair' in example) return 'pair';
  return 'text' in example ? 'sentence' : undefined;
}

/** Reads CSV whose first row names {@link COLUMNS}, in any order. */
export function readCsv(text: string, draft: Draft): Filled {
  const [head = [], ...rows] = parseCsv(text);
  const names = head.map((name) => name.trim().toLowerCase());
  const format = [...FORMATS].reverse().find((one) => COLUMNS[one].every((name) => names.includes(name)));
  if (!format) throw new ImportError('no_columns');
  const read = rows.map((row): Read => {
    const at = (name: string): string => row[names.indexOf(name)] ?? '';
    const pieces = (name: string): string[] => at(name).split(/\s+/u).filter(Boolean);
    if (format === 'tagging') return { words: pieces('words'), labels: pieces('labels') };
    if (format === 'span') return COLUMNS.span.map(at);
    return { text: at('text'), pair: at('pair'), label: at('label') };
  });
  return { ...fill(format, read), ...beside(draft, format) };
}

/** An example that was read: under a heading, tagged, or the parts of a line. */
type Read = Required<SentenceExample> | TaggedExample | readonly string[];

/** The boxes for these examples. */
function fill(format: Format, examples: readonly Read[], labels: readonly string[] = []): Filled {
  if (examples.length === 0) throw new ImportError('no_examples');
  if (format === 'span') return { format, span: (examples as string[][]).map(lineOf).join('\n') };
  if (hasHeadings(format)) {
    const lines = new Map<string, string[]>(labels.map((label) => [oneLine(label), []]));
    for (const { text, pair, label } of examples as Required<SentenceExample>[]) {
      const heading = oneLine(label);
      if (!lines.has(heading)) lines.set(heading, []);
      lines.get(heading)!.push(format === 'pair' ? lineOf([text, pair]) : oneLine(text));
    }
    return { format, [format]: [...lines].map(([label, of]): Heading => ({ label, text: of.join('\n') })) };
  }
  const tagged = examples as TaggedExample[];
  const untagged = commonest(tagged.flatMap((one) => one.labels)) ?? 'O';
  const typed = tagged.map(({ words, labels: of }) => taggedLine(words, of, untagged));
  return { format, untagged, tagging: typed.join('\n') };
}

function commonest(labels: readonly string[]): string | undefined {
  const counts = new Map<string, number>();
  for (const label of labels) counts.set(label, (counts.get(label) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1])[0]?.[0];
}
