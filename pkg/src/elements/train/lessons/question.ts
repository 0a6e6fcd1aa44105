/** The question of a lesson: asked before and after, each answer given once. */
import { html, nothing, type TemplateResult } from 'lit';
import { CAUSES, type Cause, type Lesson } from '../../../lessons.js';
import { lessonWords } from '../../../words/lessons.js';
import { choice, problemBelow } from '../../widgets/parts.js';
import type { Progress, When } from './progress.js';

const say = lessonWords.frame;

/** What is typed and not kept yet. */
export interface Draft {
  text: string;
  cause: Cause | undefined;
  problem: 'noAnswer' | 'noCause' | undefined;
}

/** An empty one. */
export const emptyDraft = (): Draft => ({ text: '', cause: undefined, problem: undefined });

/** What the question does. */
export interface QuestionActions {
  /** What is typed changed. */
  change(): void;
  /** An answer is to be kept; it is whole. */
  keep(when: When, draft: Draft): void;
  /** The lesson is to begin without an answer. */
  skip(): void;
}

/** The box for an answer, with what it is nearest to once something is typed: offered earlier, it would give answers away. */
export function renderForm(lesson: Lesson, when: When, draft: Draft, actions: QuestionActions): TemplateResult {
  const id = `answer-${when}`;
  const keep = (event: Event): void => {
    event.preventDefault();
    draft.problem = draft.text.trim() === '' ? 'noAnswer' : draft.cause === undefined ? 'noCause' : undefined;
    if (draft.problem) actions.change();
    else actions.keep(when, draft);
  };
  const typed = draft.text.trim() !== '';
  return html`<form class="ask" @submit=${keep}>
    <div class="field">
      <label for=${id}>${say.answer}</label>
      <textarea
        id=${id}
        dir="auto"
        rows="3"
        maxlength="2000"
        .value=${draft.text}
        aria-invalid=${draft.problem === 'noAnswer' ? 'true' : 'false'}
        aria-describedby="question-${lesson.name} ${id}-problem"
        @input=${(event: Event) => {
          draft.text = (event.target as HTMLTextAreaElement).value;
          if (draft.problem === 'noAnswer') draft.problem = undefined;
          actions.change();
        }}
      ></textarea>
      ${problemBelow(id, draft.problem === 'noAnswer' ? say.noAnswer : undefined)}
    </div>
    ${
      typed
        ? html`<fieldset class="field" aria-describedby="cause-${when}-problem">
            <legend>${say.cause}</legend>
            ${CAUSES.map((cause) =>
              choice({
                name: `cause-${when}`,
                label: say.causes[cause],
                checked: draft.cause === cause,
                choose: () => {
                  draft.cause = cause;
                  draft.problem = undefined;
                  actions.change();
                },
              }),
            )}
            ${problemBelow(`cause-${when}`, draft.problem === 'noCause' ? say.noCause : undefined)}
          </fieldset>`
        : nothing
    }
    <div class="row">
      <button type="submit" class="primary">${say.keep}</button>
      ${
        when === 'before'
          ? html`<button type="button" class="quiet" @click=${() => actions.skip()}>${say.skip}</button>`
          : nothing
      }
    </div>
  </form>`;
}

/** The answers that were given, side by side once both are. */
export function renderAnswers(lesson: Lesson, progress: Progress): TemplateResult {
  const before = progress.answerTo(lesson.name, 'before');
  const after = progress.answerTo(lesson.name, 'after');
  const one = (heading: string, answer: { text: string; cause: Cause }): TemplateResult =>
    html`<div class="answer">
      <h4>${heading}</h4>
      <blockquote dir="auto">${answer.text}</blockquote>
      <p class="small muted">${say.causes[answer.cause]}</p>
    </div>`;
  return html`<div class="boxes">
      ${before ? one(say.answeredBefore, before) : nothing} ${after ? one(say.answeredAfter, after) : nothing}
    </div>
    ${before && after ? html`<p>${before.cause === after.cause ? say.same : say.moved}</p>` : nothing}`;
}
