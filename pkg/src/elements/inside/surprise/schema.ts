/** What is set on the view `surprise`. */
import type { Schema } from '../../state.js';

/** By what sentences are ranked, as it is offered. */
export const ORDERS = ['perplexity', 'total', 'bytes', 'text'] as const;

/** What is set on the view. */
export interface SurpriseState {
  /** By what the sentences are ranked. */
  order: (typeof ORDERS)[number];
  /** The sentence whose token is looked at, from 0, in the order of the text. */
  sentence: number;
}

/** Its keys in links. */
export const surpriseSchema = {
  order: { kind: 'choice', default: 'perplexity', of: ORDERS },
  sentence: { kind: 'number', default: 0, min: 0, max: 999, whole: true },
} as const satisfies Schema<SurpriseState>;
