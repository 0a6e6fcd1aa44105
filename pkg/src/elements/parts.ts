/** Small pieces of several screens, as templates: probability tables, token chips, facts, settings. */
import { html, noChange, nothing, type TemplateResult } from 'lit';
import { Directive, directive, type ElementPart } from 'lit/directive.js';
import { architectureName, type ModelInfo, type RuntimeInfo, type TokenInfo } from '../index.js';
import { parameters, percent } from './format.js';

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
}

/** Probabilities as a table; the bars repeat the figures for the eye, on a scale of 0 to 100 %. */
export function barTable({ caption, of, rows, choose }: BarTable): TemplateResult {
  return html`<table>
    <caption>
      ${caption}
    </caption>
    <thead>
      <tr>
        <th scope="col">${of}</th>
        <th scope="col" class="probability">Probability</th>
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
                      ${row.label}
                    </button>`
                  : row.label
              }
            </th>
            <td class="probability">${measured(row.score)}</td>
          </tr>`,
      )}
    </tbody>
  </table>`;
}

/** A figure with its bar. */
export function measured(score: number): TemplateResult {
  return html`<div class="measured">
    <span class="figure">${percent(score)}</span>
    <span class="track" aria-hidden="true"><span ${barWidth(score)}></span></span>
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

/** Tokens as chips with their number in the vocabulary. */
export function tokenChips(tokens: readonly TokenInfo[]): TemplateResult {
  return html`<ol class="tokens">
    ${tokens.map(
      (token) =>
        html`<li class=${token.special ? 'special' : nothing}>
          <span>${token.token}</span><small><span class="hidden-text">number </span>${token.id}</small>
        </li>`,
    )}
  </ol>`;
}

/** What happened, as pairs of words: time, tokens, model, build. */
export function factList(facts: readonly (readonly [string, string])[]): TemplateResult {
  return html`<dl class="facts">
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
  const threads = runtime.threads > 1 ? `, ${runtime.threads} threads` : ', 1 thread';
  return [
    ['Model', `${architectureName(info.model_type)}, ${parameters(info.parameters)} parameters, ${info.dtype}`],
    ['Build', `${runtime.build.replace('-threads', '')}${threads}`],
  ];
}

/** A number that can be set, with one line on what it does. */
export interface NumberSetting {
  readonly id: string;
  readonly label: string;
  readonly about: string | TemplateResult;
  readonly value: number | null;
  readonly min: number;
  readonly max: number;
  readonly step: number | 'any';
  readonly disabled?: boolean;
  readonly placeholder?: string;
  /** Empty is a value too (`null`). */
  readonly optional?: boolean;
  readonly problem?: string | undefined;
  readonly change: (value: number | null) => void;
  readonly refuse: (why: string) => void;
}

/** Sets a number box, but never rewrites what is being typed (`0.0` on the way to `0.05`). */
class NumberValue extends Directive {
  render(_value: number | null, _keep: boolean): symbol {
    return noChange;
  }
  override update(part: ElementPart, [value, keep]: [number | null, boolean]): symbol {
    const input = part.element as HTMLInputElement;
    const shown = input.value === '' ? null : input.valueAsNumber;
    if (!keep && shown !== value) input.value = value === null ? '' : String(value);
    return noChange;
  }
}
const numberValue = directive(NumberValue);

/** A number box that refuses what is out of its limits beside itself and keeps what was typed. */
export function numberSetting(setting: NumberSetting): TemplateResult {
  const { id, min, max, step } = setting;
  const onInput = (event: Event): void => {
    const input = event.target as HTMLInputElement;
    const value = input.valueAsNumber;
    if (input.value === '' && !input.validity.badInput && setting.optional) return setting.change(null);
    const whole = step === 1;
    if (Number.isNaN(value) || value < min || value > max || (whole && !Number.isInteger(value))) {
      const upTo = max >= 4_294_967_295 ? `from ${min}` : `from ${min} to ${max}`;
      return setting.refuse(`A ${whole ? 'whole number' : 'number'} ${upTo}.`);
    }
    setting.change(value);
  };
  return html`<div class="setting">
    <label for=${id}>${setting.label}</label>
    <input
      id=${id}
      type="number"
      inputmode=${step === 1 ? 'numeric' : 'decimal'}
      min=${min}
      max=${max}
      step=${step}
      placeholder=${setting.placeholder ?? nothing}
      ${numberValue(setting.value, setting.problem !== undefined)}
      ?disabled=${setting.disabled ?? false}
      aria-invalid=${setting.problem ? 'true' : 'false'}
      aria-describedby="${id}-about ${id}-problem"
      @input=${onInput}
    />
    <p class="small muted" id="${id}-about">${setting.about}</p>
    <p class="small problem" id="${id}-problem" role="alert" ?hidden=${!setting.problem}>${setting.problem}</p>
  </div>`;
}
