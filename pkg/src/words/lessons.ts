/** The words of the lessons, of the view on the Train screen and of the teacher's page. They are fetched with these. */
import { bert } from './en/lessons/bert.js';
import { chat } from './en/lessons/chat.js';
import { elmo } from './en/lessons/elmo.js';
import { fineTuning } from './en/lessons/fine-tuning.js';
import { frame } from './en/lessons/frame.js';
import { gpt } from './en/lessons/gpt.js';
import { xlnet } from './en/lessons/xlnet.js';

export type { LessonWords, StepWords } from './en/lessons/lesson.js';

/** The words in the page's language. */
export const lessonWords = { frame, gpt, bert, elmo, xlnet, 'fine-tuning': fineTuning, chat };
