/**
 * `cloze/lessons`: the lessons of the Train screen as data, for pages that show them in their own way.
 *
 * @module
 */
import { lessonTranslations, lessonWords, type LessonWords } from './words/lessons.js';

export type { LessonWords, StepWords } from './words/lessons.js';

/** A lesson's name, as it stands in links and in exported answers. */
export type LessonName = 'gpt' | 'bert' | 'elmo' | 'xlnet' | 'fine-tuning' | 'chat';

/** Where on the Train screen a step is done. */
export interface LessonPlace {
  readonly view: 'scratch' | 'tune' | 'chat';
  /** Settings as they stand in links; left out where the run at hand goes on. */
  readonly set?: string;
}

/** A lesson. */
export interface Lesson {
  readonly name: LessonName;
  /** How long it takes with a small model on two cores. */
  readonly minutes: number;
  readonly places: readonly [LessonPlace, LessonPlace, LessonPlace, LessonPlace, LessonPlace];
  readonly words: LessonWords;
}

const scratch = (set?: string): LessonPlace => ({ view: 'scratch', ...(set && { set }) });
const tune = (set?: string): LessonPlace => ({ view: 'tune', ...(set && { set }) });
const chat: LessonPlace = { view: 'chat' };
const run = (settings: string): LessonPlace => scratch(`size-small ${settings}`);

/** What the answers to a lesson's question are sorted by; the reader says which is nearest. */
export const CAUSES = ['data', 'model', 'person', 'lookup', 'fault', 'unsure'] as const;

/** One of {@link CAUSES}. */
export type Cause = (typeof CAUSES)[number];

/** What the reader chooses between. */
export const CAUSE_WORDS: Readonly<Record<Cause, string>> = lessonWords.frame.causes;

/** The lessons, in the order of the models' history but for GPT, which is the easiest to begin with. */
export const LESSONS: readonly Lesson[] = [
  {
    name: 'gpt',
    minutes: 25,
    places: [run('architecture-gpt text-oz'), scratch(), scratch(), run('architecture-gpt text-countries'), scratch()],
    words: lessonWords.gpt,
  },
  {
    name: 'bert',
    minutes: 30,
    places: [
      run('architecture-bert text-oz'),
      scratch(),
      scratch(),
      run('architecture-bert text-countries'),
      scratch(),
    ],
    words: lessonWords.bert,
  },
  {
    name: 'elmo',
    minutes: 20,
    places: [run('architecture-elmo text-oz'), scratch(), scratch(), scratch(), scratch()],
    words: lessonWords.elmo,
  },
  {
    name: 'xlnet',
    minutes: 30,
    places: [run('architecture-xlnet text-oz'), scratch(), run('architecture-bert text-oz'), scratch(), scratch()],
    words: lessonWords.xlnet,
  },
  {
    name: 'fine-tuning',
    minutes: 20,
    places: [tune(), tune(), tune(), tune(), tune()],
    words: lessonWords['fine-tuning'],
  },
  { name: 'chat', minutes: 30, places: [chat, chat, chat, chat, chat], words: lessonWords.chat },
];

/** The lessons in another language, and what the reader chooses between in it. */
export async function lessonsIn(language: keyof typeof lessonTranslations): Promise<{
  lessons: readonly Lesson[];
  causes: Readonly<Record<Cause, string>>;
}> {
  const words = await lessonTranslations[language]();
  return { lessons: LESSONS.map((lesson) => ({ ...lesson, words: words[lesson.name] })), causes: words.frame.causes };
}
