/**
 * The text of the Fill mask screen: its words, its masks, and what stood where a mask is now.
 * Pure functions over strings; ranges are in UTF-16 units, as everywhere in JavaScript.
 */

import { endsInPart, joinBytes } from '../joined-bytes.js';

/** What else people write for a gap: the other models' token, and lines, as in a school book. */
const GAPS = /\[\s*mask\s*\]|<\s*mask\s*>|(?<![\p{L}\p{N}_＿])(?:_{2,}|＿+)(?![\p{L}\p{N}_＿])/giu;

/** The text with `[MASK]` for all that means one. */
export const withMasks = (text: string): string => text.replace(GAPS, '[MASK]');

/** A mask for behind `before`, with a blank where a word ends there: not in scripts without blanks between words. */
export const maskAfter = (before: string): string =>
  /(?![\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}])[\p{L}\p{N}]$/u.test(before)
    ? ' [MASK]'
    : '[MASK]';

/** Which way the text runs: as its first letter does that is none of a mask's. */
export function direction(text: string): 'ltr' | 'rtl' {
  const [first = ''] = /\p{L}/u.exec(text.replaceAll('[MASK]', '')) ?? [];
  return RIGHT_TO_LEFT.test(first) ? 'rtl' : 'ltr';
}

const RIGHT_TO_LEFT =
  /[\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}\p{Script=Adlam}\p{Script=Samaritan}\p{Script=Mandaic}]/u;

/** A stretch of the text: a word that can be masked, a mask, or what lies between. */
export interface Piece {
  readonly kind: 'word' | 'mask' | 'gap';
  readonly text: string;
  readonly start: number;
  readonly end: number;
  /** For masks: which one, from 0. */
  readonly mask?: number;
}

/** What each mask hides, in the order of the text; null where the mask was typed. */
export type Hidden = readonly (string | null)[];

/** A text and what its masks hide. */
export interface Masked {
  readonly text: string;
  readonly hidden: Hidden;
}

/** Splits a text into words, masks and gaps; the pieces joined give the text again. */
export function pieces(text: string, maskToken = '[MASK]'): Piece[] {
  const result: Piece[] = [];
  let at = 0;
  let mask = 0;
  for (;;) {
    const next = text.indexOf(maskToken, at);
    const end = next < 0 ? text.length : next;
    result.push(...wordsIn(text.slice(at, end), at));
    if (next < 0) return result;
    at = next + maskToken.length;
    result.push({ kind: 'mask', text: maskToken, start: next, end: at, mask: mask++ });
  }
}

// Words of every script, also those written without spaces.
const segmenter =
  typeof Intl.Segmenter === 'function' ? new Intl.Segmenter(undefined, { granularity: 'word' }) : undefined;

