/** The view Masking game. */
import { isolated } from '../../mixed.js';

/** The view Masking game in English. */
export const masking = {
  label: 'Masking game',
  about:
    'BERT’s school, played with you: of two pieces of text 15 % of the tokens are chosen and hidden as in training. You guess first, then the model; both say whether the second piece follows the first.',
  help: {
    term: 'BERT’s pre-training',
    text: 'Of the tokens 15 % are chosen. Of these 80 % become [MASK], 10 % become a random token and 10 % stay: were all of them masked, the model would have learned nothing about texts without masks. It is not told which is which, and is judged on all that were chosen and on no other. In half of the pairs the second piece is the one that follows, in the other half one from elsewhere. The loss is the mean cross-entropy over the chosen tokens plus the cross-entropy of “follows”; it is what training makes small. The seed decides everything that is drawn.',
  },
  empty: ['Press Look inside: two pieces of a text are drawn, and some of their tokens are hidden.'],
  examples: {
    bird: 'The bird in the snow',
    letter: 'The letter',
    ship: 'The ship',
  },

  own: 'The text (reading it spoils the game)',
  text: 'Text, several sentences',
  textAbout:
    'Two neighbouring pieces are drawn from it; where the second one is to be foreign, it comes from another story.',
  oneSentence: 'Type at least two sentences: the game needs a first and a second piece.',
  seed: 'Seed',
  seedAbout: 'The same seed draws the same pieces, tokens and masks.',
  again: 'New game',
  stages: 'Stages',
  stageNames: {
    choose: 'Choose 15 %',
    replace: 'Replace: 80 / 10 / 10',
    guess: 'You guess',
    answer: 'The model answers',
  },
  next: 'Next',
  back: 'Back',
  reveal: 'See the model’s answers',

  chosenOf: (chosen: string, tokens: string) => `${chosen} of ${tokens} were chosen; they are numbered, and hidden.`,
  replaced: (number: string, masked: boolean) =>
    masked
      ? `Number ${number} becomes [MASK].`
      : `Number ${number} shows a word: a random one, or its own. Neither you nor the model is told which.`,
  toReplace: (left: string) => `${left} to be replaced.`,
  allReplaced: 'This is what the model is given.',
  gapName: (number: string) => `number ${number}, hidden`,
  shownName: (number: string, token: string) => `number ${number}, shows “${isolated(token)}”`,
  pieces: { a: 'A', b: 'B' },

  yourGuesses: 'Your guesses',
  guessOf: (number: string) => `Number ${number}: what stood here?`,
  guessAbout: 'Case does not count; of a piece with ## write the piece.',
  follows: 'Does B follow A in the story?',
  yes: 'It follows',
  no: 'It is from elsewhere',

  result: 'Score',
  you: 'You',
  model: 'The model',
  score: (right: string, of: string) => `${right} of ${of}`,
  number: 'No.',
  stood: 'Stood there',
  shown: 'Was shown',
  kinds: { mask: 'masked, 80 %', random: 'random, 10 %', keep: 'kept, 10 %' },
  yourGuess: 'You',
  noGuess: 'no guess',
  modelGuess: 'The model',
  probability: 'Probability of the right one',
  loss: 'Loss, nats',
  right: 'right',
  wrong: 'wrong',
  rank: (rank: string) => `guess number ${rank}`,
  pairRow: 'B follows A',
  truth: { next: 'it follows', random: 'from elsewhere' },
  mlmLoss: (mean: string, chosen: string) => `Masked tokens: ${mean} nats (mean over ${chosen}, and no other)`,
  nspLoss: (loss: string, probability: string) => `Next sentence: ${loss} nats (−ln ${probability})`,
  noNsp: 'This model was not taught next sentences: there is no second loss.',
  sum: (sum: string) => `Both losses summed: ${sum} nats`,
  guesses: (number: string) => `What the model thought of number ${number}`,
  candidates: 'The model’s first five guesses',
  noneChosen: 'No token of this text can be chosen.',

  summary: {
    choose: (chosen: string) => `${chosen} chosen. Press Next.`,
    answer: (you: string, model: string) => `You ${you}, the model ${model}.`,
  },
  columns: [
    'number',
    'piece',
    'stood there',
    'kind',
    'shown',
    'your guess',
    'model’s guess',
    'probability',
    'rank',
    'loss (nats)',
  ],
  table: 'The answers as a table',
  picture: 'Two pieces of text with the tokens that were chosen',
};
