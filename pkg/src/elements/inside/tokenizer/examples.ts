/** Texts that tokenizers cut in ways of their own. */
import { insideWords } from '../../../words/inside.js';
import type { Example } from '../../controllers/beginning.js';
import type { InsideState } from '../schema.js';

const say = insideWords.tokenizer.examples;

export const EXAMPLES: readonly Example<InsideState>[] = [
  {
    get name() {
      return say.words;
    },
    state: { text: 'The unbelievable tokenization of lighthouses.', at: 4, cut: 0 },
  },
  {
    get name() {
      return say.accents;
    },
    state: { text: 'The naïve café owner smiled 🙂 and said “oui”.', at: 10, cut: 0 },
  },
  {
    get name() {
      return say.scripts;
    },
    state: { text: 'Tokyo is 東京, Moscow is Москва, Athens is Αθήνα.', at: 9, cut: 0 },
  },
  {
    get name() {
      return say.numbers;
    },
    state: { text: 'In 1969, f(x) = 3.14159 * x ** 2; // don’t ask', at: 3, cut: 0 },
  },
];
