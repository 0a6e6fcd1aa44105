/** What a model can do, as far as the screens ask: the one place that says which screens suit it. */
import { ARCHITECTURES, type Architecture } from '../border/core.js';
import type { ModelInfo } from '../index.js';

/** What a screen may need of a model. */
export interface Capabilities {
  /** Whether it predicts masked words. */
  readonly mlm: boolean;
  /** Whether it judges next sentences. */
  readonly nsp: boolean;
  /** Whether it writes from left to right. */
  readonly writes: boolean;
  /** Whether it finds answers in a text. */
  readonly answers: boolean;
  /** Whether it puts texts into classes. */
  readonly classifies: boolean;
  /** Whether it puts tokens into classes. */
  readonly tags: boolean;
}

/** Of a model that was loaded. */
export const capabilitiesOf = ({ heads }: Pick<ModelInfo, 'heads'>): Capabilities => ({
  mlm: heads.includes('mlm'),
  nsp: heads.includes('nsp'),
  writes: heads.includes('lm'),
  answers: heads.includes('qa'),
  classifies: heads.includes('sequence-classification'),
  tags: heads.includes('token-classification'),
});

/** Of a model that was not loaded yet, by the `model_type` of its configuration: what it may be able to do. */
export function capabilitiesOfType(model_type: string): Capabilities {
  const { heads, reads } = ARCHITECTURES.get(model_type) ?? UNKNOWN;
  return { ...capabilitiesOf({ heads: [...heads] }), writes: reads === 'left-to-right' };
}

/** What is not known here counts as a model that writes; loading it says that it is not run. */
const UNKNOWN: Architecture = { heads: ['lm'], reads: 'left-to-right', chats: false };
