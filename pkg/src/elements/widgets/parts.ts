/** Small pieces of several screens, as templates: probability tables, facts, explanations. */
import { html, noChange, nothing, type TemplateResult } from 'lit';
import { Directive, directive, type ElementPart } from 'lit/directive.js';
import { architectureName, type ModelInfo, type RuntimeInfo } from '../../index.js';
import { words } from '../../words/index.js';
import type { Paper } from '../papers.js';
import { bytesShown, count, milliseconds, parameters, percent, tokensPerSecond } from '../format.js';

/** One row of a probability table. */
export interface BarRow {
  /** What is shown: a token, a sentence, an outcome. */
  readonly label: string | TemplateResult;
  /** Its name for assistive technology when it is chosen; needed where `label` may be blank. */
  readonly spoken?: string;
  /** From 0 to 1. */
  readonly score: number;
  /** Whether this row is the one in use. */
  readonly chosen?: boolean;
  readonly disabled?: boolean;
}

/** How a probability table is headed and what choosing a row does. */
export interface BarTable {
  readonly caption: string | TemplateResult;
  /** Heading of the first column. */
  readonly of: string;
  readonly rows: readonly BarRow[];
  readonly choose?: (index: number) => void;
  /** Heading of the bars, where they are no probabilities. */
  readonly measure?: string;
}

/** Probabilities as a table; the bars repeat the figures for the eye, on a scale of 0 to 100 %. */
export function barTable({ caption, of, rows, choose, measure = words.frame.probability }: BarTable): TemplateResult {
  return html`<table part="bars">
    <caption>
      ${caption}
    </caption>
    <thead>
      <tr>
        <th scope="col">${of}</th>
        <th scope="col" class="probability">${measure}</th>
      </tr>
    </thead>
    <tbody>
      ${rows.map(
        (row, index) =>
          html`<tr>
            <th scope="row">
              ${
                choose
                  ? html`<button
                      type="button"
                      class="candidate"
                      aria-pressed=${row.chosen ? 'true' : 'false'}
                      aria-label=${row.spoken ?? nothing}
                      ?disabled=${row.disabled ?? false}
                      @click=${() => choose(index)}
                    >
                      <bdi>${labelOf(row.label)}</bdi>
                    </button>`
                  : html`<bdi>${labelOf(row.label)}</bdi>`
              }
            </th>
            <td class="probability">${measured(row.score)}</td>
          </tr>`,
      )}
    </tbody>
  </table>`;
}

/** A label as it is shown: of a token that cuts a character, the bytes. */
const labelOf = <T>(label: T): T | string => (typeof label === 'string' ? bytesShown(label) : label);

/** A figure with its bar. */
export function measured(score: number): TemplateResult {
  return html`<div class="measured">
    <span class="figure">${percent(score)}</span>
    <span class="track" part="track" aria-hidden="true"><span part="bar" ${barWidth(score)}></span></span>
  </div>`;
}

/** Sets a bar's width through the object model: a strict `style-src` refuses style attributes, and lit's `styleMap` writes one first. */
class BarWidth extends Directive {
  render(_score: number): symbol {
    return noChange;
  }
  override update(part: ElementPart, [score]: [number]): symbol {
    const share = Math.min(1, Math.max(0, score));
    const { style } = part.element as HTMLElement;
    style.setProperty('width', `${share * 100}%`);
    // Strength follows length, so that the ramp says nothing that the figure does not.
    style.setProperty('--strength', `${Math.round(45 + 55 * share)}%`);
    return noChange;
  }
}
const barWidth = directive(BarWidth);

/** What happened, as pairs of words: time, tokens, model, build. */
export function factList(facts: readonly (readonly [string, string])[]): TemplateResult {
  return html`<dl class="facts" part="facts">
    ${facts.map(
      ([name, value]) =>
        html`<div>
          <dt>${name}</dt>
          <dd>${value}</dd>
        </div>`,
    )}
  </dl>`;
}

/** The model and the build that answered. */
export function modelFacts(info: ModelInfo, runtime: RuntimeInfo): [string, string][] {
  const say = words.frame.facts;
  return [
    [say.model, say.modelIs(architectureName(info.model_type), parameters(info.parameters), info.dtype)],
    [say.build, runtime.threads > 1 ? say.threads(runtime.build, runtime.threads) : say.oneThread(runtime.build)],
  ];
}

