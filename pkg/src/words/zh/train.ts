/** Chinese: the Train screen. */
import type { train as english } from '../en/train.js';
import { chatSteps } from './train/chat-steps.js';
import { fineTune } from './train/fine-tune.js';
import { frame } from './train/frame.js';
import { keeping } from './train/keeping.js';
import { lessons } from './train/lessons.js';
import { modelChoice } from './train/model-choice.js';
import { run } from './train/run.js';
import { scratch } from './train/scratch.js';

export const train: typeof english = { chatSteps, fineTune, frame, keeping, lessons, modelChoice, run, scratch };
