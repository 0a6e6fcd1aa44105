/** What the Inside screen says. It stands apart from the other words, as it is fetched when that screen is opened. */
import { inside } from './en/inside.js';

/** The shape of every language. */
export type InsideWords = typeof inside;

/** The words of the Inside screen in the page's language. */
export const insideWords: InsideWords = inside;
