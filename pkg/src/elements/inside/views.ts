/** The views by their names. */
import { attention } from './attention/view.js';
import { bothWays } from './both-ways/view.js';
import { input } from './input/view.js';
import { layers } from './layers/view.js';
import { masking } from './masking/view.js';
import type { ViewName } from './schema.js';
import { surprise } from './surprise/view.js';
import { tokenizer } from './tokenizer/view.js';
import type { InsideView } from './view.js';

/** Each view. */
export const VIEW = {
  attention,
  input,
  layers,
  surprise,
  'both-ways': bothWays,
  tokenizer,
  masking,
} as unknown as Readonly<Record<ViewName, InsideView<never>>>;
