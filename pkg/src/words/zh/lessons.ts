/** Chinese: the lessons. */
import type { lessons as english } from '../en/lessons.js';
import { bert } from './lessons/bert.js';
import { chat } from './lessons/chat.js';
import { elmo } from './lessons/elmo.js';
import { fineTuning } from './lessons/fine-tuning.js';
import { frame } from './lessons/frame.js';
import { gpt } from './lessons/gpt.js';
import { xlnet } from './lessons/xlnet.js';

export const lessons: typeof english = { frame, gpt, bert, elmo, xlnet, 'fine-tuning': fineTuning, chat };
