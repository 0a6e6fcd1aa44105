/** A view's numbers and choices: their limits, and how they stand in links. */
import { html, type TemplateResult } from 'lit';
import { words } from '../../words/index.js';
import { numberSetting } from '../widgets/number-setting.js';
import { readSet, writeSet } from './set.js';

/** A number as it is typed: 0.0005. */
export const plain = (value: number): string =>
  value.toLocaleString(words.numbers.locale, { maximumSignificantDigits: 3 });

/** A number that can be set. */
export interface Limits {
  readonly default: number;
  readonly min: number;
  readonly max: number;
  readonly whole?: boolean;
}

/** Settings by name; texts are taken as they are. */
export type Fields = Readonly<Record<string, Limits | string>>;

/** Values of such settings. */
export type Values<F extends Fields> = { [K in keyof F]: F[K] extends string ? string : number };

/** The settings that a link has, within their limits; the others are at their default. */
export function valuesOf<F extends Fields>(fields: F, set: string): Values<F> {
  const given = readSet(set);
  const values = Object.entries(fields).map(([key, field]) => {
    if (typeof field === 'string') return [key, given[key] ?? field];
    const number = Number(given[key] ?? NaN);
    if (!Number.isFinite(number)) return [key, field.default];
    const within = Math.min(field.max, Math.max(field.min, number));
    return [key, field.whole ? Math.round(within) : within];
  });
  return Object.fromEntries(values) as Values<F>;
}

/** What stands in links: the settings that are not at their default. */
export function setOf<F extends Fields>(fields: F, values: Values<F>): string {
  const changed = Object.entries(fields)
    .filter(([key, field]) => values[key] !== (typeof field === 'string' ? field : field.default))
    .map(([key]) => [key, values[key]]);
  return writeSet(Object.fromEntries(changed) as Record<string, string | number>);
}

/** The number boxes of a view; what is no value stays in its box, with why. */
export class NumberBoxes<F extends Fields> {
  readonly #refused = new Map<string, string>();

  constructor(
    private readonly fields: F,
    private readonly change: (key: keyof F, value: number) => void,
    private readonly update: () => void,
  ) {}

  /** The first box that holds no value. */
  get refused(): string | undefined {
    return [...this.#refused.keys()][0];
  }

  /** A box; `max` where it is lower than the field's. */
  render(
    key: keyof F & string,
    values: Values<F>,
    words: { readonly label: string; readonly about: string | TemplateResult },
    disabled: boolean,
    max = (this.fields[key] as Limits).max,
  ): TemplateResult {
    const { min, whole = false } = this.fields[key] as Limits;
    return html`${numberSetting({
      id: key,
      ...words,
      value: Math.min(max, values[key] as number),
      min,
      max,
      step: whole ? 1 : 'any',
      disabled,
      problem: this.#refused.get(key),
      change: (value) => {
        this.#refused.delete(key);
        this.change(key, value!);
      },
      refuse: (why) => {
        this.#refused.set(key, why);
        this.update();
      },
    })}`;
  }
}
