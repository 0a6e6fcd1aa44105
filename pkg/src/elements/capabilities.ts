/** What a model can do, as far as the screens ask: the one place that says which screens suit it. */
import type { ModelInfo } from '../index.js';

/** What a screen may need of a model. */
export interface Capabilities {
  /** Whether it predicts masked words. */
  readonly mlm: boolean;
  /** Whether it judges next sentences. */
  readonly nsp: boolean;
  /** Whether it writes from left to right. */
  readonly writes: boolean;
}

/** Of a model that was loaded. */
export const capabilitiesOf = ({ heads }: Pick<ModelInfo, 'heads'>): Capabilities => ({
  mlm: heads.includes('mlm'),
  nsp: heads.includes('nsp'),
  writes: heads.includes('lm'),
});

/** Architectures that read in both directions. */
const READS_BOTH_WAYS: ReadonlySet<string> = new Set(['albert', 'bert', 'distilbert', 'roberta']);

/** Architectures that were trained on next sentences. */
const JUDGES_SENTENCES: ReadonlySet<string> = new Set(['bert']);

/** Of a model that was not loaded yet, by the `model_type` of its configuration: what it may be able to do. */
export function capabilitiesOfType(model_type: string): Capabilities {
  const both = READS_BOTH_WAYS.has(model_type);
  return { mlm: both, nsp: JUDGES_SENTENCES.has(model_type), writes: !both };
}
