/**
 * What a page tells a tool by attributes that are no state: they are checked together, and what cannot be used is said on the
 * element, in an event and in the console, as on the screens.
 */
import { html, type TemplateResult } from 'lit';
import { ClozeError } from '../../border/errors.js';
import { nearest } from '../../border/nearest.js';
import { words } from '../../words/index.js';
import { readAttribute } from '../attributes.js';
import type { Field } from '../state.js';
import { emit, type Host } from './host.js';
import { sentence } from './problem.js';

const say = words.frame.state;

/** Names with blanks between them; of these, or of any. `none` is no name. */
export interface NamesField {
  readonly kind: 'names';
  readonly of?: readonly string[];
}

/** Attributes by name. */
export type ToldFields = Readonly<Record<string, Field | NamesField>>;

/** What of them can be used: what is not there is left out. */
export type Told = Readonly<Record<string, unknown>>;

/** The attributes of a tool. */
export class ToldController {
  #before = '[]';
  #problems: readonly string[] = [];
  #told: Told = {};

  constructor(
    private readonly host: Host,
    private readonly fields: ToldFields,
  ) {}

  /** Reads them as the properties are now, which bear their names; whether something has changed. */
  read(): boolean {
    const host = this.host as unknown as Readonly<Record<string, unknown>>;
    const given = Object.keys(this.fields).flatMap((name): [string, string][] => {
      const value = host[name];
      // A number that is none stands in the attribute as it was written.
      const text = Number.isNaN(value) ? this.host.getAttribute(name) : value;
      return text === undefined || text === null || text === false ? [] : [[name, text === true ? '' : String(text)]];
    });
    const now = JSON.stringify(given);
    if (now === this.#before) return false;
    this.#before = now;
    const told: Record<string, unknown> = {};
    const problems: string[] = [];
    for (const [name, text] of given) {
      const said = readOne(this.fields[name]!, text);
      if ('problem' in said) problems.push(say.mustNotBe(name, said.problem, text));
      else told[name] = said.value;
    }
    this.#told = told;
    const fresh = problems.filter((problem) => !this.#problems.includes(problem));
    this.#problems = problems;
    for (const problem of fresh) this.#tell(problem);
    return true;
  }

  /** What can be used of them. */
  get told(): Told {
    return this.#told;
  }

  /** Warns of attributes that were probably meant to be one of these. */
  warnOfUnknown(known: readonly string[]): void {
    for (const { name } of this.host.attributes) {
      if (known.includes(name) || name in HTMLElement.prototype || /^(?:class$|data-|aria-|on)/u.test(name)) continue;
      const near = nearest(name, known);
      if (near !== undefined) this.#warn(say.unknownAttribute(name, near));
    }
  }

  /** What cannot be used, in words. */
  render(): TemplateResult[] {
    return this.#problems.map(
      (problem) =>
        html`<div class="problem" role="alert"><p>${sentence(say.refused(this.host.localName, [problem]))}</p></div>`,
    );
  }

  #tell(problem: string): void {
    const message = this.#warn(problem);
    // Reading is no time to tell others.
    queueMicrotask(() => emit(this.host, 'cloze-error', new ClozeError('invalid_option', message)));
  }

  #warn(problem: string): string {
    const message = say.refused(this.host.localName, [problem]);
    console.warn(message);
    return message;
  }
}

function readOne(field: Field | NamesField, text: string): ReturnType<typeof readAttribute> {
  if (field.kind !== 'names') return readAttribute(field, text);
  const names = text.split(/\s+/u).filter((name) => name !== '');
  if (names.length === 1 && names[0] === 'none') return { value: [] };
  const unknown = field.of && names.find((name) => !field.of!.includes(name));
  if (names.length > 0 && unknown === undefined) return { value: names };
  return { problem: field.of ? say.someOf(field.of) : say.someNames };
}
