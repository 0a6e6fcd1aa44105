/**
 * A screen in an address's fragment: `#task=fill-mask&text=The+[MASK].&top_k=5`. Written and read by the screens' schemas.
 * A fragment is never sent to a server, so what is typed stays on this machine even when it is in the link.
 */
import { words } from '../words/index.js';
import type { Field, Schema } from './state.js';

/** What a key of a link may hold. */
export type LinkValue = string | number | boolean | string[];

/** What a link says of a screen, by key. */
export type LinkState = Record<string, LinkValue>;

/** A screen that can be linked to. */
export interface Linkable<T extends string = string> {
  /** Its name in links. */
  readonly task: T;
  readonly schema: Schema;
}

/** A screen as a link describes it. */
export interface LinkedScreen<T extends string> {
  task: T;
  /** Only what could be read; `model` is the model that the screen uses, if it is not the page's own. */
  state: LinkState;
  /** Run at once: the link was shared with a result on the screen. */
  run: boolean;
}

/** What was read from a fragment. */
export interface ReadFragment<T extends string> {
  /** Absent when the fragment is empty or names no task that exists. */
  screen: LinkedScreen<T> | undefined;
  /** What was ignored, in words for the reader. */
  problems: string[];
}

/** How a link is written. */
export interface LinkWriting {
  /** Whether keys at their default are written: such a link keeps its meaning when a default changes. */
  readonly defaults?: boolean;
  /** Whether whoever opens it sees the screen run. */
  readonly run?: boolean;
}

/** Every screen that runs a model can be linked to with one. */
const MODEL: Field = { kind: 'text', default: '' };

/** The keys that a link of a screen may have. */
const fieldsOf = (schema: Schema): [string, Field][] =>
  Object.entries<Field>({ model: MODEL, ...schema }).filter(([, field]) => !(field.kind === 'list' && field.unshared));

/** A fragment with its `#` that reproduces a screen. Keys that are null are left out: they are at their default. */
export function toFragment(
  { task, schema }: Linkable,
  state: object,
  { defaults = false, run = false }: LinkWriting = {},
): string {
  const params = new URLSearchParams({ task });
  const values = state as Record<string, unknown>;
  for (const [key, field] of fieldsOf(schema)) {
    const value = values[key];
    if (value === null || value === undefined) continue;
    const brief = !defaults || (field.kind === 'text' && field.brief);
    if (Array.isArray(value)) for (const one of value) params.append(key, String(one));
    else if (!brief || value !== field.default) params.append(key, String(value));
  }
  if (run) params.append('run', '1');
  // Brackets are common here ([MASK]) and safe in a fragment; the link stays readable.
  return `#${params.toString().replaceAll('%5B', '[').replaceAll('%5D', ']')}`;
}

/** Reads a fragment, with or without its `#`. What cannot be read is left out and named in `problems`. */
export function readFragment<T extends string>(fragment: string, screens: readonly Linkable<T>[]): ReadFragment<T> {
  const query = fragment.replace(/^#/, '');
  if (query === '') return { screen: undefined, problems: [] };
  const params = new URLSearchParams(query);
  const task = params.get('task') ?? '';
  const screen = screens.find((one) => one.task === task);
  const say = words.frame.link;
  if (!screen) return { screen: undefined, problems: [task === '' ? say.noTask : say.unknownTask(shorten(task))] };
  const fields = new Map(fieldsOf(screen.schema));
  const state: LinkState = {};
  const problems: string[] = [];
  for (const key of new Set(params.keys())) {
    if (key === 'task' || key === 'run') continue;
    const field = fields.get(key);
    if (!field) {
      problems.push(say.unknownKey(shorten(key)));
      continue;
    }
    const value = read(field, params.getAll(key));
    if (value !== undefined) state[key] = value;
    else problems.push(field.kind === 'flag' ? say.notAFlag(key) : say.notANumber(key));
  }
  return { screen: { task: screen.task, state, run: params.get('run') === '1' }, problems };
}

function read(field: Field, values: string[]): LinkValue | undefined {
  const value = values.at(-1) ?? '';
  switch (field.kind) {
    case 'text':
    case 'choice':
      return value;
    case 'list':
      return values;
    case 'flag':
      return value === 'true' ? true : value === 'false' ? false : undefined;
    case 'number':
    case 'seed':
      return value.trim() !== '' && Number.isFinite(Number(value)) ? Number(value) : undefined;
  }
}

/** The state with every other key of the screen unset: a link says all, what it leaves out is at its default. */
export function completeState({ schema }: Linkable, state: LinkState): Record<string, LinkValue | null> {
  return { ...Object.fromEntries(fieldsOf(schema).map(([key]) => [key, null])), ...state };
}

const shorten = (text: string): string => (text.length > 30 ? `${text.slice(0, 30)}…` : text);
