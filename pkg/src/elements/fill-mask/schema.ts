/** What is typed and set on the Fill mask screen. */
import { LIMITS } from '../../border/core.js';
import { numberField, type Schema } from '../state.js';

/** What is typed and set on the Fill mask screen. */
export interface FillMaskState {
  /** The text, with `[MASK]` where a word is wanted. */
  text: string;
  /** How many candidates each table shows. */
  top_k: number;
  /** How several masks are filled. */
  joint: 'independent' | 'left-to-right' | 'best-first';
  /** Words to compare, with commas; empty: the whole vocabulary competes. */
  targets: string;
}

/** The orders in which several masks are filled, as they are offered. */
export const ORDERS: readonly FillMaskState['joint'][] = ['independent', 'left-to-right', 'best-first'];

/** Its keys in links. */
export const fillMaskSchema = {
  text: { kind: 'text', default: '' },
  // A longer table is no better to read.
  top_k: numberField(LIMITS['fill-mask'].top_k, { max: 50 }),
  joint: { kind: 'choice', default: 'independent', of: ORDERS },
  targets: { kind: 'text', default: '' },
} as const satisfies Schema<FillMaskState>;
