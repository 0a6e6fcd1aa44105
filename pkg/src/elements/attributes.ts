/**
 * The attributes that set what is typed and set on a screen: `top-k="3"` is the key `top_k` of its state. Each key has one,
 * and a property beside it (`topK`).
 */
import { words } from '../words/index.js';
import { take, type Field, type Schema } from './state.js';

/** The property of a key: `max_new_tokens` is `maxNewTokens`. */
export type PropertyOf<K extends string> = K extends 'stop'
  ? 'stopStrings'
  : K extends 'token'
    ? 'tokenIndex'
    : CamelCase<K>;

type CamelCase<K extends string> = K extends `${infer First}_${infer Rest}`
  ? `${First}${Capitalize<CamelCase<Rest>>}`
  : K;

/** A state's keys as properties of an element. Setting one is setting that key of `state`. What was `said` in a conversation is no setting. */
export type StateProperties<S> = { [K in Exclude<keyof S & string, 'said'> as PropertyOf<K>]: S[K] };

/** Keys whose name is that of a method, or of the property for a hub's access token. */
const OTHERWISE: Readonly<Record<string, string>> = { stop: 'stop-strings', token: 'token-index' };

/** The attribute of a key. */
export const attributeOf = (key: string): string => OTHERWISE[key] ?? key.replaceAll('_', '-');

/** The property of a key. */
export const propertyOf = (key: string): string =>
  attributeOf(key).replace(/-(\w)/gu, (_, letter: string) => letter.toUpperCase());

/** The keys that can be set by attributes, by their attributes. What was said in a conversation is no setting. */
export const stateAttributes = (schema: Schema): ReadonlyMap<string, string> =>
  new Map(
    Object.entries<Field>(schema)
      .filter(([, field]) => !(field.kind === 'list' && field.unshared))
      .map(([key]) => [attributeOf(key), key]),
  );

/** What an attribute says, or what it would have to be. */
export type Said = { readonly value: unknown } | { readonly problem: string };

const say = words.frame.state;

/** Reads the text of an attribute; `null` is one that is not there. Numbers out of their limits are refused. */
export function readAttribute(field: Field, text: string | null): Said {
  if (text === null) return { value: field.default };
  switch (field.kind) {
    case 'flag':
      if (text === '' || text === 'true') return { value: true };
      return text === 'false' ? { value: false } : { problem: say.flag };
    case 'list':
      return accepted(field, parsed(text));
    case 'number': {
      const value = numberIn(text);
      const inside = value >= field.min && value <= field.max;
      if (inside && (!field.whole || Number.isInteger(value))) return { value };
      return { problem: say.numberWithin(field.min, field.max, field.whole === true) };
    }
    case 'seed':
      return accepted(field, numberIn(text));
    default:
      return accepted(field, text);
  }
}

function accepted(field: Field, given: unknown): Said {
  const { problem, value } = take(field, given);
  return problem === undefined ? { value } : { problem };
}

/** `Number('')` is 0, and nobody means that. */
const numberIn = (text: string): number => (text.trim() === '' ? Number.NaN : Number(text));

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}
