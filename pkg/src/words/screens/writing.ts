/** What screens that write say: it comes with the element. */
import { writing } from '../en/writing.js';
import { translated } from '../language.js';

/** Its words in the page's language. */
export const writingWords: typeof writing = translated(writing, {
  zh: async () => (await import('../zh.js')).screens.writing,
});
