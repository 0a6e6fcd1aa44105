/** What is set on the view `masking`. */
import { MOST_SEED, type Schema } from '../../state.js';

/** What is set on the view. */
export interface MaskingState {
  /** Decides what is drawn. */
  seed: number;
  /** How far the game is: so many tokens are replaced; one more than there are: the model has answered. */
  stage: number;
}

/** Its keys in links. */
export const maskingSchema = {
  seed: { kind: 'number', default: 1, min: 0, max: MOST_SEED, whole: true },
  stage: { kind: 'number', default: 0, min: 0, max: 1000, whole: true },
} as const satisfies Schema<MaskingState>;
