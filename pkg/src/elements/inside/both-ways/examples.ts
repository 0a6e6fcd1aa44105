/** Gaps that neither side alone fills; the models that come with the package show it. */
import { insideWords } from '../../../words/inside.js';
import type { Example } from '../../controllers/beginning.js';
import type { InsideState } from '../schema.js';

const say = insideWords.bothWays.examples;

export const EXAMPLES: readonly Example<InsideState>[] = [
  { name: say.horse, state: { text: 'The man got on his [MASK] and rode away.', answer: 'horse' } },
  { name: say.key, state: { text: 'I put the [MASK] in the lock and opened the door.', answer: 'key' } },
  { name: say.tired, state: { text: 'He was so [MASK] that he fell asleep at once.', answer: 'tired' } },
  { name: say.side, state: { text: 'The grass is always greener on the other [MASK].', answer: 'side' } },
];
