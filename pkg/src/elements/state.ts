/**
 * What a person typed and set on each screen, as plain JSON: it can be saved, sent and put in a link.
 * A schema per screen gives every key its kind, its default and its limits.
 */

/** How the value of one key is checked. */
export type Field =
  | { readonly kind: 'text'; readonly default: string }
  | { readonly kind: 'flag'; readonly default: boolean }
  | { readonly kind: 'choice'; readonly default: string; readonly of: readonly string[] }
  | { readonly kind: 'list'; readonly default: readonly string[]; readonly most: number; readonly unshared?: true }
  | {
      readonly kind: 'number';
      readonly default: number;
      readonly min: number;
      readonly max: number;
      readonly whole?: boolean;
    }
  | { readonly kind: 'seed'; readonly default: null };

/** The keys of one screen. */
export type Schema = Readonly<Record<string, Field>>;

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

/** Takes over the known keys of `given` into `current`; numbers are brought into their limits. */
export function merge<S extends object>(schema: Schema, current: S, given: unknown): Merged<S> {
  if (typeof given !== 'object' || given === null || Array.isArray(given)) {
    return { state: current, problems: ['a state is an object'] };
  }
  const state = { ...current } as Record<string, unknown>;
  const problems: string[] = [];
  for (const [key, value] of Object.entries(given)) {
    const field = Object.hasOwn(schema, key) ? schema[key] : undefined;
    if (!field || value === undefined) continue;
    const taken = take(field, value);
    if (taken.problem === undefined) state[key] = taken.value;
    else problems.push(`${key} must be ${taken.problem}`);
  }
  return { state: state as S, problems };
}

type Taken = { value: unknown; problem?: undefined } | { problem: string };

function take(field: Field, value: unknown): Taken {
  if (value === null && field.kind !== 'seed') return { value: field.default };
  switch (field.kind) {
    case 'text':
      // Lists are accepted for a text that holds several things, one per line.
      if (Array.isArray(value) && value.every(isString)) return { value: value.join('\n') };
      return isString(value) ? { value } : { problem: 'a text' };
    case 'flag':
      return typeof value === 'boolean' ? { value } : { problem: 'true or false' };
    case 'choice':
      return isString(value) && field.of.includes(value) ? { value } : { problem: `one of ${field.of.join(', ')}` };
    case 'list':
      return Array.isArray(value) && value.every(isString)
        ? { value: value.slice(0, field.most) }
        : { problem: 'a list of texts' };
    case 'number': {
      if (typeof value !== 'number' || !Number.isFinite(value)) return { problem: 'a number' };
      const inside = Math.min(field.max, Math.max(field.min, value));
      return { value: field.whole ? Math.round(inside) : inside };
    }
    case 'seed':
      return value === null || (Number.isSafeInteger(value) && (value as number) >= 0)
        ? { value }
        : { problem: 'a whole number from 0' };
  }
}

const isString = (value: unknown): value is string => typeof value === 'string';

/** A fragment that reproduces a screen: `#task=fill-mask&text=…`. Left out are keys at their default, and what is for nobody else. */
export function toFragment(task: string, schema: Schema, state: object): string {
  const params = new URLSearchParams({ task });
  const values = state as Record<string, unknown>;
  for (const [key, field] of Object.entries(schema)) {
    const value = values[key];
    if (value === null || value === undefined || (field.kind === 'list' && field.unshared)) continue;
    if (Array.isArray(value)) for (const one of value) params.append(key, String(one));
    else if (value !== field.default) params.append(key, String(value));
  }
  return `#${params.toString().replaceAll('%5B', '[').replaceAll('%5D', ']')}`;
}

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
