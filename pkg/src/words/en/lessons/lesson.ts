/** What the words of a lesson are. */

/** A step of a lesson. */
export interface StepWords {
  readonly title: string;
  /** What to do on the screen. */
  readonly task: string;
  /** What to look at, and to think about. */
  readonly look: string;
  /** For the teacher: what to expect as an answer. */
  readonly expect: string;
}

/** The words of a lesson. */
export interface LessonWords {
  readonly title: string;
  /** What one knows afterwards. */
  readonly aim: string;
  /** Asked before and after, in the same words. */
  readonly question: string;
  /** For the teacher: what a good answer has in it. */
  readonly answer: string;
  /** From what is predicted to what went wrong. */
  readonly steps: readonly [StepWords, StepWords, StepWords, StepWords, StepWords];
}
