/** The view How surprised. */
import { isolated } from '../../mixed.js';

/** The view How surprised in English. */
export const surprise = {
  label: 'How surprised',
  about:
    'How much each word surprises the model, in bits. One bit: it had given the word an even chance; ten bits: one in a thousand. A model that writes judges each token by those before it, BERT by all the others.',
  help: {
    term: 'surprisal',
    text: 'The surprisal of a token is −log₂ of the probability that the model gave it. GPT’s add up to the information of the whole text, and 2 to the power of their mean is the perplexity: among how many equally likely tokens the model was in doubt. BERT masks each token in turn and guesses it from both sides; its sum is a pseudo-log-likelihood, which ranks sentences well but is no probability of a text. Compare a sentence with its words in another order, or one with a wrong verb. Bits per byte let models with different tokens be compared.',
  },
  empty: ['The words will stand here, shaded by how much they surprise the model, with their figures.'],
  examples: {
    last: 'A room, a moon, a jumble',
    agreement: 'Grammar: was or were',
    king: 'A king with bicycles',
  },

  scoring: (done: string, total: string, share: string) => `Scoring: sentence ${done} of ${total}, ${share}.`,
  scored: (tokens: string) => `Scoring: ${tokens} so far.`,
  summary: (sentences: string, best: string) => `${sentences}. Least surprising: “${isolated(best)}”`,
  summaryOne: (perplexity: string, bits: string) => `Perplexity ${perplexity}, ${bits} in all.`,
  bits: (bits: string) => `${bits} bits`,

  ranking: 'Ranking',
  sentence: 'Sentence',
  perplexity: { gpt: 'Perplexity', bert: 'Pseudo-perplexity' },
  totalBits: 'Bits in all',
  bitsPerByte: 'Bits per byte',
  bitsPerToken: 'Bits per token',
  pll: 'Pseudo-log-likelihood',
  nats: (nats: string) => `${nats} nats`,
  sortBy: 'Rank by',
  orders: { perplexity: 'perplexity', total: 'bits in all', bytes: 'bits per byte', text: 'the order of the text' },

  scale: 'Shades',
  scaleUnit: 'bits, also below each word',
  first: 'the first token',
  unit: 'bits',
  firstAbout: 'Nothing stands before the first token, so that nothing can be expected.',
  tokensOf: (sentence: string) => `Tokens of “${isolated(sentence)}”: arrow keys move`,

  detail: (bits: string, probability: string, rank: string) => `${bits} bits: probability ${probability}, ${rank}.`,
  rank: (rank: string) => `guess number ${rank} of the model`,
  firstGuess: 'the model’s first guess',
  expected: 'What was expected',
  here: 'here',
  token: 'Token',

  columns: ['sentence', 'token', 'start', 'end', 'bits', 'probability', 'rank', 'expected', 'expected probability'],
  table: 'All tokens as a table',
  picture: (sentences: string) => `${sentences}, each token with its surprisal in bits`,
};
