/**
 * What the screens say to people, in the language of the page. Each language is an object of the same shape as {@link en}:
 * a key that a second one lacks is a type error.
 */
import { en } from './en.js';
import { translated } from './language.js';

/** The shape of every language. Sentences with values are functions; `T` is whatever a screen sets apart in one. */
export type Words = typeof en;

/** The words of the page's language. */
export const words: Words = translated<Words>(en, { zh: async () => (await import('./zh.js')).zh });
