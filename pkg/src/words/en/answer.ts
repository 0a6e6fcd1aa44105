/** The Answer screen. */
import { isolated } from '../mixed.js';

/** The Answer screen in English. */
export const answer = {
  verb: 'Answer',
  doing: 'Reading the text.',
  window: (index: number, windows: number) => `Read ${index} of ${windows} windows of the text.`,
  examples: {
    tower: 'A date',
    heir: 'Between the lines',
    none: 'No answer',
    long: 'A long text',
  },

  about:
    'A model that was fine-tuned for it marks where in a text the answer to a question begins and where it ends. It only quotes: what the text does not say, it cannot answer.',
  help: {
    term: 'extractive question answering',
    text: 'Question and text are read together. A small layer gives each token two scores: that the answer begins there, and that it ends there. The best answer is the pair, beginning before end, whose two probabilities have the largest product.',
  },
  needs: 'This screen takes a BERT that was fine-tuned to answer questions, and none comes with Cloze.',
  offers: {
    squad: 'always points at some place in the text',
    squad2: 'small; has also learned that a text may not have the answer',
  },

  question: 'Question',
  context: 'Context',
  noQuestion: 'Type a question, or choose an example above.',
  noContext: 'Paste the text in which the answer is to be looked for.',

  top_k: { label: 'Answers', about: 'The best so many places in the text.' },
  max_answer_len: { label: 'Longest answer', about: 'At most so many tokens.' },
  doc_stride: {
    label: 'Overlap',
    about: 'A long text is read in windows; two neighbours share so many tokens, so that no answer is cut in two.',
  },
  impossible: 'Allow “no answer”',
  impossibleAbout: 'Only a model that has seen questions without an answer (SQuAD 2.0) knows what that means.',
  settings: (answers: string, impossible: boolean) => (impossible ? `${answers}, or none` : answers),

  empty: [
    'The answer will stand here, and where in the text it was found.',
    'Choose an example, or type a question and paste a text.',
  ],
  answered: (answer: string, probability: string, time: string) =>
    `${isolated(answer)} (${probability}), found in ${time}.`,
  noAnswer: 'No answer in this text',
  best: 'The best places',
  answer: 'Answer',
  place: (start: number, end: number) => `characters ${start}–${end}`,
  chosen: (answer: string, probability: string) => `Marked in the text: ${isolated(answer)}, ${probability}.`,
  inTheText: 'In the text',
  null: 'No answer in it',
  nullAbout:
    'The probability of pointing at nothing, on the same scale. It means something in a model that has seen questions without an answer.',
  readIn: (tokens: string, windows: string) => `${tokens} in ${windows}`,
};
