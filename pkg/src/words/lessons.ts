/** The words of the lessons, of the view on the Train screen and of the teacher's page. They are fetched with these. */
import { lessons } from './en/lessons.js';

export type { LessonWords, StepWords } from './en/lessons/lesson.js';

/** The shape of every language. */
export type AllLessonWords = typeof lessons;

/** The words in the page's language, once the view has asked for them to follow it. */
export const lessonWords: AllLessonWords = lessons;

/** The words in other languages. */
export const lessonTranslations = {
  zh: async (): Promise<AllLessonWords> => (await import('./zh/lessons.js')).lessons,
};
