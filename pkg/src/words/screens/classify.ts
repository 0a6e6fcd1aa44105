/** What the Classify screen says: it comes with the element. */
import { classify } from '../en/classify.js';
import { translated } from '../language.js';

/** Its words in the page's language. */
export const classifyWords: typeof classify = translated(classify, {
  zh: async () => (await import('../zh.js')).screens.classify,
});
