/** What is typed and set on the TL;DR screen. */
import type { Schema } from '../state.js';

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

/** Its keys in links. The ranges are narrower than the core's. */
export const summarizeSchema = {
  document: { kind: 'text', default: '' },
  cue: { kind: 'text', default: '\\nTL;DR:' },
  truncation: { kind: 'choice', default: 'tail', of: PARTS },
  sentences: { kind: 'number', default: 3, min: 1, max: 10, whole: true },
  // Following four texts and taking the most probable keeps more of the document in so small a model's summaries.
  num_beams: { kind: 'number', default: 4, min: 1, max: 16, whole: true },
  // Drawing from the two likeliest, as the paper did, costs so small a model much of the sense.
  top_k: { kind: 'number', default: 1, min: 0, max: 1000, whole: true },
  max_new_tokens: { kind: 'number', default: 100, min: 1, max: 500, whole: true },
  seed: { kind: 'seed', default: null },
} as const satisfies Schema<SummarizeState>;
