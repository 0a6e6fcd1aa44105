/** Gaps that neither side alone fills; the models that come with the package show it. */
import { insideWords } from '../../../words/inside.js';
import type { Example } from '../../controllers/beginning.js';
import type { InsideState } from '../schema.js';

const say = insideWords.bothWays.examples;

export const EXAMPLES: readonly Example<InsideState>[] = [
  // The halves alone say “hot” and “so”, and pasted together still “so”.
  {
    get name() {
      return say.cold;
    },
    state: { text: 'It was so [MASK] that the water froze.', answer: 'cold' },
  },
  {
    get name() {
      return say.ball;
    },
    state: { text: 'The boy threw the [MASK] and the dog ran after it.', answer: 'ball' },
  },
  {
    get name() {
      return say.boat;
    },
    state: { text: 'They got into the [MASK] and rowed across the river.', answer: 'boat' },
  },
  {
    get name() {
      return say.key;
    },
    state: { text: 'I put the [MASK] in the lock and opened the door.', answer: 'key' },
  },
  {
    get name() {
      return say.side;
    },
    state: { text: 'The grass is always greener on the other [MASK].', answer: 'side' },
  },
];
