/** The examples of the Answer screen. */
import { answerWords } from '../../words/screens/answer.js';
import type { Example } from '../controllers/beginning.js';
import told from '../summarize/examples.json';
import type { AnswerState } from './schema.js';

const TOWER =
  'The Eiffel Tower was built from 1887 to 1889 by the company of the engineer Gustave Eiffel, as the entrance to a world’s fair. It is 330 metres high. For 41 years nothing made by people was taller, until the Chrysler Building was finished in New York in 1930.';

const say = answerWords.examples;

/** In the order of their chips. */
export const EXAMPLES: readonly Example<AnswerState>[] = [
  {
    get name() {
      return say.tower;
    },
    state: { question: 'When was the tower finished?', context: TOWER },
  },
  {
    get name() {
      return say.heir;
    },
    state: { question: 'Which building was the tallest after it?', context: TOWER },
  },
  {
    get name() {
      return say.none;
    },
    state: { question: 'How much did the tower cost?', context: TOWER, handle_impossible_answer: true },
  },
  {
    get name() {
      return say.long;
    },
    state: {
      question: 'What did the Rabbit take out of its waistcoat-pocket?',
      context: told.summarize.alice.state.document,
    },
  },
];
