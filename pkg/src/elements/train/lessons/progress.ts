/** How far the reader is in the lessons, and what was answered: kept on this device alone, and given out as a file. */
import { CAUSES, LESSONS, type Cause, type LessonName } from '../../../lessons.js';
import { lessonWords } from '../../../words/lessons.js';
import { csvText } from '../../inside/drawing/save.js';

/** Before the lesson, and after it. */
export type When = 'before' | 'after';

/** An answer to a lesson's question. */
export interface Answer {
  readonly lesson: LessonName;
  readonly when: When;
  readonly text: string;
  readonly cause: Cause;
  /** When it was given, ISO 8601. */
  readonly time: string;
}

/** What is kept. */
interface Kept {
  readonly version: 1;
  readonly code: string;
  readonly answers: readonly Answer[];
  /** Steps that are done, from 0. */
  readonly done: Readonly<Partial<Record<LessonName, readonly number[]>>>;
}

/** Where it is kept: one place for all pages of the origin, as runs are. */
const KEY = 'cloze-lessons';
const NOTHING: Kept = { version: 1, code: '', answers: [], done: {} };

/** What the lessons know of the reader. */
export class Progress {
  #kept: Kept;
  /** Whether this browser keeps it. */
  keeps = true;

  constructor(private readonly storage: () => Storage = () => localStorage) {
    this.#kept = this.#read();
  }

  get code(): string {
    return this.#kept.code;
  }
  get answers(): readonly Answer[] {
    return this.#kept.answers;
  }

  /** Another tab may have written meanwhile. */
  refresh(): void {
    if (this.keeps) this.#kept = this.#read();
  }

  answerTo(lesson: LessonName, when: When): Answer | undefined {
    return this.answers.find((one) => one.lesson === lesson && one.when === when);
  }

  isDone(lesson: LessonName, step: number): boolean {
    return this.#kept.done[lesson]?.includes(step) ?? false;
  }

  doneOf(lesson: LessonName): number {
    return this.#kept.done[lesson]?.length ?? 0;
  }

  /** The first step that is not done; the last one where all are. */
  nextOf(lesson: LessonName): number {
    const open = [0, 1, 2, 3, 4].find((step) => !this.isDone(lesson, step));
    return open ?? 4;
  }

  setCode(code: string): void {
    this.#write({ code });
  }

  /** The first answer counts: one that was changed afterwards would say nothing of before. */
  answer(given: Omit<Answer, 'time'>): void {
    this.refresh();
    if (this.answerTo(given.lesson, given.when)) return;
    this.#write({ answers: [...this.answers, { ...given, time: new Date().toISOString() }] });
  }

  setDone(lesson: LessonName, step: number, done: boolean): void {
    this.refresh();
    const others = (this.#kept.done[lesson] ?? []).filter((one) => one !== step);
    this.#write({ done: { ...this.#kept.done, [lesson]: done ? [...others, step].sort() : others } });
  }

  removeAll(): void {
    this.#write(NOTHING);
  }

  /** The answers as a table: one row each. */
  csv(): string {
    return csvText(lessonWords.frame.columns, this.#rows());
  }

  /** All that is kept, with the questions. */
  json(): string {
    const questions = Object.fromEntries(LESSONS.map(({ name, words }) => [name, words.question]));
    return `${JSON.stringify({ ...this.#kept, questions }, undefined, 2)}\n`;
  }

  #rows(): (string | number)[][] {
    return this.answers.map(({ lesson, when, text, cause, time }) => {
      const { question } = LESSONS.find(({ name }) => name === lesson)!.words;
      return [this.code, lesson, when, question, text, cause, time, this.doneOf(lesson)];
    });
  }

  #read(): Kept {
    try {
      return parsed(this.storage().getItem(KEY)) ?? NOTHING;
    } catch {
      this.keeps = false;
      return NOTHING;
    }
  }

  #write(change: Partial<Kept>): void {
    this.#kept = { ...this.#kept, ...change };
    try {
      this.storage().setItem(KEY, JSON.stringify(this.#kept));
    } catch {
      this.keeps = false;
    }
  }
}

/** What was kept, as far as it is understood: another version of the page may have written it. */
function parsed(text: string | null): Kept | undefined {
  if (text === null) return undefined;
  let given: Partial<Kept> | null;
  try {
    given = JSON.parse(text) as Partial<Kept> | null;
  } catch {
    return undefined;
  }
  if (!given) return undefined;
  const known = (name: unknown): name is LessonName => LESSONS.some((lesson) => lesson.name === name);
  const isAnswer = (one: Partial<Answer> | null): one is Answer =>
    known(one?.lesson) &&
    ['before', 'after'].includes(one!.when!) &&
    typeof one!.text === 'string' &&
    CAUSES.includes(one!.cause!);
  const answers = (Array.isArray(given.answers) ? (given.answers as (Answer | null)[]) : []).filter(isAnswer);
  const done = Object.entries(given.done ?? {}).filter(([name, steps]) => known(name) && Array.isArray(steps));
  return {
    version: 1,
    code: typeof given.code === 'string' ? given.code : '',
    answers,
    done: Object.fromEntries(
      done.map(([name, steps]) => [name, steps!.filter((step) => [0, 1, 2, 3, 4].includes(step))]),
    ),
  };
}
