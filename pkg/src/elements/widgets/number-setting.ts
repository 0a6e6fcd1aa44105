/** Numbers that can be set. */
import { html, noChange, nothing, type TemplateResult } from 'lit';
import { Directive, directive, type ElementPart } from 'lit/directive.js';
import { words } from '../../words/index.js';
import type { LinkController } from '../controllers/link.js';
import { MOST_SEED, type NumberField, type Schema } from '../state.js';

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

function refusal(whole: boolean, min: number, max: number): string {
  const { wholeNumberFrom, wholeNumber, numberFrom, number } = words.frame;
  if (max >= MOST_SEED) return (whole ? wholeNumberFrom : numberFrom)(min);
  return (whole ? wholeNumber : number)(min, max);
}

/** A number box that refuses what is out of its limits beside itself and keeps what was typed. */
export function numberSetting(setting: NumberSetting): TemplateResult {
  const { id, min, max, step } = setting;
  const onInput = (event: Event): void => {
    const input = event.target as HTMLInputElement;
    const value = input.valueAsNumber;
    if (input.value === '' && !input.validity.badInput && setting.optional) return setting.change(null);
    const whole = step === 1;
    if (Number.isNaN(value) || value < min || value > max || (whole && !Number.isInteger(value))) {
      return setting.refuse(refusal(whole, min, max));
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

/** The keys of a state that hold numbers. */
export type NumberKey<S> = { [K in keyof S]: S[K] extends number ? K : never }[keyof S] & string;

/** How a number of a screen's state is shown. */
export interface StateNumber {
  readonly label: string;
  readonly about: string | TemplateResult;
  readonly disabled?: boolean;
}

/** A number box for a key of a screen's state, with the range that its schema gives. */
export function stateNumber<S extends object>(
  link: LinkController<S>,
  schema: Schema<S>,
  key: NumberKey<S>,
  { label, about, disabled = false }: StateNumber,
): TemplateResult {
  const { min, max, whole } = schema[key] as NumberField;
  return numberSetting({
    id: key,
    label,
    about,
    value: link.current[key] as number,
    min,
    max,
    step: whole ? 1 : 'any',
    disabled,
    problem: link.refusal(key),
    change: (value) => link.change({ [key]: value! } as Partial<S>),
    refuse: (why) => link.refuse(key, why),
  });
}
