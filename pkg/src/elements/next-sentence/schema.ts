/** What is typed on the Next sentence screen. */
import type { Schema } from '../state.js';

/** What is typed on the Next sentence screen. */
export interface NextSentenceState {
  a: string;
  b: string;
  /** Further sentences that compete with `b`. */
  candidates: string[];
}

/** Its keys in links. */
export const nextSentenceSchema = {
  a: { kind: 'text', default: '' },
  b: { kind: 'text', default: '' },
  candidates: { kind: 'list', default: [], most: 9 },
} as const satisfies Schema<NextSentenceState>;
