/**
 * What a person typed and set on each screen, as plain JSON: it can be saved, sent and put in a link.
 * A schema per screen gives every key its kind, its default and its limits.
 */
import type { Limit } from '../border/core.js';
import { nearest } from '../border/nearest.js';
import { words as say } from '../words/index.js';

/** How the value of one key is checked. */
export type Field =
  /** `brief`: left out of every link at its default. */
  | { readonly kind: 'text'; readonly default: string; readonly brief?: true }
  | { readonly kind: 'flag'; readonly default: boolean }
  | { readonly kind: 'choice'; readonly default: string; readonly of: readonly string[] }
  /** `unshared`: in no link. */
  | { readonly kind: 'list'; readonly default: readonly string[]; readonly most: number; readonly unshared?: true }
  | {
      readonly kind: 'number';
      readonly default: number;
      readonly min: number;
      readonly max: number;
      readonly whole?: boolean;
    }
  | { readonly kind: 'seed'; readonly default: null };

/** Seeds are any 32-bit number: a limit that is no use to name. */
export const MOST_SEED = 4_294_967_295;

/** A field that holds a number. */
export type NumberField = Extract<Field, { kind: 'number' }>;

/**
 * A number with the core's limits and default. A screen may offer a narrower range, as beyond it lies nothing that anybody
 * would want to set, and begin with another value.
 */
export const numberField = (
  limit: Limit,
  narrower: Partial<Pick<Limit, 'min' | 'max' | 'default'>> = {},
): NumberField => ({
  kind: 'number',
  min: limit.min,
  max: limit.max,
  default: limit.default,
  whole: limit.whole,
  ...narrower,
});

/** The keys of one screen. */
export type Schema<S extends object = Record<string, unknown>> = { readonly [K in keyof S]: Field };

/** The defaults of a schema, as a fresh object. */
export function defaults<S extends object>(schema: Schema): S {
  const state: Record<string, unknown> = {};
  for (const [key, field] of Object.entries(schema))
    state[key] = Array.isArray(field.default) ? [...field.default] : field.default;
  return state as S;
}

/** A state merged from what was given, and what could not be used, in words. */
export interface Merged<S> {
  readonly state: S;
  readonly problems: readonly string[];
}

/** Takes over the keys of `given` into `current`; numbers are brought into their limits. */
export function merge<S extends object>(schema: Schema, current: S, given: unknown): Merged<S> {
  if (typeof given !== 'object' || given === null || Array.isArray(given)) {
    return { state: current, problems: [say.frame.state.noObject] };
  }
  const state = { ...current } as Record<string, unknown>;
  const problems: string[] = [];
  for (const [key, value] of Object.entries(given)) {
    if (value === undefined) continue;
    const field = Object.hasOwn(schema, key) ? schema[key] : undefined;
    // A link's model is the page's to set.
    if (!field && (value === null || key === 'model')) continue;
    if (!field) {
      const keys = Object.keys(schema);
      problems.push(say.frame.state.unknown(key, nearest(key, keys), keys));
      continue;
    }
    const taken = take(field, value);
    if (taken.problem === undefined) state[key] = taken.value;
    else problems.push(say.frame.state.mustBe(key, taken.problem));
  }
  return { state: state as S, problems };
}

/** A value that can be used, or what it would have to be. */
export type Taken = { value: unknown; problem?: undefined } | { problem: string; value?: undefined };

/** Checks a value for a key; `null` asks for the default. Numbers are brought into their limits. */
export function take(field: Field, value: unknown): Taken {
  if (value === null && field.kind !== 'seed') return { value: field.default };
  switch (field.kind) {
    case 'text':
      // Lists are accepted for a text that holds several things, one per line.
      if (Array.isArray(value) && value.every(isString)) return { value: value.join('\n') };
      return isString(value) ? { value } : { problem: say.frame.state.text };
    case 'flag':
      return typeof value === 'boolean' ? { value } : { problem: say.frame.state.flag };
    case 'choice':
      return isString(value) && field.of.includes(value) ? { value } : { problem: say.frame.state.oneOf(field.of) };
    case 'list':
      return Array.isArray(value) && value.every(isString)
        ? { value: value.slice(0, field.most) }
        : { problem: say.frame.state.list };
    case 'number': {
      if (typeof value !== 'number' || !Number.isFinite(value)) return { problem: say.frame.state.number };
      const inside = Math.min(field.max, Math.max(field.min, value));
      return { value: field.whole ? Math.round(inside) : inside };
    }
    case 'seed':
      return value === null || (Number.isSafeInteger(value) && (value as number) >= 0)
        ? { value }
        : { problem: say.frame.state.seed };
  }
}

const isString = (value: unknown): value is string => typeof value === 'string';

/** The parts of a text that holds several things, one per line; `\n` in a part stands for a line break. */
export function lines(text: string): string[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => line.replaceAll('\\n', '\n').replaceAll('\\t', '\t'));
}

/** The words of a text that lists them with commas or line breaks. */
export function words(text: string): string[] {
  return [
    ...new Set(
      text
        .split(/[,\n]/u)
        .map((word) => word.trim())
        .filter(Boolean),
    ),
  ];
}
