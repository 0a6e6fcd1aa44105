/** The Train screen in English. */
import { frame } from './train/frame.js';
import { lessons } from './train/lessons.js';
import { run } from './train/run.js';
import { scratch } from './train/scratch.js';

/** The words of the Train screen in English. */
export const train = { lessons, frame, run, scratch };
