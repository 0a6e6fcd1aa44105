/** Checks of what callers pass, before anything is sent. */
import type { Limit } from '../../border/core.js';
import { invalidOption } from '../../border/errors.js';
import { optionErrors } from '../../words/page/index.js';

/** A text, or a typed error. */
export function requireString(name: string, value: unknown): string {
  if (typeof value === 'string') return value;
  const type = value === null ? 'null' : typeof value;
  throw invalidOption(name, optionErrors.string(Array.isArray(value) ? optionErrors.list : type));
}

/** A list of strings, or nothing. */
export function optionalStrings(name: string, value: unknown): string[] | undefined {
  if (value === undefined) return undefined;
  if (Array.isArray(value) && value.every((part) => typeof part === 'string')) return value;
  throw invalidOption(name, optionErrors.strings);
}

/** A number within its limits, or nothing. */
export function optionalNumber(name: string, value: unknown, limit: Limit): number | undefined {
  if (value === undefined || (typeof value === 'number' && isWithin(value, limit))) return value;
  throw invalidOption(name, optionErrors.number(describe(limit), String(value), limit.hint ?? ''));
}

/** The numbers among `options` that have limits; those that are absent stay absent. */
export function numbers<L extends Record<string, Limit>>(
  limits: L,
  options: { readonly [K in keyof L]?: unknown },
): { [K in keyof L]?: number } {
  const found = Object.entries(limits).map(([name, limit]) => [name, optionalNumber(name, options[name], limit)]);
  return present(Object.fromEntries(found) as { [K in keyof L]?: number });
}

function isWithin(value: number, { min, max, whole }: Limit): boolean {
  return value >= min && value <= max && Number.isFinite(value) && (!whole || Number.isInteger(value));
}

function describe({ min, max, whole }: Limit): string {
  const say = optionErrors.limits;
  const kind = whole ? say.whole : say.any;
  return max === Infinity ? say.from(kind, min) : say.fromTo(kind, min, max);
}

/** Yes, no, or nothing. */
export function optionalBoolean(name: string, value: unknown): boolean | undefined {
  if (value === undefined || typeof value === 'boolean') return value;
  throw invalidOption(name, optionErrors.flag(String(value)));
}

/** One of several names, or nothing. */
export function oneOf<T extends string>(name: string, value: unknown, names: readonly T[]): T | undefined {
  if (value === undefined || names.includes(value as T)) return value as T | undefined;
  throw invalidOption(name, optionErrors.noneOf(String(value), names));
}

/** The given fields without those that are undefined: the core's defaults hold for them. */
export function present<T extends object>(fields: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
}
