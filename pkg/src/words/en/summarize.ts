/** The TL;DR screen. */
import type { Mixed, SetApart } from '../mixed.js';
import { documents } from './documents.js';

/** The TL;DR screen in English. */
export const summarize = {
  verb: 'Summarize',
  doing: 'Reading the document.',
  examples: documents,

  about:
    'GPT-2 can only go on with a text; but where one ends in “TL;DR:” (too long; didn’t read), what comes next on the web is a summary, and so it writes one. Nobody had to teach it the task.',
  help: {
    term: 'the TL;DR cue',
    text: 'The authors of GPT-2 put TL;DR: after news articles, drew 100 tokens from the two likeliest each time, and took the first three sentences (section 3.6). Without the cue the summaries were clearly worse.',
  },
  own: 'The model that comes with this page is small (14 million parameters) and was shown some ten thousand texts with their summaries: it says in a sentence what sort of thing a text is about, and often gets the particulars wrong.',

  document: 'Document',
  placeholder: 'Paste a text to be summarised.',
  noDocument: 'Paste a text to be summarised, or choose an example above.',

  leaveOut: 'Of a document that is too long, leave out',
  parts: {
    tail: { name: 'its end', about: 'The model sees the beginning.' },
    head: { name: 'its beginning', about: 'The model sees the end.' },
    middle: { name: 'its middle', about: 'The model sees both ends.' },
  },
  cue: 'Cue',
  cueAbout: <T>(token: SetApart<T>): Mixed<T> => [
    'Put after the document; ',
    token('\\n'),
    ' is a line break. Try without it.',
  ],
  canBeAsked: ' This model can be asked: as long as the cue is this one, it gets a question instead.',
  sentences: { label: 'Sentences', about: 'The summary is the first so many sentences.' },
  num_beams: {
    label: 'Beams',
    about: 'So many texts are followed at once, and the most probable one is the summary; 1 writes token by token.',
  },
  top_k: {
    label: 'Top-k',
    about: 'With 1 beam, drawn from the k likeliest tokens: 1 takes the likeliest, the paper took 2, 0 is off.',
  },
  max_new_tokens: { label: 'Length', about: 'At most so many tokens; room for them is kept in the context.' },
  settingsAsked: (sentences: string) => `asked as a question, first ${sentences}`,
  settingsCue: (cue: string, sentences: string) => `cue “${cue}”, first ${sentences}`,

  budget: {
    label: 'Room for the document',
    unread: 'How much of the document the model can read is shown here.',
    uncounted: 'The tokens are counted when the model is there.',
    roomFor: (tokens: string, budget: number) => `${tokens}, room for ${budget}:`,
    leftOut: (part: string, tokens: string) => `${part} is left out (${tokens}).`,
    all: (budget: number) => `of ${budget}: all of it is read.`,
    forCue: (context: number, cue: number, rest: number) =>
      `The context has ${context} tokens; ${cue} go to the cue, ${rest} to the summary.`,
    forQuestion: (context: number, question: number, rest: number) =>
      `The context has ${context} tokens; ${question} go to the question, ${rest} to the summary.`,
    help: {
      term: 'the context',
      text: 'A model reads at most so many tokens at once, prompt and answer together. What does not fit is left out, and said so here.',
    },
  },

  empty: [
    'The summary will be written here, and the exact prompt that asked for it.',
    'Choose an example, or paste a text and press Summarize.',
  ],
  summary: (sentences: string) => `Summary: the first ${sentences}`,
  noSentence: 'The model wrote nothing that is a sentence.',
  allWritten: 'All that was written',
  beingWritten: 'Being written',
  stream: 'Summary tokens',
  exactPrompt: 'The exact prompt',
  leftOutTokens: (tokens: string) => `Left out, ${tokens}:`,
  whatWasLeftOut: 'What was left out',
};
