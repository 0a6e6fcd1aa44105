/** What is typed and set on the Classify screen. */
import { LIMITS } from '../../border/core.js';
import { numberField, type Schema } from '../state.js';

/** What makes probabilities of the model's scores, as it is offered. */
export const FUNCTIONS = ['auto', 'softmax', 'sigmoid'] as const;

/** What is typed and set on the Classify screen. */
export interface ClassifyState {
  text: string;
  /** The second text of a pair; empty: there is none. */
  text_pair: string;
  /** How many classes are shown. */
  top_k: number;
  /** What makes probabilities; `auto`: what the model's configuration says. */
  function_to_apply: (typeof FUNCTIONS)[number];
}

/** Its keys in links. */
export const classifySchema = {
  text: { kind: 'text', default: '' },
  text_pair: { kind: 'text', default: '' },
  top_k: numberField(LIMITS['text-classification'].top_k, { max: 100, default: 10 }),
  function_to_apply: { kind: 'choice', default: 'auto', of: FUNCTIONS },
} as const satisfies Schema<ClassifyState>;
