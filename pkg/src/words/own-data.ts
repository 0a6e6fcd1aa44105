/** What is said of the texts and tables that come with the package; fetched with them, apart from the other words. */
import { ownData } from './en/own-data.js';
import { translated } from './language.js';

/** The shape of every language. */
export type OwnDataWords = typeof ownData;

/** The words in the page's language. */
export const ownDataWords: OwnDataWords = translated<OwnDataWords>(ownData, {
  zh: async () => (await import('./zh/own-data.js')).ownData,
});
