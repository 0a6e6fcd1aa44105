/** What goes into the first layer, and a text in the format that a model takes it in for something that it learns. */
import type { InputEmbeddings, NearestToken, TokenInfo } from '../../../index.js';
import { allShown } from '../tokens.js';
import type { Asked, InsideModel } from '../view.js';
import { FORMATS, type Format } from './schema.js';

/** What the view shows. */
export interface InputResult {
  readonly model: InsideModel;
  readonly tokens: readonly TokenInfo[];
  /** The tokens for people. */
  readonly names: readonly string[];
  readonly embeddings: InputEmbeddings;
  /** What is added, and the sum. */
  readonly parts: readonly PartValues[];
  /** The value that is drawn at full strength. */
  readonly scale: number;
  /** The nearest tokens of the vocabulary, by id, as far as they were asked for: a look-up under way, or failed. */
  readonly near: Map<number, readonly NearestToken[] | 'asked' | 'failed'>;
  readonly format: FormattedText;
}

/** The reader's text in a format. */
export interface FormattedText {
  readonly format: Format;
  readonly model: InsideModel;
  /** For people. Of BERT's formats all tokens with the special ones, of GPT's those of each text by itself. */
  readonly texts: readonly (readonly FormatToken[])[];
}

/** A token in a format. */
export interface FormatToken {
  readonly name: string;
  readonly special: boolean;
  /** Which of two texts: 0 or 1. */
  readonly segment: number;
  /** Whether it begins a word. */
  readonly begins: boolean;
}

/** Whether a format is one of GPT's. */
export const isOfGpt = (format: Format): boolean => FORMATS.indexOf(format) >= FORMATS.indexOf('lm');

/** Formats that read two texts. */
const PAIRS: readonly Format[] = [
  ...(['nsp', 'pair-classification', 'question-answering'] as const),
  ...(['gpt-entailment', 'gpt-similarity', 'gpt-choice'] as const),
];

/** Whether a format reads two texts. */
export const readsPair = (format: Format): boolean => PAIRS.includes(format);

/** The model of the page's own that has a format. */
export const ownFor = (format: Format): 'bert' | 'gpt' => (isOfGpt(format) ? 'gpt' : 'bert');

/** Parts of the sum that goes into the first layer. */
export const PARTS = ['token', 'segment', 'position', 'sum'] as const;
export type Part = (typeof PARTS)[number];

/** A part that the model has. */
export interface PartValues {
  readonly part: Part;
  readonly values: Float32Array;
  /** In shares of the scale, -1 to 1. */
  readonly shares: Float32Array;
}

/** One token's vector. */
export const vectorAt = (values: Float32Array, place: number, { hidden_size }: InputEmbeddings): Float32Array =>
  values.subarray(place * hidden_size, (place + 1) * hidden_size);

/** The length of a vector. */
export const norm = (vector: Float32Array): number => Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0));

/** The parts that there are, and the value that all are measured by: nearly the largest, as a few stand out far. */
function measured(embeddings: InputEmbeddings): { parts: PartValues[]; scale: number } {
  const found = PARTS.flatMap((part) => {
    const values = embeddings[part];
    return values ? [{ part, values }] : [];
  });
  const scale = Math.max(...found.map(({ values }) => nearlyLargest(values)));
  const share = (value: number): number => Math.max(-1, Math.min(1, value / scale));
  return { parts: found.map((one) => ({ ...one, shares: one.values.map(share) })), scale };
}

function nearlyLargest(values: Float32Array): number {
  const sizes = values.map(Math.abs).sort();
  return sizes[Math.floor(0.995 * (sizes.length - 1))] || 1;
}

/** Computes what is shown. */
export async function compute(asked: Asked): Promise<InputResult> {
  const { state, chosen, signal } = asked;
  const reader = asked.model(chosen);
  const { text, pair } = state;
  const both = pair.trim() === '' ? {} : { pair };
  const embeddings = await reader.inspect.input_embeddings(text, { ...both, signal });
  const { tokens } = embeddings;
  const format = await formatted(asked);
  return {
    ...{ model: reader, tokens, names: allShown(tokens, { text, pair }) },
    ...{ embeddings, ...measured(embeddings), near: new Map(), format },
  };
}

async function formatted({ state, chosen, model, signal }: Asked): Promise<FormattedText> {
  const { text, pair, format } = state;
  const [own, picked] = [ownFor(format), model(chosen)];
  // The chosen model if it is of that kind, else one of the page's own.
  const reader = (picked.info.reads === 'both') === (own === 'bert') ? picked : model(own);
  const read = async (text: string, second?: string): Promise<FormatToken[]> => {
    const tokens = await reader.inspect.tokenize(text, { ...(second && { pair: second }), signal });
    const names = allShown(tokens, { text, pair: second ?? '' });
    return tokens.map(({ special, sequence, word }, at) => ({
      ...{ name: names[at]!, special, segment: tokens[at]!.type_id || (sequence ?? 0) },
      begins: word === null || tokens[at - 1]?.word !== word || tokens[at - 1]?.sequence !== sequence,
    }));
  };
  const two = (readsPair(format) || format === 'mlm') && pair.trim() !== '';
  if (!isOfGpt(format)) return { format, model: reader, texts: [await read(text, two ? pair : undefined)] };
  const others = readsPair(format) ? pair.split('\n').filter((line) => line.trim() !== '') : [];
  const seconds = format === 'gpt-choice' ? others : others.length > 0 ? [others.join(' ')] : [];
  const texts: FormatToken[][] = [];
  for (const one of [text, ...seconds]) texts.push((await read(one)).filter(({ special }) => !special));
  return { format, model: reader, texts };
}

/**
 * The neighbours of a token, which are looked up when they are first asked for; `arrived` hears that they are there, or
 * that they cannot be had: the model of an older result is let go once another view has no use for it.
 */
export function neighbours(
  { near, model }: InputResult,
  id: number,
  arrived: () => void,
): readonly NearestToken[] | 'asked' | 'failed' {
  const found = near.get(id);
  if (found) return found;
  near.set(id, 'asked');
  model.inspect
    .nearest_tokens([id])
    .then(
      ([list]) => near.set(id, list!),
      () => near.set(id, 'failed'),
    )
    .then(arrived);
  return 'asked';
}
