/** What is said where no model comes with the package: it comes with the element. */
import { bring } from '../en/bring.js';
import { translated } from '../language.js';

/** Its words in the page's language. */
export const bringWords: typeof bring = translated(bring, {
  zh: async () => (await import('../zh.js')).screens.bring,
});
