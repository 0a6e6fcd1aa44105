/** What the worker says of the program that it starts, in the language of the page. */
import { translated } from '../language.js';
import { en } from './en.js';

/** The shape of every language. */
export type WorkerWords = typeof en;

/** The words that are said. */
export const workerWords: WorkerWords = /* @__PURE__ */ translated(en, {
  zh: async () => (await import('./zh.js')).zh,
});
