/** What the page around the screens says, in the language of the page; the screens' own words are the package's. */
import { translated } from 'cloze/elements';
import { en } from './en';

/** The shape of every language: a key that one lacks is a type error. */
export type Words = typeof en;

/** The words of the page's language. */
export const words: Words = translated<Words>(en, { zh: async () => (await import('./zh')).zh });
