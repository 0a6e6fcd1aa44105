/** Lessons: what to do on runs of the reader's own, one question before and after, and the answers as a file. */
import { html, LitElement, nothing, type CSSResultGroup, type TemplateResult } from 'lit';
import { LESSONS, type Lesson, type LessonName } from '../../../lessons.js';
import { translated } from '../../../words/language.js';
import { lessonTranslations, lessonWords } from '../../../words/lessons.js';
import { commas, labelled, number } from '../../format.js';
import { download } from '../../inside/drawing/save.js';
import { shared } from '../../styles/index.js';
import { factList } from '../../widgets/parts.js';
import { trainRuns, type ListedRun, type TrainRuns } from '../runs.js';
import { tokenLoss, lastEvaluation } from '../scratch/curves.js';
import { loss, standing } from '../scratch/figures.js';
import { readSet, writeSet } from '../set.js';
import type { TrainFrame, TrainView } from '../view.js';
import { noticed, runOf } from './notice.js';
import { Progress, type When } from './progress.js';
import { emptyDraft, renderAnswers, renderForm, type Draft, type QuestionActions } from './question.js';
import { LessonStrip } from './strip.js';
import { styles } from './styles.js';

// The lessons themselves follow no language: pages show them that have none of the elements.
translated(lessonWords, lessonTranslations);
const say = lessonWords.frame;

/** The view. */
export class LessonsView extends LitElement implements TrainView {
  static override styles: CSSResultGroup = [shared, styles];

  declare frame: TrainFrame;

  readonly #progress = new Progress();
  readonly #strip: LessonStrip;
  readonly #drafts = new Map<string, Draft>();
  /** Lessons that were begun without an answer, and when. */
  readonly #skipped = new Map<LessonName, number>();
  #runs: TrainRuns | undefined;
  #unsubscribe: (() => void) | undefined;
  #chosen: LessonName = LESSONS[0]!.name;
  /** The step in the strip. */
  #step: number | undefined;
  #sure = false;

  constructor() {
    super();
    if (!customElements.get('cloze-lesson-strip')) customElements.define('cloze-lesson-strip', LessonStrip);
    this.#strip = document.createElement('cloze-lesson-strip') as LessonStrip;
  }

  takeSet(set: string): void {
    const { lesson } = readSet(set);
    const found = LESSONS.find(({ name }) => name === lesson);
    this.#chosen = found?.name ?? LESSONS[0]!.name;
    this.requestUpdate();
  }

  /** Takes the reader to the first step that is not done. */
  async run({ unasked = false } = {}): Promise<void> {
    if (!unasked) this.#goTo(this.#progress.nextOf(this.#chosen));
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#runs ??= trainRuns(this.frame);
    this.#unsubscribe = this.#runs.subscribe(() => this.#look());
    addEventListener('storage', this.#fromOtherTab);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#unsubscribe?.();
    removeEventListener('storage', this.#fromOtherTab);
  }

  protected override render(): TemplateResult {
    const lesson = this.#lesson;
    return html`<div class="lesson">
      <fieldset class="lessons-list">
        <legend>${say.choose}</legend>
        ${LESSONS.map((one) => this.#renderChoice(one))}
      </fieldset>
      ${this.#progress.keeps ? nothing : html`<p class="caution">${say.notKept}</p>`} ${this.#renderLesson(lesson)}
      ${this.#renderKept()}
    </div>`;
  }

  get #lesson(): Lesson {
    return LESSONS.find(({ name }) => name === this.#chosen)!;
  }

  #renderChoice({ name, minutes, words }: Lesson): TemplateResult {
    const { length } = words.steps;
    return html`<label>
      <input
        type="radio"
        name="lesson"
        value=${name}
        .checked=${this.#chosen === name}
        @change=${() => this.#choose(name)}
      />
      <span
        ><strong>${words.title}</strong>
        <small class="muted"
          >${commas(say.minutes(minutes), say.progress(this.#progress.doneOf(name), length))}</small
        ></span
      >
    </label>`;
  }

  #renderLesson(lesson: Lesson): TemplateResult {
    const { name, words } = lesson;
    const before = this.#progress.answerTo(name, 'before');
    const after = this.#progress.answerTo(name, 'after');
    const begun = before !== undefined || this.#skipped.has(name) || this.#progress.doneOf(name) > 0;
    return html`<section class="part">
        <h3>${words.title}</h3>
        <p>${words.aim}</p>
        <h4>${say.question}</h4>
        <p class="question" id="question-${name}">${words.question}</p>
        ${before && !after ? renderAnswers(lesson, this.#progress) : nothing}
        ${begun ? nothing : this.#renderBefore(lesson)}
      </section>
      ${begun ? html`${this.#renderSteps(lesson)} ${this.#renderAfter(lesson)}` : nothing}`;
  }

  #renderBefore(lesson: Lesson): TemplateResult {
    return html`<p class="small muted">${say.beforeAbout}</p>
      ${renderForm(lesson, 'before', this.#draft(lesson, 'before'), this.#actions(lesson))}`;
  }

