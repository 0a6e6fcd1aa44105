/** What a model makes of each token of several sentences. */
import { visibleSpaces } from '../../format.js';
import { cutIn } from '../../token-bytes.js';
import type { Reads, TokenProbability } from '../../../index.js';
import type { Asked, InsideModel } from '../view.js';
import type { SurpriseState } from './schema.js';

/** A token with how much it surprises. */
export interface Scored {
  /** As it stands in the sentence. */
  readonly text: string;
  /** As in the vocabulary. */
  readonly token: string;
  /** In the sentence, in UTF-16 units. */
  readonly start: number;
  readonly end: number;
  /** -log2 of its probability; NaN where nothing stands before it. */
  readonly bits: number;
  /** 1: the model's first guess; 0 where nothing stands before it. */
  readonly rank: number;
  /** What was expected, likeliest first. */
  readonly top: readonly TokenProbability[];
}

/** A sentence with how much it surprises. */
export interface Sentence {
  readonly text: string;
  readonly tokens: readonly Scored[];
  /** Of a model that reads both ways, the pseudo-perplexity; null where no token can be expected. */
  readonly perplexity: number | null;
  readonly total: number;
  readonly perByte: number | null;
}

/** What the view computes. */
export interface SurpriseResult {
  readonly reads: Reads;
  /** In the order of the text. */
  readonly sentences: readonly Sentence[];
}

/** Lines that are no sentences are left out. */
export const sentencesOf = (text: string): string[] =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean);

/** What is told of how far it is. */
export interface Telling {
  sentence(number: number, of: number, share: number): string;
  tokens(scored: number): string;
}

/** Scores each line of the text. */
export async function score({ state, chosen: key, model, signal, tell }: Asked, say: Telling): Promise<SurpriseResult> {
  const texts = sentencesOf(state.text);
  const chosen = model(key);
  if (chosen.info.reads === 'both') {
    let scored = 0;
    const heard = (tokens: number): void => tell(say.tokens((scored += tokens)));
    return { reads: 'both', sentences: await maskEach(chosen, texts, signal, heard) };
  }
  const sentences: Sentence[] = [];
  for (const [index, text] of texts.entries()) {
    tell(say.sentence(index + 1, texts.length, 0));
    const { tokens, bits, ranks, top, perplexity, total_bits, bits_per_byte } = await chosen.inspect.surprisal(text, {
      signal,
      on_progress: ({ done, total }) => tell(say.sentence(index + 1, texts.length, done / total)),
    });
    const scored = tokens.flatMap(({ token, start, end, special }, at) =>
      special
        ? []
        : [{ text: text.slice(start, end), token, start, end, bits: bits[at]!, rank: ranks[at]!, top: top[at]! }],
    );
    sentences.push({ text, tokens: scored, perplexity, total: total_bits, perByte: bits_per_byte });
  }
  return { reads: 'left-to-right', sentences };
}

/** Each token masked in turn; the masked copies of all sentences share batches. */
async function maskEach(
  model: InsideModel,
  texts: readonly string[],
  signal: AbortSignal,
  heard: (tokens: number) => void,
): Promise<Sentence[]> {
  const pipe = await model.pipeline('fill-mask');
  try {
    const scored = await pipe.pseudo_perplexity(texts, { signal, on_tokens: ({ length }) => heard(length) });
    return scored.map(({ perplexity, tokens }, index) => {
      const text = texts[index]!;
      const each = tokens.map(({ token_str, start, end, log_prob, rank, top }) => {
        const bits = -log_prob / Math.LN2;
        return { text: text.slice(start, end), token: token_str, start, end, bits, rank, top };
      });
      const total = each.reduce((sum, { bits }) => sum + bits, 0);
      return { text, tokens: each, perplexity, total, perByte: total / new TextEncoder().encode(text).length };
    });
  } finally {
    pipe.dispose();
  }
}

/** The sentences with their places in the text, the least surprising one first. */
export function ranked(
  sentences: readonly Sentence[],
  order: SurpriseState['order'],
): { readonly sentence: Sentence; readonly index: number }[] {
  const placed = sentences.map((sentence, index) => ({ sentence, index }));
  if (order === 'text') return placed;
  const key = { perplexity: 'perplexity', total: 'total', bytes: 'perByte' } as const;
  const value = ({ sentence }: { sentence: Sentence }): number => sentence[key[order]] ?? Infinity;
  return placed.sort((a, b) => value(a) - value(b) || a.index - b.index);
}

/** Whether a token follows the one before without a blank; the offsets of byte-level tokens begin with theirs. */
export const joins = (tokens: readonly Scored[], at: number): boolean =>
  at > 0 && tokens[at - 1]!.end === tokens[at]!.start && !/^\s/u.test(tokens[at]!.text);

/** A token as it is shown: without the blank before it, or with blanks made visible where it is nothing else. */
export function shown({ text, token }: Scored): string {
  const cut = cutIn(token, text);
  return cut === undefined ? text.trim() || visibleSpaces(text) || token : `${visibleSpaces(cut)} → ${text.trim()}`;
}

/** Surprise as a share of what is shaded darkest. */
export const SHADES = 8;
export const DARKEST = 12;

/** Which of the shades, 0 to {@link SHADES}. */
export const shadeOf = (bits: number): number =>
  Number.isNaN(bits) ? 0 : Math.round(Math.min(1, bits / DARKEST) * SHADES);
