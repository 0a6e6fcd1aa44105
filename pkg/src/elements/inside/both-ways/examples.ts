/** Gaps that neither side alone fills; the models that come with the package show it. */
import { insideWords } from '../../../words/inside.js';
import type { Example } from '../../controllers/screen.js';
import type { InsideState } from '../schema.js';

const say = insideWords.bothWays.examples;

export const EXAMPLES: readonly Example<InsideState>[] = [
  {
    get name() {
      return say.horse;
    },
    state: { text: 'The man got on his [MASK] and rode away.', answer: 'horse' },
  },
  {
    get name() {
      return say.key;
    },
    state: { text: 'I put the [MASK] in the lock and opened the door.', answer: 'key' },
  },
  {
    get name() {
      return say.tired;
    },
    state: { text: 'He was so [MASK] that he fell asleep at once.', answer: 'tired' },
  },
  {
    get name() {
      return say.side;
    },
    state: { text: 'The grass is always greener on the other [MASK].', answer: 'side' },
  },
];
