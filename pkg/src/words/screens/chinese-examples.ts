/** How the Chinese examples of the Fill mask screen are called: it comes with them. */
import { chineseExamples } from '../en/chinese-examples.js';
import { translated } from '../language.js';

/** Their names in the page's language. */
export const chineseExampleWords: typeof chineseExamples = translated(chineseExamples, {
  zh: async () => (await import('../zh.js')).screens.chineseExamples,
});