/** How long a model read how much, and which one; `amount` where there is more to say of it than the number of tokens. */
export function readingFacts(
  { info, runtime }: { info: ModelInfo; runtime: RuntimeInfo },
  ms: number,
  tokens: number,
  amount = count(tokens, 'token'),
): [string, string][] {
  const { time, read, speed } = words.frame.facts;
  return [
    [time, milliseconds(ms)],
    [read, amount],
    [speed, tokensPerSecond((tokens / ms) * 1000)],
    ...modelFacts(info, runtime),
  ];
}

/** A text in the face of code, within a sentence; it may run the other way. */
export const code = (text: string): TemplateResult => html`<bdi class="token">${bytesShown(text)}</bdi>`;

/** A name or a text of the reader's own within a sentence of ours: it may run the other way. */
export const apart = (text: string): TemplateResult => html`<bdi>${text}</bdi>`;

/** What stands where results will: an invitation. */
export const emptyState = (paragraphs: readonly string[]): TemplateResult =>
  html`<div class="empty" part="empty">
    <slot name="empty">${paragraphs.map((text) => html`<p>${text}</p>`)}</slot>
  </div>`;

/** A term of art where it first stands. */
export const help = ({ term, text }: { term: string; text: string }, paper: Paper): TemplateResult =>
  html`<cloze-help term=${term} .paper=${paper}>${text}</cloze-help>`;

/** The words of a problem below a control, which refers to them by `aria-describedby="<id>-problem"`. */
export function problemBelow(id: string, message: string | undefined): TemplateResult {
  // Without a problem it is empty, without even a blank in it.
  const problem = message ? html`<div class="problem" part="problem"><p>${message}</p></div>` : nothing;
  return html`<div id="${id}-problem" role="alert">${problem}</div>`;
}

/** What {@link textBox} shows. */
export interface TextBox {
  readonly id: string;
  readonly label: string;
  readonly rows: number;
  readonly value: string;
  readonly change: (text: string) => void;
  /** What is wrong with it. */
  readonly problem: string | undefined;
  readonly placeholder?: string;
  readonly spellcheck?: boolean;
  /** Which way it runs, where its first letter does not tell. */
  readonly dir?: 'ltr' | 'rtl';
  /** It was left, changed. */
  readonly left?: () => void;
  /** Ids of further descriptions. */
  readonly describedBy?: string;
  /** A control to its right. */
  readonly beside?: TemplateResult;
}

/** A labelled box for text, with its problem below it. What is typed runs as its own letters do. */
export function textBox(box: TextBox): TemplateResult {
  const { id, problem, beside } = box;
  const area = html`<textarea
    id=${id}
    part="input"
    dir=${box.dir ?? 'auto'}
    rows=${box.rows}
    spellcheck=${(box.spellcheck ?? true) ? 'true' : 'false'}
    placeholder=${box.placeholder ?? ''}
    .value=${box.value}
    aria-invalid=${problem ? 'true' : 'false'}
    aria-describedby="${id}-problem ${box.describedBy ?? ''}"
    @input=${(event: Event) => box.change((event.target as HTMLTextAreaElement).value)}
    @change=${box.left ?? nothing}
  ></textarea>`;
  return html`<div class="field">
    <label for=${id} part="label">${box.label}</label>
    ${beside ? html`<div class="with-control">${area}${beside}</div>` : area} ${problemBelow(id, problem)}
  </div>`;
}

/** One of several ways of which one holds. */
export interface Choice {
  /** Of all that exclude each other. */
  readonly name: string;
  readonly label: string;
  readonly about?: string;
  readonly checked: boolean;
  readonly choose: () => void;
}

/** A radio button with its label. */
export function choice({ name, label, about, checked, choose }: Choice): TemplateResult {
  return html`<label class="choice">
    <input type="radio" name=${name} .checked=${checked} @change=${choose} />
    <span>${label} ${about === undefined ? nothing : html`<span class="small muted">${about}</span>`}</span>
  </label>`;
}
