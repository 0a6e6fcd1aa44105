/** The Next sentence screen. */
import { isolated, type Mixed } from '../mixed.js';

/** The Next sentence screen in English. */
export const nextSentence = {
  verb: 'Compare',
  doing: 'Reading both sentences.',
  examples: {
    glasses: 'It follows',
    gold: 'It does not',
    order: 'The order matters',
    which: 'Which comes next?',
  },

  about:
    'BERT reads two sentences together and judges whether the second one followed the first where it was written. It compares what they are about and how they are told, not whether they are true.',
  help: {
    term: 'next sentence prediction',
    text: 'While BERT learned, half of the pairs it saw were neighbours from one document, and half had a sentence from elsewhere; a small layer on its first token learned to tell them apart. The two probabilities add up to 100 %.',
  },
  own: 'The model that comes with Cloze is small and has read English only. It hears what two sentences are about better than which of them comes first.',

  a: 'Sentence A',
  b: 'Sentence B',
  noA: 'Type the first sentence, or choose an example above.',
  noB: 'Type a sentence that may follow the first.',
  noCandidate: 'Type a sentence here, or remove this box.',
  swap: 'Swap A and B',
  candidate: (number: number) => `Candidate ${number}`,
  removeCandidate: (number: number) => `Remove candidate ${number}`,
  add: 'Add another candidate',
  addAbout: 'Several candidates are ranked.',

  ranked: (sentences: string, time: string, first: string, probability: string) =>
    `${sentences} ranked in ${time}. First, with ${probability}: ${isolated(first)}`,
  answered: (time: string, probability: string) => `Answered in ${time}: B follows A with ${probability}.`,
  empty: [
    'How likely B follows A will stand here, and how likely it does not.',
    'Choose an example, or type two sentences and press Compare.',
  ],
  saysFollows: 'B follows A, says BERT.',
  saysNot: 'B does not follow A, says BERT.',
  pair: <T>(a: T, b: T): Mixed<T> => [a, ' → ', b],
  both: 'Both answers',
  answer: 'Answer',
  follows: 'B follows A',
  elsewhere: 'B comes from elsewhere',
  otherOrder: 'The other way round',
  before: 'A follows B',
  orderAlike: 'The order hardly matters to this model here: it judges by what both are about.',
  orderMatters: 'The order matters to this model here.',
  after: <T>(a: T): Mixed<T> => ['After ', a],
  likeliestFirst: 'Likeliest first',
  candidates: 'Candidate',
  followsA: 'Follows A',
  isBefore: (probability: string) => `A follows it: ${probability}`,
  rankedAbout: 'Each candidate is judged alone, so that the figures do not add up to 100 %.',
};
