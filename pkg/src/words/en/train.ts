/** The Train screen in English. */
import { frame } from './train/frame.js';
import { scratch } from './train/scratch.js';

/** The words of the Train screen in English. */
export const train = { frame, scratch };
