/** The Inside screen in English. */
import { attention } from './inside/attention.js';
import { frame, models, save } from './inside/frame.js';
import { input } from './inside/input.js';
import { layers } from './inside/layers.js';

/** The words of the Inside screen in English. */
export const inside = { attention, frame, input, layers, models, save };
