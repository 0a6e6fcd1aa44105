/**
 * The examples of the screens. Their texts, and how the models that come with the package answer them, stand in
 * `examples.json`, those with long texts beside their screen; a test of the core holds the models to it (`crate/tests/core/examples.rs`).
 */
import data from './examples.json';
import type { Example } from './controllers/beginning.js';
import { toldExamples } from './told-examples.js';

/** Screens with examples in the file. */
type Told = Exclude<keyof typeof data, 'settings'>;

/** The examples of a screen, in the order of their chips, which bear these names. */
export const examplesOf = <S, T extends Told>(
  task: T,
  names: Readonly<Record<keyof (typeof data)[T] & string, string>>,
): readonly Example<S>[] => toldExamples<S>(data[task], names);
