/** What the Answer screen says: it comes with the element. */
import { answer } from '../en/answer.js';
import { translated } from '../language.js';

/** Its words in the page's language. */
export const answerWords: typeof answer = translated(answer, {
  zh: async () => (await import('../zh.js')).screens.answer,
});
