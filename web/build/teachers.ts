/** Makes the teacher's page, in each language, out of its template and the package's lessons: plain HTML that needs no script. */
import { readFileSync } from 'node:fs';
import type { Plugin } from 'vite';

/** The part of a lesson that is used here. */
export interface LessonPart {
  readonly name: string;
  readonly minutes: number;
  readonly words: {
    readonly title: string;
    readonly aim: string;
    readonly question: string;
    readonly answer: string;
    readonly steps: readonly {
      readonly title: string;
      readonly task: string;
      readonly look: string;
      readonly expect: string;
    }[];
  };
}

const PLACES = ['contents', 'lessons', 'causes', 'styles'] as const;

export function teachers(): Plugin {
  return {
    name: 'cloze-teachers',
    apply: 'build',
    async generateBundle(_, bundle) {
      // Not before the page is built: unit tests read this configuration without a built package.
      const [{ LESSONS, CAUSES, CAUSE_WORDS, lessonsIn }, { tokensText }] = await Promise.all([
        import('cloze/lessons'),
        import('cloze/elements'),
      ]);
      const styles = Object.keys(bundle).filter((file) => file.endsWith('.css'));
      this.emitFile({ type: 'asset', fileName: 'teachers.css', source: `${tokensText}\n${read('teachers.css')}` });
      const chinese = await lessonsIn('zh');
      const emit = (
        fileName: string,
        say: PageWords,
        lessons: readonly LessonPart[],
        words: typeof CAUSE_WORDS,
      ): void => {
        const causes = CAUSES.map((cause): [string, string] => [cause, words[cause]]);
        const contents = { lessons, causes, styles: [...styles, 'teachers.css'] };
        this.emitFile({ type: 'asset', fileName, source: teachersPage(read(fileName), contents, say) });
      };
      emit('teachers.html', ENGLISH, LESSONS, CAUSE_WORDS);
      emit('teachers.zh.html', CHINESE, chinese.lessons, chinese.causes);
    },
  };
}

const read = (name: string): string => readFileSync(new URL(name, import.meta.url), 'utf8');

/** What the page is filled with. */
export interface Contents {
  readonly lessons: readonly LessonPart[];
  readonly causes: readonly (readonly [string, string])[];
  /** Addresses of style sheets. */
  readonly styles: readonly string[];
}

/** What stands around each lesson. */
export interface PageWords {
  readonly minutes: (minutes: number) => string;
  readonly open: string;
  readonly question: string;
  readonly goodAnswer: string;
  readonly stepsOf: (title: string) => string;
  readonly steps: string;
  /** The heads of the table, which name its cells where it is narrow. */
  readonly columns: readonly [step: string, task: string, look: string, expect: string];
}

export const ENGLISH: PageWords = {
  minutes: (minutes) => `About ${minutes} minutes.`,
  open: 'Open this lesson',
  question: 'The question, before and after',
  goodAnswer: 'A good answer.',
  stepsOf: (title) => `Steps of ${title}`,
  steps: 'Five steps',
  columns: ['Step', 'Do', 'Ask', 'Expect'],
};

export const CHINESE: PageWords = {
  minutes: (minutes) => `约${minutes}分钟。`,
  open: '打开这节课',
  question: '课前课后的问题',
  goodAnswer: '好的回答：',
  stepsOf: (title) => `${title}的步骤`,
  steps: '五个步骤',
  columns: ['步骤', '做', '问', '预期'],
};

/** The page with its lessons. */
export function teachersPage(template: string, { lessons, causes, styles }: Contents, say = ENGLISH): string {
  const parts = {
    contents: lessons.map(({ name, words }) => `<li><a href="#lesson-${name}">${escaped(words.title)}</a></li>`),
    lessons: lessons.map((lesson) => lessonSection(lesson, say)),
    causes: causes.map(
      ([name, words]) => `<tr><th scope="row"><code>${escaped(name)}</code></th><td>${escaped(words)}</td></tr>`,
    ),
    styles: styles.map((file) => `<link rel="stylesheet" href="./${file}" />`),
  };
  let page = template;
  for (const place of PLACES) {
    if (!page.includes(`<!-- ${place} -->`)) throw new Error(`teachers.html has no place for ${place}`);
    page = page.replace(`<!-- ${place} -->`, () => parts[place].join('\n'));
  }
  return page;
}

function lessonSection({ name, minutes, words }: LessonPart, say: PageWords): string {
  const [step, task, look, expect] = say.columns;
  const rows = words.steps.map(
    (one, index) => `<tr>
            <th scope="row">${index + 1}. ${escaped(one.title)}</th>
            <td data-name="${task}">${escaped(one.task)}</td>
            <td data-name="${look}">${escaped(one.look)}</td>
            <td data-name="${expect}">${escaped(one.expect)}</td>
          </tr>`,
  );
  return `<section aria-labelledby="lesson-${name}">
        <h2 id="lesson-${name}">${escaped(words.title)}</h2>
        <p>${escaped(words.aim)} <span class="muted">${say.minutes(minutes)}
          <a href="./#task=train&amp;view=lessons&amp;set=lesson-${name}">${say.open}</a></span></p>
        <h3>${say.question}</h3>
        <p class="question">${escaped(words.question)}</p>
        <p><strong>${say.goodAnswer}</strong> ${escaped(words.answer)}</p>
        <div class="scroll" tabindex="0" role="group" aria-label="${escaped(say.stepsOf(words.title))}"><table class="steps">
          <caption>${say.steps}</caption>
          <thead><tr><th scope="col">${step}</th><th scope="col">${task}</th><th scope="col">${look}</th><th scope="col">${expect}</th></tr></thead>
          <tbody>
          ${rows.join('\n          ')}
          </tbody>
        </table></div>
      </section>`;
}

const SIGNS: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const escaped = (text: string): string => text.replace(/[&<>"]/gu, (sign) => SIGNS[sign]!);
