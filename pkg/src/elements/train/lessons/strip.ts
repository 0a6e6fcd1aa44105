/** The step of a lesson that is being done, shown above the view where it is done. */
import { html, LitElement, nothing, type CSSResultGroup, type TemplateResult } from 'lit';
import { lessonWords } from '../../../words/lessons.js';
import type { Lesson } from '../../../lessons.js';
import { shared } from '../../styles/index.js';
import { styles } from './styles.js';
import { commas } from '../../format.js';

const say = lessonWords.frame;

/** A step, and what can be done with it. */
export interface StripStep {
  readonly lesson: Lesson;
  /** From 0. */
  readonly step: number;
  readonly done: boolean;
  /** Ticks it, and shows the next one. */
  next(): void;
  /** Shows the lesson. */
  back(): void;
  hide(): void;
}

/** The strip. */
export class LessonStrip extends LitElement {
  static override properties = { shown: { attribute: false } };
  static override styles: CSSResultGroup = [shared, styles];

  declare shown: StripStep | undefined;

  /** Takes the reader to it, once it stands there. */
  async show(): Promise<void> {
    await this.updateComplete;
    requestAnimationFrame(() => this.renderRoot.querySelector<HTMLElement>('h3')?.focus());
  }

  protected override render(): TemplateResult {
    if (!this.shown) return html`${nothing}`;
    const { lesson, step, done, next, back, hide } = this.shown;
    const { title, task, look } = lesson.words.steps[step]!;
    const { length } = lesson.words.steps;
    return html`<section class="strip" aria-labelledby="strip-title">
      <p class="small muted">${say.strip(lesson.words.title, step + 1, length)}</p>
      <h3 id="strip-title" tabindex="-1">
        ${title}${done ? html` <span class="tick" aria-hidden="true">✓</span><span class="hidden-text">${commas('', say.done)}</span>` : nothing}
      </h3>
      <p>${task}</p>
      <p><strong>${say.look}.</strong> ${look}</p>
      <div class="row">
        <button type="button" class="primary" @click=${next}>${step + 1 < length ? say.next : say.done}</button>
        <button type="button" @click=${back}>${say.back}</button>
        <button type="button" class="quiet" @click=${hide}>${say.hide}</button>
      </div>
    </section>`;
  }
}
