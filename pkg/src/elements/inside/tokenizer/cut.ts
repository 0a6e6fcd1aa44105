/** How a tokenizer comes to the pieces of a word, as steps that can be walked through. */
import type { Tokenization, TokenizedWord } from '../../../index.js';

/** A piece as it stands at some step: certain, just looked at, or still to be cut. */
export interface Piece {
  readonly text: string;
  readonly state: 'done' | 'now' | 'rest';
}

/** What a step did. */
export type Deed =
  | { readonly kind: 'start' }
  | { readonly kind: 'try'; readonly piece: string; readonly found: boolean }
  | { readonly kind: 'symbols'; readonly bytes: boolean }
  | { readonly kind: 'merge'; readonly left: string; readonly right: string; readonly rank: number }
  | { readonly kind: 'stay' }
  | {
      readonly kind: 'weigh';
      readonly piece: string;
      readonly score: number;
      readonly total: number;
      readonly best: boolean;
    }
  | { readonly kind: 'path' }
  | { readonly kind: 'whole' }
  | { readonly kind: 'unknown' }
  | { readonly kind: 'hidden' };

/** A step, and how the words stand after it. */
export interface Step {
  readonly deed: Deed;
  readonly pieces: readonly Piece[];
}

/** The words of a text that a stretch of it touches. */
export const wordsAt = ({ words }: Tokenization, start: number, end: number): TokenizedWord[] =>
  words.filter((word) => word.start < end && start < word.end);

/** The steps in which words become pieces, one word after the other. The first one changes nothing. */
export function stepsOf(words: readonly TokenizedWord[], byteLevel: boolean): Step[] {
  const steps: Step[] = [{ deed: { kind: 'start' }, pieces: words.map(({ text }) => ({ text, state: 'rest' })) }];
  words.forEach((word, index) => {
    const before = words.slice(0, index).flatMap(({ pieces }) => done(pieces));
    const after = words.slice(index + 1).map(({ text }): Piece => ({ text, state: 'rest' }));
    for (const { deed, pieces } of stepsOfWord(word, byteLevel))
      steps.push({ deed, pieces: [...before, ...pieces, ...after] });
  });
  return steps;
}

const done = (pieces: readonly string[]): Piece[] => pieces.map((text) => ({ text, state: 'done' }));
const now = (text: string): Piece => ({ text, state: 'now' });

function stepsOfWord(word: TokenizedWord, byteLevel: boolean): Step[] {
  const { pieces, added, shown, tried, symbols, lattice } = word;
  const all = done(pieces);
  if (added) return [{ deed: { kind: 'whole' }, pieces: all }];
  if (!shown) return [{ deed: { kind: 'hidden' }, pieces: all }];
  if (tried.length > 0) return triedSteps(word);
  if (symbols.length > 0) return mergeSteps(word, byteLevel);
  if (lattice.length > 0) return latticeSteps(word);
  return [{ deed: { kind: 'whole' }, pieces: all }];
}

/** WordPiece: the longest piece first; the first piece that is looked for after one that was found is all that is left. */
function triedSteps({ tried, pieces }: TokenizedWord): Step[] {
  const found: string[] = [];
  let rest = '';
  const steps = tried.map(({ piece, found: there }, at): Step => {
    if (at === 0 || tried[at - 1]!.found) rest = piece;
    const left = rest.slice(piece.length);
    const behind: Piece[] = left === '' ? [] : [{ text: left, state: 'rest' }];
    const shown = [...done(found), now(piece), ...behind];
    if (there) found.push(piece);
    return { deed: { kind: 'try', piece, found: there }, pieces: shown };
  });
  // A rest of which no beginning is known makes the whole word unknown.
  const unknown = found.join() !== pieces.join();
  return [...steps, ...(unknown ? [{ deed: { kind: 'unknown' } as const, pieces: done(pieces) }] : [])];
}

/** BPE: single symbols, then the pair that was learned first, again and again. */
function mergeSteps({ symbols, merges }: TokenizedWord, byteLevel: boolean): Step[] {
  const begin: Step = { deed: { kind: 'symbols', bytes: byteLevel }, pieces: done(symbols) };
  if (merges.length === 0) return [begin, { deed: { kind: 'stay' }, pieces: done(symbols) }];
  return [
    begin,
    ...merges.map(({ left, right, rank, at, pieces_after }): Step => ({
      deed: { kind: 'merge', left, right, rank },
      pieces: pieces_after.map((text, index) => ({ text, state: index === at ? 'now' : 'done' })),
    })),
  ];
}

/** Unigram: at each place the best way that leads there is kept; the way to the end is gone back. */
function latticeSteps({ text, lattice, pieces }: TokenizedWord): Step[] {
  const steps = lattice.map(({ start, end, piece, score, total, best }): Step => {
    const before: Piece[] = start === 0 ? [] : [{ text: text.slice(0, start), state: 'rest' }];
    const behind: Piece[] = end === text.length ? [] : [{ text: text.slice(end), state: 'rest' }];
    return { deed: { kind: 'weigh', piece, score, total, best }, pieces: [...before, now(piece), ...behind] };
  });
  return [...steps, { deed: { kind: 'path' }, pieces: done(pieces) }];
}
