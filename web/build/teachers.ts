/** Makes the teacher's page out of its template and the package's lessons: plain HTML that needs no script. */
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
      const [{ LESSONS, CAUSES, CAUSE_WORDS }, { tokensText }] = await Promise.all([
        import('cloze/lessons'),
        import('cloze/elements'),
      ]);
      const styles = Object.keys(bundle).filter((file) => file.endsWith('.css'));
      this.emitFile({ type: 'asset', fileName: 'teachers.css', source: `${tokensText}\n${read('teachers.css')}` });
      const causes = CAUSES.map((cause): [string, string] => [cause, CAUSE_WORDS[cause]]);
      const page = teachersPage(read('teachers.html'), {
        lessons: LESSONS,
        causes,
        styles: [...styles, 'teachers.css'],
      });
      this.emitFile({ type: 'asset', fileName: 'teachers.html', source: page });
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

/** The page with its lessons. */
export function teachersPage(template: string, { lessons, causes, styles }: Contents): string {
  const parts = {
    contents: lessons.map(({ name, words }) => `<li><a href="#lesson-${name}">${escaped(words.title)}</a></li>`),
    lessons: lessons.map(lessonSection),
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

function lessonSection({ name, minutes, words }: LessonPart): string {
  const rows = words.steps.map(
    ({ title, task, look, expect }, step) => `<tr>
            <th scope="row">${step + 1}. ${escaped(title)}</th>
            <td data-name="Do">${escaped(task)}</td>
            <td data-name="Ask">${escaped(look)}</td>
            <td data-name="Expect">${escaped(expect)}</td>
          </tr>`,
  );
  return `<section aria-labelledby="lesson-${name}">
        <h2 id="lesson-${name}">${escaped(words.title)}</h2>
        <p>${escaped(words.aim)} <span class="muted">About ${minutes} minutes.
          <a href="./#task=train&amp;view=lessons&amp;set=lesson-${name}">Open this lesson</a></span></p>
        <h3>The question, before and after</h3>
        <p class="question">${escaped(words.question)}</p>
        <p><strong>A good answer.</strong> ${escaped(words.answer)}</p>
        <div class="scroll" tabindex="0" role="group" aria-label="Steps of ${escaped(words.title)}"><table class="steps">
          <caption>Five steps</caption>
          <thead><tr><th scope="col">Step</th><th scope="col">Do</th><th scope="col">Ask</th><th scope="col">Expect</th></tr></thead>
          <tbody>
          ${rows.join('\n          ')}
          </tbody>
        </table></div>
      </section>`;
}

const SIGNS: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const escaped = (text: string): string => text.replace(/[&<>"]/gu, (sign) => SIGNS[sign]!);