function wordsIn(text: string, offset: number): Piece[] {
  const found: Piece[] = [];
  const add = (kind: 'word' | 'gap', part: string, start: number): void => {
    const last = found.at(-1);
    if (kind === 'gap' && last?.kind === 'gap') {
      found[found.length - 1] = { ...last, text: last.text + part, end: start + part.length };
    } else if (part) {
      found.push({ kind, text: part, start, end: start + part.length });
    }
  };
  if (segmenter) {
    for (const part of segmenter.segment(text))
      add(part.isWordLike ? 'word' : 'gap', part.segment, offset + part.index);
    return found;
  }
  let at = 0;
  for (const match of text.matchAll(/[\p{L}\p{M}\p{N}]+(?:['’][\p{L}\p{M}]+)*/gu)) {
    add('gap', text.slice(at, match.index), offset + at);
    add('word', match[0], offset + match.index);
    at = match.index + match[0].length;
  }
  add('gap', text.slice(at), offset + at);
  return found;
}

/** How many masks a text has. */
export const countMasks = (text: string, maskToken = '[MASK]'): number => text.split(maskToken).length - 1;

/** What one mask each hides of a word: all of it, but of a Chinese word a character, as its models have tokens for characters. */
const hiddenBy = (word: string): string[] => (/^\p{Script=Han}+$/u.test(word) ? [...word] : [word]);

/** Masks a word, or puts back what a mask hides; null if nothing is known to put back. */
export function toggle(masked: Masked, piece: Piece, maskToken = '[MASK]'): Masked | null {
  const { text, hidden } = masked;
  const replaceBy = (word: string): string => text.slice(0, piece.start) + word + text.slice(piece.end);
  if (piece.kind === 'word') {
    const before = countMasks(text.slice(0, piece.start), maskToken);
    const parts = hiddenBy(piece.text);
    return {
      text: replaceBy(maskToken.repeat(parts.length)),
      hidden: [...hidden.slice(0, before), ...parts, ...hidden.slice(before)],
    };
  }
  const word = piece.mask === undefined ? null : (hidden[piece.mask] ?? null);
  if (piece.kind !== 'mask' || word === null) return null;
  return { text: replaceBy(word), hidden: hidden.filter((_, index) => index !== piece.mask) };
}

/** Carries what the masks hide over an edit: masks before and after the changed stretch keep it. */
export function carry(masked: Masked, text: string, maskToken = '[MASK]'): Hidden {
  const old = masked.text;
  const limit = Math.min(old.length, text.length);
  let head = 0;
  while (head < limit && old[head] === text[head]) head++;
  let tail = 0;
  while (tail < limit - head && old[old.length - 1 - tail] === text[text.length - 1 - tail]) tail++;
  const before = countMasks(text.slice(0, head), maskToken);
  const after = countMasks(text.slice(text.length - tail), maskToken);
  const total = countMasks(text, maskToken);
  return Array.from({ length: total }, (_, index) => {
    if (index < before) return masked.hidden[index] ?? null;
    const fromEnd = total - index;
    return fromEnd <= after ? (masked.hidden[masked.hidden.length - fromEnd] ?? null) : null;
  });
}

/** A part of a filled sentence: the user's own text, or what fills a mask. */
export interface Part {
  readonly text: string;
  /** Which mask this part fills, from 0. */
  readonly mask?: number;
  /** Whether the mask is filled (false: it still reads `[MASK]`). */
  readonly filled?: boolean;
}

/** A word for a mask, as the core says how it stands in the sentence. */
export interface Fill {
  /** Without `##`, and with a blank of its own only where the text has none before the mask. */
  readonly text: string;
  /** Whether it continues the word before the mask, so that blanks between the two go. */
  readonly joins: boolean;
}

/** The text with its masks filled, in parts, so that the fills can be told from the text. */
export function fill(text: string, fills: readonly (Fill | undefined)[], maskToken = '[MASK]'): Part[] {
  const parts: { -readonly [K in keyof Part]: Part[K] }[] = [];
  text.split(maskToken).forEach((between, index) => {
    if (index > 0) {
      const word = fills[index - 1];
      const last = parts.at(-1);
      if (word?.joins && last && last.mask === undefined) parts[parts.length - 1] = { text: last.text.trimEnd() };
      // Parts of one character, side by side, are that character.
      if (word && last?.filled && endsInPart(last.text)) last.text = joinBytes(last.text + word.text);
      else parts.push({ text: word?.text ?? maskToken, mask: index - 1, filled: word !== undefined });
    }
    if (between) parts.push({ text: between });
  });
  return parts;
}

/** One way to fill all masks. */
export interface Combination<C> {
  /** A candidate for each mask. */
  readonly fills: readonly C[];
  /** The product of the probabilities. */
  readonly score: number;
}

/** The `k` most probable ways to fill all masks, each mask taken on its own. */
export function bestCombinations<C extends { readonly score: number }>(
  masks: readonly (readonly C[])[],
  k: number,
): Combination<C>[] {
  let best: Combination<C>[] = [{ fills: [], score: 1 }];
  for (const candidates of masks) {
    // Keeping k after each mask is exact: a product over a worse beginning is never better.
    best = best
      .flatMap(({ fills, score }) =>
        candidates.map((candidate) => ({ fills: [...fills, candidate], score: score * candidate.score })),
      )
      .sort((a, b) => b.score - a.score)
      .slice(0, k);
  }
  return masks.length === 0 ? [] : best;
}