  #renderSteps(lesson: Lesson): TemplateResult {
    return html`<section class="part">
      <h3 id="steps" tabindex="-1">${say.steps}</h3>
      ${this.#renderRun(lesson)}
      <ol class="steps">
        ${lesson.words.steps.map((words, step) => {
          const done = this.#progress.isDone(lesson.name, step);
          const { set } = lesson.places[step]!;
          return html`<li class=${done ? 'done' : ''}>
            <h4 id="step-${step}" tabindex="-1">${words.title}</h4>
            <p>${words.task}</p>
            <p class="muted">${words.look}</p>
            <div class="row">
              <button
                type="button"
                aria-label=${labelled(set === undefined ? say.goThere : say.setUp, words.title)}
                @click=${() => this.#goTo(step)}
              >
                ${set === undefined ? say.goThere : say.setUp}
              </button>
              <label class="choice">
                <input
                  type="checkbox"
                  aria-label=${say.isDone(words.title)}
                  .checked=${done}
                  @change=${(event: Event) => {
                    this.#progress.setDone(lesson.name, step, (event.target as HTMLInputElement).checked);
                    this.#update();
                  }}
                />${say.done}
              </label>
            </div>
          </li>`;
        })}
      </ol>
    </section>`;
  }

  /** The reader's own run that the lesson is about, in figures. */
  #renderRun({ name, places }: Lesson): TemplateResult {
    if (places[0].view !== 'scratch') return html`${nothing}`;
    const run = runOf(name, this.#runs?.list ?? []);
    if (!run) return html`<p class="small muted">${say.noRun}</p>`;
    const held = run.history && lastEvaluation(run.history);
    const facts: [string, string][] = [
      [say.yourRun, say.runAt(run.name, number(run.steps), number(run.settings.steps))],
    ];
    if (held && run.history) {
      const stands = run.info && standing(run.info, run.history);
      facts.push([say.heldOut(loss(tokenLoss(held.parts))), stands ? say.under[stands] : '']);
    }
    return factList(facts);
  }

  #renderAfter(lesson: Lesson): TemplateResult {
    const { name, words } = lesson;
    const { length } = words.steps;
    const done = this.#progress.doneOf(name);
    if (this.#progress.answerTo(name, 'after'))
      return html`<section class="part" id="after" tabindex="-1">
        <h3>${say.after}</h3>
        ${renderAnswers(lesson, this.#progress)}
      </section>`;
    return html`<section class="part">
      <h3>${say.after}</h3>
      <p class="question">${words.question}</p>
      <p class="small muted">${done < length ? say.afterEarly(done, length) : say.afterAbout}</p>
      ${renderForm(lesson, 'after', this.#draft(lesson, 'after'), this.#actions(lesson))}
    </section>`;
  }

