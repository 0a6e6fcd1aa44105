/** Chinese: the Inside screen. */
import type { inside as english } from '../en/inside.js';
import { attention } from './inside/attention.js';
import { bothWays } from './inside/both-ways.js';
import { frame, models, save } from './inside/frame.js';
import { input } from './inside/input.js';
import { layers } from './inside/layers.js';
import { masking } from './inside/masking.js';
import { surprise } from './inside/surprise.js';
import { tokenizer } from './inside/tokenizer.js';

export const inside: typeof english = {
  attention,
  frame,
  input,
  layers,
  models,
  save,
  surprise,
  bothWays,
  tokenizer,
  masking,
};
