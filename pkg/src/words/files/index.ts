/**
 * What is said of a model's files. Each language is an object of the same shape as {@link en}: a key that a second one
 * lacks is a type error. It stands apart from the screens' words, as workers need no others.
 */
import { en } from './en.js';

/** The shape of every language. */
export type FileWords = typeof en;

/** The words that are said. */
export const fileWords: FileWords = en;
