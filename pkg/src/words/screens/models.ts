/** What the Models screen says: it comes with the element. */
import { models } from '../en/models.js';
import { translated } from '../language.js';

/** Its words in the page's language. */
export const modelsWords: typeof models = translated(models, {
  zh: async () => (await import('../zh.js')).screens.models,
});