  #renderKept(): TemplateResult {
    const { answers, code } = this.#progress;
    const save = (blob: Blob, file: string): void => {
      download(blob, file);
      this.frame.announce(say.saved(file));
    };
    const csv = (): void => save(new Blob(['\ufeff', this.#progress.csv()], { type: 'text/csv' }), 'cloze-lessons.csv');
    const json = (): void =>
      save(new Blob([this.#progress.json()], { type: 'application/json' }), 'cloze-lessons.json');
    return html`<section class="answers">
      <h3 id="answers" tabindex="-1">${say.answers}</h3>
      <p class="small muted">${say.answersAbout}</p>
      ${
        answers.length === 0
          ? html`<p>${say.none}</p>`
          : html`${this.#renderTable()}
              <div class="field code">
                <label for="code">${say.code}</label>
                <input
                  type="text"
                  id="code"
                  maxlength="80"
                  .value=${code}
                  @change=${(event: Event) => this.#progress.setCode((event.target as HTMLInputElement).value.trim())}
                />
              </div>
              <div class="row">
                <button type="button" @click=${csv}>${say.csv}</button>
                <button type="button" @click=${json}>${say.json}</button>
                ${this.#sure ? nothing : html`<button type="button" class="quiet" id="remove" @click=${() => this.#ask(true)}>${say.remove}</button>`}
              </div>`
      }
      ${
        this.#sure
          ? html`<div class="row" role="group" aria-label=${say.remove}>
              <p>${say.sure}</p>
              <button type="button" @click=${() => this.#remove()}>${say.yes}</button>
              <button type="button" id="no" @click=${() => this.#ask(false)}>${say.no}</button>
            </div>`
          : nothing
      }
    </section>`;
  }

  #renderTable(): TemplateResult {
    const titles = new Map(LESSONS.map(({ name, words }) => [name, words.title]));
    return html`<div class="scroll" tabindex="0" role="group" aria-label=${say.table}>
      <table>
        <caption class="hidden-text">
          ${say.table}
        </caption>
        <thead>
          <tr>
            <th scope="col">${say.lesson}</th>
            <th scope="col">${say.when}</th>
            <th scope="col">${say.answer}</th>
          </tr>
        </thead>
        <tbody>
          ${this.#progress.answers.map(
            ({ lesson, when, text }) =>
              html`<tr>
                <th scope="row">${titles.get(lesson)}</th>
                <td>${when === 'before' ? say.answeredBefore : say.answeredAfter}</td>
                <td dir="auto">${text}</td>
              </tr>`,
          )}
        </tbody>
      </table>
    </div>`;
  }

  // ---- what is done -----------------------------------------------------------------------------------------------

  #choose(name: LessonName): void {
    this.#chosen = name;
    this.frame.setChanged('lessons', this.#set);
    this.#look();
    this.#update();
  }

  #draft({ name }: Lesson, when: When): Draft {
    const key = `${name} ${when}`;
    const draft = this.#drafts.get(key) ?? emptyDraft();
    this.#drafts.set(key, draft);
    return draft;
  }

  #actions({ name }: Lesson): QuestionActions {
    return {
      change: () => this.requestUpdate(),
      keep: (when, { text, cause }) => {
        this.#progress.answer({ lesson: name, when, text: text.trim(), cause: cause! });
        this.frame.announce(say.kept);
        this.#look();
        // The form goes: the reader is taken to what comes in its place.
        this.#update(when === 'before' ? '#steps' : '#after');
      },
      skip: () => {
        this.#skipped.set(name, Date.now());
        this.#update('#steps');
      },
    };
  }

  /** Shows where a step is done, with the step above it. */
  #goTo(step: number): void {
    const { view, set } = this.#lesson.places[step]!;
    this.#step = step;
    this.#updateStrip();
    this.frame.turnTo(view, set);
    void this.#strip.show();
  }

  #next(): void {
    const step = this.#step ?? 0;
    this.#progress.setDone(this.#chosen, step, true);
    if (step + 1 < this.#lesson.words.steps.length) this.#goTo(step + 1);
    else this.#back();
    this.#update();
  }

  #back(): void {
    const step = this.#step;
    this.#step = undefined;
    this.#updateStrip();
    this.frame.turnTo('lessons', this.#set);
    this.#update(step === undefined ? '#steps' : `#step-${step}`);
  }

  /** What stands in the address. */
  get #set(): string {
    return this.#chosen === LESSONS[0]!.name ? '' : writeSet({ lesson: this.#chosen });
  }

  /** What the runs show to be done is ticked. */
  #look(): void {
    const { name, words } = this.#lesson;
    const begun = this.#begun(name);
    if (begun !== undefined)
      for (const step of noticed(name, this.#runsSince(begun))) {
        if (this.#progress.isDone(name, step)) continue;
        this.#progress.setDone(name, step, true);
        this.frame.announce(say.noticed(step + 1, words.steps[step]!.title));
      }
    this.#update();
  }

  /** When the lesson was begun, ms since 1970. */
  #begun(name: LessonName): number | undefined {
    const answer = this.#progress.answerTo(name, 'before');
    return answer ? Date.parse(answer.time) : this.#skipped.get(name);
  }

  /** Runs from before the lesson are none of its steps. */
  #runsSince(time: number): readonly ListedRun[] {
    return (this.#runs?.list ?? []).filter(({ saved }) => !saved || saved.created >= time);
  }

  #updateStrip(): void {
    if (this.#step === undefined) return this.frame.setAside(undefined);
    const lesson = this.#lesson;
    this.#strip.shown = {
      lesson,
      step: this.#step,
      done: this.#progress.isDone(lesson.name, this.#step),
      next: () => this.#next(),
      back: () => this.#back(),
      hide: () => {
        this.#step = undefined;
        this.#updateStrip();
      },
    };
    this.frame.setAside(this.#strip);
  }

  #ask(sure: boolean): void {
    this.#sure = sure;
    this.#update(sure ? '#no' : '#remove');
  }

  #remove(): void {
    this.#progress.removeAll();
    this.#drafts.clear();
    this.#skipped.clear();
    this.#sure = false;
    this.frame.announce(say.removed);
    this.#update('#answers');
  }

  readonly #fromOtherTab = (event: StorageEvent): void => {
    if (event.key !== 'cloze-lessons' && event.key !== null) return;
    this.#progress.refresh();
    this.#update();
  };

  /** Draws anew; focus goes to what took the place of the control that was used. */
  #update(focus?: string): void {
    this.requestUpdate();
    if (this.#step !== undefined) this.#updateStrip();
    if (focus === undefined) return;
    // Shown again, it is not before the frame is drawn.
    requestAnimationFrame(() => this.renderRoot.querySelector<HTMLElement>(focus)?.focus());
  }
}
