/** Examples, whichever file they stand in. */
import type { Example } from './controllers/beginning.js';
import type { Schema } from './state.js';

/** The examples of a file, in the order of their chips, which bear these names. */
export const toldExamples = <S>(
  told: Readonly<Record<string, { state: object }>>,
  names: Readonly<Record<string, string>>,
): readonly Example<S>[] =>
  Object.entries(told).map(([key, { state }]) => ({
    // The language may change.
    get name() {
      return names[key]!;
    },
    state: state as Partial<S>,
  }));

/**
 * What the example on the screen has set beside what is `typed`, at its defaults again; nothing where none is shown as it
 * is. An example's seed, or its way of taking tokens, is nothing for a text of the reader's own.
 */
export function withoutExample<S extends object>(
  current: S,
  examples: readonly Example<S>[],
  typed: keyof S,
  schema: Schema<S>,
): Partial<S> {
  const shown = examples.find(({ state }) =>
    Object.entries(state).every(([key, value]) => current[key as keyof S] === value),
  );
  const set = Object.keys(shown?.state ?? {}) as (keyof S)[];
  return Object.fromEntries(set.filter((key) => key !== typed).map((key) => [key, schema[key].default])) as Partial<S>;
}
