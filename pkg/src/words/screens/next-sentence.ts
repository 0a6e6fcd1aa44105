/** What the Next sentence screen says: it comes with the element. */
import { nextSentence } from '../en/next-sentence.js';
import { translated } from '../language.js';

/** Its words in the page's language. */
export const nextSentenceWords: typeof nextSentence = translated(nextSentence, {
  zh: async () => (await import('../zh.js')).screens.nextSentence,
});
