/** What the Inside screen says. It stands apart from the other words, as it is fetched when that screen is opened. */
import { inside } from './en/inside.js';
import { translated } from './language.js';

/** The shape of every language. */
export type InsideWords = typeof inside;

/** The words of the Inside screen in the page's language. */
export const insideWords: InsideWords = translated<InsideWords>(inside, {
  zh: async () => (await import('./zh/inside.js')).inside,
});
