/** What the Train screen says. It stands apart from the other words, as it is fetched when that screen is opened. */
import { train } from './en/train.js';
import { translated } from './language.js';

/** The shape of every language. */
export type TrainWords = typeof train;

/** The words of the Train screen in the page's language. */
export const trainWords: TrainWords = translated<TrainWords>(train, {
  zh: async () => (await import('./zh/train.js')).train,
});
