/** The Train screen in English. */
import { chatSteps } from './train/chat-steps.js';
import { fineTune } from './train/fine-tune.js';
import { frame } from './train/frame.js';
import { keeping } from './train/keeping.js';
import { lessons } from './train/lessons.js';
import { modelChoice } from './train/model-choice.js';
import { run } from './train/run.js';
import { scratch } from './train/scratch.js';

/** The words of the Train screen in English. */
export const train = { chatSteps, fineTune, frame, keeping, lessons, modelChoice, run, scratch };
