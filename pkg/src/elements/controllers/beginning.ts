/**
 * What stands on a screen before anybody typed: what its attributes say, else the first example. What of the attributes, or of
 * the page's own examples, cannot be used is said on the screen, in an event and in the console: it is never silently dropped.
 */
import { ClozeError } from '../../border/errors.js';
import { nearest } from '../../border/nearest.js';
import { words } from '../../words/index.js';
import { appearanceFields } from '../appearance.js';
import { readAttribute, stateAttributes } from '../attributes.js';
import { merge, type Field, type Schema } from '../state.js';
import { emit, type Host } from './host.js';

const say = words.frame.state;

/** An example of a screen: a name for its chip, and the state it sets. */
export interface Example<S> {
  readonly name: string;
  readonly state: Partial<S>;
}

/** Attributes of every screen. A load says itself what is wrong with its other settings. */
const FIELDS: Readonly<Record<string, Field>> = {
  ...appearanceFields,
  threads: { kind: 'number', default: 0, min: 1, max: 1024, whole: true },
};

/** An element that may hold examples of the page's own. */
export type BeginningHost = Host & { readonly examples: unknown };

/** The page's own examples in HTML. */
const OWN_EXAMPLES = ':scope > script[type="application/json"]';

/** What an element is given by its page. */
export class Beginning<S extends object> {
  /** What the attributes say of the state. */
  readonly #said = new Map<string, unknown>();
  /** What cannot be used, by attribute, in words. */
  readonly #refused = new Map<string, string>();
  readonly #keys: ReadonlyMap<string, string>;
  /** The page's own examples, and what they were read from. */
  #own: { readonly from: unknown; readonly examples: readonly Example<S>[] | undefined } | undefined;

  /** `examples` are the screen's own; `start` is what it begins with in the place of the first of them. */
  constructor(
    private readonly host: BeginningHost,
    private readonly schema: Schema<S>,
    private readonly screens: { examples(): readonly Example<S>[]; start?(): Partial<S> },
  ) {
    this.#keys = stateAttributes(schema as Schema);
  }

  /** What cannot be used, in words. */
  get problems(): readonly string[] {
    return [...this.#refused.values()];
  }

  /** The examples that are offered: the page's, else the screen's. */
  get examples(): readonly Example<S>[] {
    return this.#ownExamples ?? this.screens.examples();
  }

  /** The state's keys that do not begin at their default. A text of the page's own puts the example away, with all that it sets. */
  get state(): Partial<S> {
    const said = Object.fromEntries(this.#said) as Partial<S>;
    const example = this.#example;
    const typed = (key: string): boolean => ['text', 'list'].includes(this.schema[key as keyof S].kind);
    const away = Object.keys(example).some((key) => typed(key) && this.#said.has(key));
    return away ? said : { ...example, ...said };
  }

  /** Takes an attribute that was set, changed or removed; the change of the state that it asks for, if it asks for one. */
  take(name: string, text: string | null): Partial<S> | undefined {
    const key = this.#keys.get(name);
    const field = key === undefined ? FIELDS[name] : this.schema[key as keyof S];
    if (!field) return undefined;
    this.#refused.delete(name);
    const said = key === undefined && text === '' ? { value: text } : readAttribute(field, text);
    if ('problem' in said) {
      this.#refuse(name, say.mustNotBe(name, said.problem, text!));
      return undefined;
    }
    if (key === undefined) return undefined;
    if (text === null) this.#said.delete(key);
    else this.#said.set(key, said.value);
    return { [key]: said.value } as Partial<S>;
  }

  /** Warns of attributes that were probably meant to be one of these. */
  warnOfUnknown(known: readonly string[]): void {
    for (const { name } of this.host.attributes) {
      if (known.includes(name) || name in HTMLElement.prototype || /^(?:class$|data-|aria-|on)/u.test(name)) continue;
      const near = nearest(name, known);
      if (near !== undefined) console.warn(say.refused(this.host.localName, [say.unknownAttribute(name, near)]));
    }
  }

  get #example(): Partial<S> {
    const own = this.#ownExamples;
    return (own ? own[0]?.state : (this.screens.start?.() ?? this.screens.examples()[0]?.state)) ?? {};
  }

  /** Whether the page gives other examples than those that were read. */
  get changed(): boolean {
    return this.#source !== this.#own?.from;
  }

  /** Examples that the page gives as a list, or as JSON within the element. */
  get #source(): unknown {
    const { examples } = this.host;
    return typeof examples === 'object' && examples !== null ? examples : this.#written;
  }

  get #ownExamples(): readonly Example<S>[] | undefined {
    const from = this.#source;
    if (from !== this.#own?.from) {
      this.#refused.delete('examples-given');
      this.#own = { from, examples: this.#read(from) };
    }
    return this.#own?.examples;
  }

  get #written(): string | undefined {
    return this.host.querySelector(OWN_EXAMPLES)?.textContent ?? undefined;
  }

  #read(from: unknown): readonly Example<S>[] | undefined {
    if (from === undefined) return undefined;
    const list = typeof from === 'string' ? parsed(from) : from;
    if (!Array.isArray(list) || !list.every(isExample)) {
      this.#refuse('examples-given', say.noExamples);
      return undefined;
    }
    const problems: string[] = [];
    const examples = list.map(({ name, state: given }): Example<S> => {
      const { state, problems: wrong } = merge<Partial<S>>(this.schema as Schema, {}, given);
      problems.push(...wrong.map((problem) => say.inExample(name, problem)));
      return { name, state };
    });
    if (problems.length > 0) this.#refuse('examples-given', problems.join('; '));
    return examples;
  }

  #refuse(name: string, problem: string): void {
    const message = say.refused(this.host.localName, [problem]);
    this.#refused.set(name, message);
    console.warn(message);
    // Reading is no time to tell others.
    queueMicrotask(() => {
      this.host.requestUpdate();
      emit(this.host, 'cloze-error', new ClozeError('invalid_option', message));
    });
  }
}

const isExample = (given: unknown): given is { name: string; state: object } => {
  const { name, state } = (given ?? {}) as { name?: unknown; state?: unknown };
  return typeof name === 'string' && typeof state === 'object' && state !== null;
};

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}
