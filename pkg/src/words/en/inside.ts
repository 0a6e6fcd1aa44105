/** The Inside screen in English. */
import { attention } from './inside/attention.js';
import { frame, models, save } from './inside/frame.js';

/** The words of the Inside screen in English. */
export const inside = { attention, frame, models, save };
