/** What is set on the view `tokenizer`. */
import type { Schema } from '../../state.js';

/** What is set on the view. */
export interface TokenizerState {
  /** The word that is cut step by step: where it begins in the text. */
  at: number;
  /** How many steps are shown. */
  cut: number;
}

/** Its keys in links. */
export const tokenizerSchema = {
  at: { kind: 'number', default: 0, min: 0, max: 1_000_000, whole: true },
  cut: { kind: 'number', default: 0, min: 0, max: 100_000, whole: true },
} as const satisfies Schema<TokenizerState>;
