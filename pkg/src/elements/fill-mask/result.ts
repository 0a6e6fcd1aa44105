/** What the Fill mask screen asks of the model, and what comes of it. */
import type { FillMaskPipeline, JointFillOutput, PlacedCandidate, TokenInfo } from '../../index.js';
import { words } from '../state.js';
import { countMasks } from './masking.js';
import type { FillMaskState } from './schema.js';

/** The candidates of one mask. */
export interface MaskTable {
  readonly candidates: readonly PlacedCandidate[];
  /** When the masks are filled one after the other: at which step this one was, from 1. */
  readonly step?: number;
}

/** A result of the Fill mask screen. */
export interface FillMaskResult {
  /** The text that was predicted. */
  readonly text: string;
  readonly masks: readonly MaskTable[];
  /** The steps, when the masks are filled one after the other. */
  readonly joint: JointFillOutput | null;
  readonly tokens: readonly TokenInfo[];
  readonly ms: number;
}

/** Predicts the masks of what is typed. */
export async function predict(
  pipe: FillMaskPipeline,
  state: FillMaskState,
  signal: AbortSignal,
): Promise<FillMaskResult> {
  const { text, top_k, joint: order } = state;
  // The screen says [MASK] whatever the model says.
  const asked = text.replaceAll('[MASK]', pipe.info.mask_token ?? '[MASK]');
  const call = { signal, replace: true };
  if (order !== 'independent' && countMasks(text) > 1) {
    // The steps bring no tokens: those are asked for before.
    const tokens = await pipe.tokenize(asked);
    const start = performance.now();
    const joint = await pipe(asked, { top_k, joint: order, ...call });
    return { text, masks: tablesOf(joint), joint, tokens, ms: performance.now() - start };
  }
  const targets = words(state.targets);
  const asking = targets.length > 0 ? { top_k: targets.length, targets } : { top_k };
  const start = performance.now();
  const { masks, tokens } = await pipe.predict(asked, { ...asking, ...call });
  return { text, masks, joint: null, tokens, ms: performance.now() - start };
}

/** What the model thought of each mask at the step that filled it, in the order of the text. */
const tablesOf = ({ steps }: JointFillOutput): readonly MaskTable[] =>
  steps.map((_, mask) => {
    const at = steps.findIndex((step) => step.mask === mask);
    return { candidates: steps[at]?.candidates ?? [], step: at + 1 };
  });

/** Which candidate of each mask stands in the sentence at first: the one that was filled in, else the likeliest. */
export const firstChoices = ({ masks, joint }: FillMaskResult): number[] =>
  masks.map(({ candidates }, mask) => {
    const step = joint?.steps.find((one) => one.mask === mask);
    return Math.max(0, step ? candidates.findIndex(({ token }) => token === step.token) : 0);
  });
