/** What is set on the view `both-ways`. */
import type { Schema } from '../../state.js';

/** What is set on the view. */
export interface BothWaysState {
  /** The word that stood in the gap; empty where nobody knows. */
  answer: string;
}

/** Its keys in links. */
export const bothWaysSchema = {
  answer: { kind: 'text', default: '' },
} as const satisfies Schema<BothWaysState>;
