/** The words of the lessons, of the view on the Train screen and of the teacher's page. They are fetched with these. */
import { lessons } from './en/lessons.js';
import { translated } from './language.js';

export type { LessonWords, StepWords } from './en/lessons/lesson.js';

/** The shape of every language. */
export type AllLessonWords = typeof lessons;

/** The words in the page's language. */
export const lessonWords: AllLessonWords = translated<AllLessonWords>(lessons, {
  zh: async () => (await import('./zh/lessons.js')).lessons,
});
