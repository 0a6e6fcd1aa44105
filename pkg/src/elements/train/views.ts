/** The views of the Train screen by their names. One that has no row yet is not offered. */
import { trainWords } from '../../words/train.js';
import type { TrainViewName } from './schema.js';
import type { TrainViewRow } from './view.js';

/** Each view. */
export const TRAIN_VIEW: Readonly<Partial<Record<TrainViewName, TrainViewRow>>> = {
  scratch: {
    words: trainWords.scratch,
    tag: 'cloze-train-scratch',
    fetch: async () => (await import('./scratch/view.js')).ScratchView,
  },
  tune: {
    words: trainWords.fineTune,
    tag: 'cloze-train-fine-tune',
    fetch: async () => (await import('./fine-tune/view.js')).FineTuneView,
  },
  chat: {
    words: trainWords.chatSteps,
    tag: 'cloze-train-chat-steps',
    fetch: async () => (await import('./chat-steps/view.js')).ChatStepsView,
  },
  lessons: {
    words: trainWords.lessons,
    tag: 'cloze-train-lessons',
    fetch: async () => (await import('./lessons/view.js')).LessonsView,
  },
};
