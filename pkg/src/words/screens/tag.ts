/** What the Tag screen says: it comes with the element. */
import { tag } from '../en/tag.js';
import { translated } from '../language.js';

/** Its words in the page's language. */
export const tagWords: typeof tag = translated(tag, {
  zh: async () => (await import('../zh.js')).screens.tag,
});
