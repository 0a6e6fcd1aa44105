/** What a model is given to learn from, made of what was typed; and what is wrong with it, beside the box it stands in. */
import { hasHeadings, linesOf, partsOf, taggedWords, type Draft, type Format, type Heading } from './draft.js';

/** An example of each format. */
export interface SentenceExample {
  readonly text: string;
  /** The second text of a pair. */
  readonly pair?: string;
  readonly label: string;
}
export interface TaggedExample {
  readonly words: readonly string[];
  readonly labels: readonly string[];
}
export interface SpanExample {
  readonly question: string;
  readonly context: string;
  /** Where the answer begins in `context`, in UTF-16 units. */
  readonly answer_start: number;
  readonly answer_text: string;
}

/** All examples; their kind is the format's. */
export type Examples =
  | {
      readonly format: 'sentence' | 'pair';
      readonly labels: readonly string[];
      readonly examples: readonly SentenceExample[];
    }
  | { readonly format: 'tagging'; readonly labels: readonly string[]; readonly examples: readonly TaggedExample[] }
  | { readonly format: 'span'; readonly examples: readonly SpanExample[] };

/** Why something that was typed cannot be learnt from: a key of the words, and what they are about. */
export type Trouble =
  | { readonly at: string; readonly why: 'no_label' | 'no_examples' | 'one_heading' | 'one_tag' }
  | { readonly at: string; readonly why: 'same_label'; readonly label: string }
  | { readonly at: string; readonly why: 'too_few'; readonly found: number; readonly needed: number }
  | {
      readonly at: string;
      readonly why: 'parts';
      readonly line: number;
      readonly found: number;
      readonly needed: number;
    }
  | { readonly at: string; readonly why: 'empty_part'; readonly line: number }
  | { readonly at: string; readonly why: 'not_in_text'; readonly line: number; readonly answer: string };

/** What was made of a draft. */
export interface Made {
  readonly examples: Examples;
  /** Examples that stand there more than once; they count once, so that none is both learnt and held back. */
  readonly repeated: number;
  readonly troubles: readonly Trouble[];
}

/** With fewer under a heading, none can be both learnt from and held back. */
export const LEAST_OF_LABEL = 2;
/** With fewer in all, nothing is held back. */
export const LEAST = 5;

/** The examples of the draft's format. */
export function examplesOf(draft: Draft): Made {
  const { format } = draft;
  if (hasHeadings(format)) return ofHeadings(format, draft[format]);
  return format === 'tagging' ? tagged(draft) : spans(draft.span);
}

/** How many examples a text has. */
export const countOf = (text: string): number => linesOf(text).length;

function ofHeadings(format: 'sentence' | 'pair', headings: readonly Heading[]): Made {
  const troubles: Trouble[] = [];
  const seen = new Set<string>();
  const examples: SentenceExample[] = [];
  let repeated = 0;
  const used = headings.map((heading, at) => ({ ...heading, at })).filter(isUsed);
  if (used.length < 2) {
    const at = used.length === 0 ? 0 : headings.findIndex((heading) => !isUsed(heading));
    troubles.push({ at: idOf(format, at < 0 ? 0 : at), why: used.length === 0 ? 'no_examples' : 'one_heading' });
  }
  const labels: string[] = [];
  for (const { label: typed, text, at } of used) {
    const label = typed.trim();
    if (label === '') troubles.push({ at: labelId(format, at), why: 'no_label' });
    else if (labels.includes(label)) troubles.push({ at: labelId(format, at), why: 'same_label', label });
    else labels.push(label);
    let found = 0;
    for (const { line, number } of linesOf(text)) {
      const parts = format === 'sentence' ? [line] : partsOf(line);
      const trouble = partsTrouble(idOf(format, at), number, parts, format === 'sentence' ? 1 : 2);
      if (trouble) troubles.push(trouble);
      else if (seen.has(JSON.stringify(parts))) repeated += 1;
      else {
        seen.add(JSON.stringify(parts));
        found += 1;
        examples.push({ text: parts[0]!, ...(parts.length > 1 && { pair: parts[1]! }), label });
      }
    }
    if (found < LEAST_OF_LABEL) troubles.push({ at: idOf(format, at), why: 'too_few', found, needed: LEAST_OF_LABEL });
  }
  return finished({ format, labels, examples }, repeated, troubles, idOf(format, 0));
}

const isUsed = ({ label, text }: Heading): boolean => label.trim() !== '' || text.trim() !== '';

function tagged({ tagging, untagged }: Draft): Made {
  const tag = untagged.trim() || 'O';
  const seen = new Set<string>();
  const examples: TaggedExample[] = [];
  let repeated = 0;
  for (const { line } of linesOf(tagging)) {
    if (seen.has(line)) repeated += 1;
    else examples.push(taggedWords(line, tag));
    seen.add(line);
  }
  const labels = [...new Set(examples.flatMap((one) => one.labels))].sort();
  const troubles: Trouble[] = [];
  if (examples.length > 0 && labels.length < 2) troubles.push({ at: 'tagging', why: 'one_tag' });
  return finished({ format: 'tagging', labels, examples }, repeated, troubles, 'tagging');
}

function spans(text: string): Made {
  const troubles: Trouble[] = [];
  const seen = new Set<string>();
  const examples: SpanExample[] = [];
  let repeated = 0;
  for (const { line, number } of linesOf(text)) {
    const parts = partsOf(line);
    const [question = '', context = '', answer_text = ''] = parts;
    const answer_start = context.indexOf(answer_text);
    const trouble = partsTrouble('span', number, parts, 3);
    if (trouble) troubles.push(trouble);
    else if (answer_start < 0) troubles.push({ at: 'span', why: 'not_in_text', line: number, answer: answer_text });
    else if (seen.has(line)) repeated += 1;
    else examples.push({ question, context, answer_start, answer_text });
    seen.add(line);
  }
  return finished({ format: 'span', examples }, repeated, troubles, 'span');
}

function partsTrouble(at: string, line: number, parts: readonly string[], needed: number): Trouble | undefined {
  if (parts.length !== needed) return { at, why: 'parts', line, found: parts.length, needed };
  return parts.includes('') ? { at, why: 'empty_part', line } : undefined;
}

function finished(examples: Examples, repeated: number, troubles: Trouble[], at: string): Made {
  const found = examples.examples.length;
  if (troubles.length === 0 && found === 0) troubles.push({ at, why: 'no_examples' });
  if (troubles.length === 0 && found < LEAST) troubles.push({ at, why: 'too_few', found, needed: LEAST });
  return { examples, repeated, troubles };
}

/** The id of the box of a heading's examples. */
export const idOf = (format: Format, at: number): string => `${format}-${at}`;

/** The id of the box of its name. */
export const labelId = (format: Format, at: number): string => `${format}-label-${at}`;
