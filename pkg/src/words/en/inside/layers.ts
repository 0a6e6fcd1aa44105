/** The view Layer by layer. */
import { isolated, type Mixed } from '../../mixed.js';

/** The view Layer by layer in English. */
export const layers = {
  label: 'Layer by layer',
  about:
    'What the model would say if it ended after each layer: its last step, the head that turns a vector into words, put on the vectors in between.',
  help: {
    term: 'the logit lens',
    text: 'Each layer adds to the vectors of the one before, so that the head can read them anywhere. Early layers say little that makes sense, as the head was never trained for them; look for the layer from which the answer is there, and for what stood in its place until then. In BERT put [MASK] where an answer is wanted: a token that it sees it mostly repeats.',
  },
  examples: { greener: 'A proverb', keys: 'Grammar', once: 'GPT-2: a story begins' },
  empty: [
    'A table will stand here: a row for each token, a column for each layer, and in each cell what the model would say there.',
    'Choose an example, or type a text with [MASK] and press Look inside.',
  ],
  both: 'BERT’s answer at a token is what it takes that token to be. The darker a cell, the likelier the final answer is there already; the framed one is the first in which it leads.',
  leftToRight:
    'The answer at a token is what comes after it. The darker a cell, the likelier the final answer is there already; the framed one is the first in which it leads.',
  progress: (done: number, total: number) => `Reading the layers: ${Math.round((100 * done) / total)} %.`,
  caption: 'What the model would say after each layer, for each token',
  token: 'Token',
  input: 'Input',
  layer: (layer: number) => `Layer ${layer}`,
  firstAt: (layer: number) => (layer === 0 ? 'in the input' : `after layer ${layer}`),
  leads: 'here the final answer leads first',
  answer: (token: string, answer: string, probability: string, when: string) =>
    `At “${isolated(token)}” the final answer is “${isolated(answer)}” with ${probability}; it leads first ${when}.`,
  here: (probability: string) => `In this cell it has ${probability}.`,
  ofInput: 'Of the input',
  afterLayer: (layer: number) => `After layer ${layer}`,
  at: <T>(token: T): Mixed<T> => ['at ', token],
  guess: 'Guess',
};
