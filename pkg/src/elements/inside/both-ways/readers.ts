/** Five answers to one gap: from one side, from the other, from both pasted together, and from both read at once. */
import type { FillMaskPipeline } from '../../../index.js';
import type { Stretch } from '../stretches.js';
import type { Asked, InsideModel, ModelKey } from '../view.js';

/** Who reads, in the order in which they are shown. */
export const READERS = ['gpt', 'left', 'right', 'pasted', 'both'] as const;

/** Who reads. */
export type Reader = (typeof READERS)[number];

/** A word for the gap. */
export interface Answer {
  /** For people: without the blank that a piece may begin with. */
  readonly word: string;
  readonly probability: number;
}

/** What one reader says. */
export interface Reading {
  readonly reader: Reader;
  /** What it sees of the text: `…` for what is hidden from it. */
  readonly sees: string;
  /** Likeliest first, at most {@link MOST}; empty where it sees nothing. */
  readonly answers: readonly Answer[];
}

/** What the view computes. */
export interface BothWaysResult {
  readonly text: string;
  readonly readings: readonly Reading[];
  /** Whose answers they are. */
  readonly encoder: string;
  readonly decoder: string;
}

/** What stands for the gap on this screen, whatever the model calls it. */
export const GAP = '[MASK]';

/** Answers of each reader that are looked at; beyond them probabilities are too small to matter. */
export const MOST = 1000;

/** The models that answer: the reader's own in the place of the page's of its kind. */
export const needs = (chosen: ModelKey): readonly ModelKey[] => [...new Set<ModelKey>([chosen, 'bert', 'gpt'])];

/** Asks all readers. */
export async function read(
  { state, chosen, model, signal, tell }: Asked,
  say: (reader: Reader) => string,
): Promise<BothWaysResult> {
  const given = model(chosen);
  const encoder = given.info.heads.includes('mlm') ? given : model('bert');
  const decoder = given.info.heads.includes('lm') ? given : model('gpt');
  const [before = '', after = ''] = state.text.split(GAP);
  const sees: Record<Reader, string> = {
    gpt: before.trimEnd(),
    left: before.trimEnd(),
    right: after.trimStart(),
    pasted: '',
    both: state.text,
  };
  const pipe = await encoder.pipeline('fill-mask');
  try {
    const answers: Record<Reader, Answer[]> = { gpt: [], left: [], right: [], pasted: [], both: [] };
    for (const reader of ['gpt', 'left', 'right', 'both'] as const) {
      // Who has nothing to read knows no more than how often a word stands anywhere.
      if (sees[reader] === '') continue;
      tell(say(reader));
      answers[reader] =
        reader === 'gpt' ? await continued(decoder, sees.gpt, signal) : await filled(pipe, state.text, reader, signal);
    }
    const { left, right } = answers;
    // To one who read nothing all words are alike.
    answers.pasted = left.length > 0 && right.length > 0 ? pasted(left, right) : [...left, ...right];
    const readings = READERS.map((reader) => ({ reader, sees: sees[reader], answers: answers[reader] }));
    return { text: state.text, readings, encoder: encoder.name, decoder: decoder.name };
  } finally {
    pipe.dispose();
  }
}

async function continued(model: InsideModel, before: string, signal: AbortSignal): Promise<Answer[]> {
  const guesses = await model.inspect.next_token(before, { top_k: Math.min(MOST, model.info.vocab_size), signal });
  return guesses.map(({ token, probability }) => ({ word: token.trim() || token, probability }));
}

async function filled(
  pipe: FillMaskPipeline,
  text: string,
  context: 'left' | 'right' | 'both',
  signal: AbortSignal,
): Promise<Answer[]> {
  const asked = text.replace(GAP, pipe.info.mask_token ?? GAP);
  const { masks } = await pipe.predict(asked, { top_k: Math.min(MOST, pipe.info.vocab_size), context, signal });
  // Of several masks the gap is the one that stands in the text.
  return (masks[0]?.candidates ?? []).map(({ token_str, score }) => ({
    word: token_str.trim() || token_str,
    probability: score,
  }));
}

/** The answers of two that know nothing of each other, multiplied and brought back to a sum of 1. */
export function pasted(left: readonly Answer[], right: readonly Answer[]): Answer[] {
  const other = new Map(right.map(({ word, probability }) => [word, probability]));
  const both = left.flatMap(({ word, probability }) => {
    const also = other.get(word);
    return also === undefined ? [] : [{ word, probability: probability * also }];
  });
  const sum = both.reduce((all, { probability }) => all + probability, 0);
  return both
    .map(({ word, probability }) => ({ word, probability: probability / sum }))
    .sort((a, b) => b.probability - a.probability);
}

/** Where a word stands among the answers: its rank is 0 where it is none of them. */
export interface Place {
  readonly word: string;
  readonly probability: number;
  readonly rank: number;
}

/** Where a word stands among the answers; case does not count where the model knows none. */
export function placeOf(word: string, answers: readonly Answer[]): Place {
  const same = (letters: string): number => answers.findIndex((answer) => answer.word === letters);
  const exact = same(word);
  const at = exact >= 0 ? exact : same(word.toLowerCase());
  return { word, probability: answers[at]?.probability ?? 0, rank: at + 1 };
}

/** The text with its gap at another word, and the word that stood there; `filler` goes where the gap was. */
export function moveGap(text: string, { start, end }: Stretch, filler: string): { text: string; answer: string } {
  const answer = text.slice(start, end);
  const moved = `${text.slice(0, start)}\u0000${text.slice(end)}`;
  return { text: moved.replaceAll(GAP, () => filler).replace('\u0000', () => GAP), answer };
}
