/** Checks of what callers pass, before anything is sent. */
import { invalidOption } from '../../border/errors.js';

/** A text, or a typed error. */
export function requireString(name: string, value: unknown): string {
  if (typeof value === 'string') return value;
  throw invalidOption(name, `must be a string, not ${value === null ? 'null' : typeof value}`);
}

/** A list of strings, or nothing. */
export function optionalStrings(name: string, value: unknown): string[] | undefined {
  if (value === undefined) return undefined;
  if (Array.isArray(value) && value.every((part) => typeof part === 'string')) return value;
  throw invalidOption(name, 'must be a list of strings');
}

/** A number within bounds, or nothing. */
export function optionalNumber(
  name: string,
  value: unknown,
  min: number,
  max = Number.POSITIVE_INFINITY,
  whole = false,
): number | undefined {
  if (value === undefined) return undefined;
  const kind = whole ? 'a whole number' : 'a number';
  const within = max === Number.POSITIVE_INFINITY ? `of at least ${min}` : `from ${min} to ${max}`;
  if (typeof value === 'number' && value >= min && value <= max && (!whole || Number.isInteger(value))) return value;
  throw invalidOption(name, `must be ${kind} ${within}, not ${String(value)}`);
}

/** Yes, no, or nothing. */
export function optionalBoolean(name: string, value: unknown): boolean | undefined {
  if (value === undefined || typeof value === 'boolean') return value;
  throw invalidOption(name, `must be true or false, not ${String(value)}`);
}

/** The given fields without those that are undefined: the core's defaults hold for them. */
export function present<T extends object>(fields: T): Partial<T> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Partial<T>;
}
