/** What the screens that write have in common: the stream of tokens and what could have come. */
import type { Mixed } from '../mixed.js';

/** Writing in English. */
export const writing = {
  stream: 'Generated tokens',
  /** Why the writing ended. */
  ends: {
    eos: 'the model ended the text',
    stop: 'a stop string came',
    length: 'the length you set was reached',
    context: 'the context is full',
    sentences: 'the sentences you asked for are there',
  },
  finished: (tokens: string, time: string, why: string) => `Finished: ${tokens} in ${time}; ${why}.`,
  soFar: (tokens: string) => `Writing: ${tokens} so far.`,
  readingPrompt: (done: number, tokens: string) => `Reading the prompt: ${done} of ${tokens}.`,
  writing: 'Writing.',
  stoppedAfter: (tokens: string) => `Stopped after ${tokens}.`,
  thenStopped: (tokens: string) => `${tokens}, then stopped`,

  seed: 'Seed',
  seedAbout: 'The same seed draws the same text; empty takes a new one each time.',
  seedPlaceholder: 'new each time',

  wholeText: (text: string) => `The whole text: ${text}`,
  howToLook: 'Click a token, or move with the arrow keys, to see what else could have come.',
  shade: 'Shade what was unlikely',
  alternativesTo: (token: string) => `Alternatives to “${token}”`,
  wrote: <T>(token: T, probability: string): Mixed<T> => ['The model wrote ', token, ` with ${probability}.`],
  chooseAnother: ' Choose another token to continue from there.',
  closeAlternatives: 'Close the alternatives',
  couldHaveCome: 'What could have come here',
  token: 'Token',
  writtenHere: (token: string) => `${token}, written here`,
  continueWith: (token: string) => `Continue with ${token}`,
};
