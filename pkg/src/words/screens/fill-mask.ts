/** What the Fill mask screen says: it comes with the element. */
import { fillMask } from '../en/fill-mask.js';
import { translated } from '../language.js';

/** Its words in the page's language. */
export const fillMaskWords: typeof fillMask = translated(fillMask, {
  zh: async () => (await import('../zh.js')).screens.fillMask,
});
