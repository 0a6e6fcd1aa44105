/** What is set on the view `input`. */
import type { Schema } from '../../state.js';

/** The formats in which models take texts, for each thing that they learn. */
export const FORMATS = [
  'mlm',
  'nsp',
  'pair-classification',
  'classification',
  'question-answering',
  'tagging',
  'lm',
  'gpt-classification',
  'gpt-entailment',
  'gpt-similarity',
  'gpt-choice',
] as const;

/** Name of a format. */
export type Format = (typeof FORMATS)[number];

/** What is set on the view `input`. */
export interface InputState {
  /** The format that is drawn. */
  format: Format;
}

/** Its keys in links. */
export const inputSchema = {
  format: { kind: 'choice', default: 'mlm', of: FORMATS },
} as const satisfies Schema<InputState>;
