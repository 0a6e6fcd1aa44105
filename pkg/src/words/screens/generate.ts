/** What the Generate screen says: it comes with the element. */
import { generate } from '../en/generate.js';
import { translated } from '../language.js';

/** Its words in the page's language. */
export const generateWords: typeof generate = translated(generate, {
  zh: async () => (await import('../zh.js')).screens.generate,
});
