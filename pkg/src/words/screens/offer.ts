/** What is said of a model that a screen offers: it comes with the element. */
import { offer } from '../en/offer.js';
import { translated } from '../language.js';

/** Its words in the page's language. */
export const offerWords: typeof offer = translated(offer, {
  zh: async () => (await import('../zh.js')).screens.offer,
});
