/** What is typed and set on a screen: a state that the page can read, set and put in a link. */
import { baseAddress } from '../../border/addresses.js';
import { ClozeError } from '../../border/errors.js';
import { words } from '../../words/index.js';
import { toFragment, type Linkable } from '../links.js';
import { defaults, merge } from '../state.js';
import { emit, type Host } from './host.js';

/** Where the state of a screen comes from, and who hears of its changes. */
export interface Linking<S extends object> {
  /** What stands on the screen at first, beside the defaults. */
  start(): Partial<S>;
  /** It changed. */
  changed(before: S): void;
}

/** The state of a screen. It acts when it is asked to, so that it needs nothing of the host's life cycle. */
export class LinkController<S extends object> {
  #state: S | undefined;
  #untouched = true;
  /** Settings that hold something that is no value, by key, with why: they keep what was typed. */
  #refused: Readonly<Record<string, string>> = {};

  constructor(
    private readonly host: Host,
    private readonly screen: Linkable,
    private readonly linking: Linking<S>,
  ) {}

  /** The state itself, for reading. */
  get current(): S {
    return (this.#state ??= { ...defaults<S>(this.screen.schema), ...this.linking.start() });
  }

  /** Whether nobody has typed or set anything yet. */
  get untouched(): boolean {
    return this.#untouched;
  }

  /** A copy of the state. */
  get state(): S {
    return structuredClone(this.current);
  }

  /** Merges what is given; throws on keys that do not exist and values it cannot use, having taken the others. */
  merge(given: Partial<S>): void {
    const { state, problems } = merge(this.screen.schema, this.current, given);
    this.#refused = {};
    this.#replace(state);
    if (problems.length > 0) throw refusedState(this.host, problems);
  }

  /** Begins as at first, with what the screen begins with now. */
  begin(): void {
    const before = this.#state;
    this.#state = undefined;
    this.#untouched = true;
    this.#refused = {};
    // Nobody has seen it yet.
    if (before) this.#changed(before);
  }

  /** Begins anew from the defaults, with these keys. */
  restart(given: Partial<S>): void {
    this.#refused = {};
    this.#replace({ ...defaults<S>(this.screen.schema), ...structuredClone(given) });
  }

  /** Changes some keys. */
  change(change: Partial<S>): void {
    const { [Object.keys(change)[0]!]: _, ...others } = this.#refused;
    this.#refused = others;
    this.#replace({ ...this.current, ...change });
  }

  /** A setting was given something that is no value. */
  refuse(key: string, why: string): void {
    this.#refused = { ...this.#refused, [key]: why };
    this.host.requestUpdate();
  }

  /** Why a setting's value was refused. */
  refusal(key: string): string | undefined {
    return this.#refused[key];
  }

  /** The first setting that holds no value. */
  get firstRefusal(): { readonly key: string; readonly why: string } | undefined {
    const [first] = Object.entries(this.#refused);
    return first && { key: first[0], why: first[1] };
  }

  /** The address of a page, this one unless another is named, with a fragment that shows `state`. */
  address(state: S, page = ''): string {
    return new URL(toFragment(this.screen, state), new URL(page, baseAddress())).href;
  }

  #replace(state: S): void {
    const before = this.current;
    this.#state = state;
    this.#untouched = false;
    this.#changed(before);
  }

  #changed(before: S): void {
    this.linking.changed(before);
    this.host.requestUpdate();
    emit(this.host, 'cloze-change', this.state);
  }
}

/** For a state of which not all could be used. */
export const refusedState = ({ localName }: Host, problems: readonly string[]): ClozeError =>
  new ClozeError('invalid_option', words.frame.state.refused(localName, problems), { problems });
