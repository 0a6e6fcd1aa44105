/** What the TL;DR screen says: it comes with the element. */
import { summarize } from '../en/summarize.js';
import { translated } from '../language.js';

/** Its words in the page's language. */
export const summarizeWords: typeof summarize = translated(summarize, {
  zh: async () => (await import('../zh.js')).screens.summarize,
});
