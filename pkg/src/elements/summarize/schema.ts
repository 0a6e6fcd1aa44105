/** What is typed and set on the TL;DR screen. */
import { LIMITS } from '../../border/core.js';
import { numberField, type Schema } from '../state.js';

/** What is typed and set on the TL;DR screen. */
export interface SummarizeState {
  document: string;
  /** What is put after the document; `\n` stands for a line break. */
  cue: string;
  /** Which part of a document that is too long is left out. */
  truncation: 'tail' | 'head' | 'middle';
  /** How many sentences the summary has at most. */
  sentences: number;
  /** Texts followed at once; 1 draws token by token. */
  num_beams: number;
  /** Of how many tokens one is drawn, with 1 beam. */
  top_k: number;
  max_new_tokens: number;
  seed: number | null;
}

/** The parts that can be left out, as they are offered. */
export const PARTS: readonly SummarizeState['truncation'][] = ['tail', 'head', 'middle'];

/** The settings of which different models want different values. */
export type Manner = Pick<SummarizeState, 'sentences' | 'num_beams' | 'top_k'>;

/**
 * For a model that goes on after a cue: following four texts and taking the most probable keeps more of the document in so
 * small a model's summaries, and drawing from the two likeliest, as the paper did, costs it much of the sense.
 */
export const CONTINUED: Manner = { sentences: 3, num_beams: 4, top_k: 1 };

/** For a model that is asked: beams make it copy sentences, and what it says after the first one or two it makes up. */
export const ASKED: Manner = { sentences: 1, num_beams: 1, top_k: 1 };

/** Summaries have the limits of generation besides their own. */
const limits = { ...LIMITS['text-generation'], ...LIMITS.summarization };

/** Its keys in links. Ranges are narrower than the core's where what lies beyond them is of no use. */
export const summarizeSchema = {
  document: { kind: 'text', default: '' },
  cue: { kind: 'text', default: '\\nTL;DR:' },
  truncation: { kind: 'choice', default: 'tail', of: PARTS },
  sentences: numberField(limits.sentences, { default: CONTINUED.sentences, max: 10 }),
  num_beams: numberField(limits.num_beams, { default: CONTINUED.num_beams, max: 16 }),
  top_k: numberField(limits.top_k, { default: CONTINUED.top_k, max: 1000 }),
  max_new_tokens: numberField(limits.max_new_tokens, { max: 500 }),
  seed: { kind: 'seed', default: null },
} as const satisfies Schema<SummarizeState>;
