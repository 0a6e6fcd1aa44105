/** The Train screen in English. */
import { fineTune } from './train/fine-tune.js';
import { frame } from './train/frame.js';
import { modelChoice } from './train/model-choice.js';
import { scratch } from './train/scratch.js';

/** The words of the Train screen in English. */
export const train = { fineTune, frame, modelChoice, scratch };
