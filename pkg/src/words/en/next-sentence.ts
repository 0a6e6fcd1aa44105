/** The Next sentence screen. */

const letter = 'She opened the letter with trembling hands.';

/** The Next sentence screen in English. */
export const nextSentence = {
  verb: 'Compare',
  doing: 'Reading both sentences.',
  examples: {
    follows: { name: 'It follows', a: letter, b: 'It was from her brother, whom she had thought dead.' },
    doesNot: { name: 'It does not', a: letter, b: 'The currency of the country is the franc.' },
    which: {
      name: 'Which comes next?',
      a: 'The ship left the harbour at dawn.',
      b: 'By noon the coast was out of sight.',
      candidates: [
        'The election was held in November.',
        'The captain looked at the sky.',
        'My fellow citizens, the budget must be balanced.',
      ],
    },
  },

  about:
    'BERT reads two sentences together and judges whether the second one followed the first where it was written. It compares what they are about and how they are told, not whether they are true.',
  help: {
    term: 'next sentence prediction',
    text: 'While BERT learned, half of the pairs it saw were neighbours from one document, and half had a sentence from elsewhere; a small layer on its first token learned to tell them apart. The two probabilities add up to 100 %.',
  },
  own: 'The model that comes with this page is small: it was right on 86 of 100 pairs it had never seen.',

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
    `${sentences} ranked in ${time}. First: “${first}”, ${probability}.`,
  answered: (time: string, probability: string) => `Answered in ${time}: B follows A with ${probability}.`,
  empty: [
    'How likely B follows A will stand here, and how likely it does not.',
    'Choose an example, or type two sentences and press Compare.',
  ],
  saysFollows: 'B follows A, says BERT.',
  saysNot: 'B does not follow A, says BERT.',
  pair: (a: string, b: string) => `“${a}” → “${b}”`,
  both: 'Both answers',
  answer: 'Answer',
  follows: 'B follows A',
  elsewhere: 'B comes from elsewhere',
  otherWay: (probability: string) => `The other way round, B follows A with ${probability}.`,
  otherWayAlike: (probability: string) =>
    `The other way round, B follows A with ${probability}: the order hardly matters to this model.`,
  trySwapping: 'Swap the sentences to see whether their order matters to BERT.',
  after: (a: string) => `After “${a}”`,
  likeliestFirst: 'Likeliest first',
  candidates: 'Candidate',
  followsOrNot: 'Follows / does not',
  doesNot: (probability: string) => `does not: ${probability}`,
  rankedAbout: 'Each candidate is judged alone, so that the figures do not add up to 100 %.',
};
