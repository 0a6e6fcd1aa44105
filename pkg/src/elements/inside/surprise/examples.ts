/** What the view How surprised shows at first; the models that come with the package answer it as one would. */
import { insideWords } from '../../../words/inside.js';
import type { Example } from '../../controllers/beginning.js';
import type { InsideState } from '../schema.js';

const say = insideWords.surprise.examples;

export const EXAMPLES: readonly Example<InsideState>[] = [
  {
    get name() {
      return say.last;
    },
    state: {
      text: [
        'She opened the door and went into the room.',
        'She opened the door and went into the moon.',
        'Went moon the into opened and door the she.',
      ].join('\n'),
      own: 'gpt',
      sentence: 1,
      token: 8,
    },
  },
  {
    get name() {
      return say.agreement;
    },
    state: {
      text: 'The keys to the old house were lost.\nThe keys to the old house was lost.',
      own: 'bert',
      sentence: 1,
      token: 6,
    },
  },
  {
    get name() {
      return say.king;
    },
    state: {
      text: 'Once upon a time there was a king who had three daughters.\nOnce upon a time there was a king who had three bicycles.',
      own: 'bert',
      sentence: 1,
      token: 11,
    },
  },
];
