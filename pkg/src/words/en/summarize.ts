/** The TL;DR screen. */
import type { Mixed, SetApart } from '../mixed.js';

/** The TL;DR screen in English. */
export const summarize = {
  verb: 'Summarize',
  doing: 'Reading the document.',
  examples: {
    bridge: 'News',
    launch: 'A mail',
    program: 'A program',
    alice: 'Alice (too long)',
  },

  about:
    'GPT-2 can only go on with a text; but where one ends in “TL;DR:” (too long; didn’t read), what comes next on the web is a summary, and so a large GPT-2 writes one without having been taught to.',
  aboutAsked:
    'This model has learned to follow instructions. It is given the document with the request to sum it up, in the words that it was trained with; the exact prompt stands below the summary.',
  helpAsked: {
    term: 'the TL;DR cue',
    text: 'GPT-2, which was taught no tasks, was brought to sum up by TL;DR: after a text (section 3.6 of its paper). A model that follows instructions needs no such cue; type one into the settings to try it all the same.',
  },
  help: {
    term: 'the TL;DR cue',
    text: 'The authors of GPT-2 put TL;DR: after news articles, drew 100 tokens from the two likeliest each time, and took the first three sentences (section 3.6). Without the cue the summaries were clearly worse.',
  },
  own: 'The GPT-2 that comes with Cloze is far too small for that (14 million parameters). It was shown some ten thousand English texts with their summaries, and still does little more than copy a sentence, often not the one that matters. It is here to be taken apart: change the cue, the beams, or what is left out.',

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
  sentences: { label: 'Sentences', about: 'The summary has at most so many.' },
  num_beams: {
    label: 'Beams',
    about: 'So many texts are followed at once, and the most probable one is the summary; 1 writes token by token.',
  },
  top_k: {
    label: 'Top-k',
    about: 'With 1 beam, drawn from the k likeliest tokens: 1 takes the likeliest, the paper took 2, 0 is off.',
  },
  max_new_tokens: { label: 'Length', about: 'At most so many tokens; room for them is kept in the context.' },
  settingsAsked: (sentences: string) => `asked in a conversation, at most ${sentences}`,
  settingsCue: (cue: string, sentences: string) => `cue “${cue}”, at most ${sentences}`,

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
  summary: 'Summary',
  atMost: (sentences: string) => `at most ${sentences}`,
  noSentence: 'The model wrote nothing that is a sentence.',
  allWritten: 'All that was written',
  beingWritten: 'Being written',
  stream: 'Summary tokens',
  exactPrompt: 'The exact prompt',
  leftOutTokens: (tokens: string) => `Left out, ${tokens}:`,
  whatWasLeftOut: 'What was left out',
};
