/** What all screens have: the frame of the page, loading, problems, settings, facts. */
import type { Mixed } from '../mixed.js';

/** The screens' names, as on their tabs. */
export const labels = {
  'fill-mask': 'Fill mask',
  'next-sentence': 'Next sentence',
  generate: 'Generate',
  summarize: 'TL;DR',
  inside: 'Inside',
  train: 'Train',
  models: 'Models',
  answer: 'Answer',
  classify: 'Classify',
  tag: 'Tag',
};

/** Scripts whose name is not that of a language. */
const scripts: Readonly<Record<string, string>> = {
  Han: 'Chinese',
  Hiragana: 'Japanese',
  Katakana: 'Japanese',
  Hangul: 'Korean',
  Cyrillic: 'Cyrillic letters',
  Devanagari: 'Devanagari letters',
  Ethiopic: 'Ethiopic letters',
  Gurmukhi: 'Punjabi',
  Myanmar: 'Burmese',
  Sinhala: 'Sinhalese',
};

/** The frame of a screen. */
export const frame = {
  filesFromDevice: 'Files from this device',
  brought: {
    answer: 'finds the answer to a question in a text',
    classify: 'says which class a text, or a pair of texts, belongs to',
    tag: 'marks names and other classes of words in a text',
  },
  /** What sentences and their parts are set apart by where a screen puts them together. */
  marks: { comma: ', ', semicolon: '; ', colon: ': ', fullStop: '.', between: ' ' },

  examples: 'Examples',
  tryOne: 'Try',
  stop: 'Stop',
  keys: (modifier: string) => `${modifier} + Enter`,
  results: 'Results',
  copy: 'Copy',
  shareLink: 'Share link',
  cannotSave: 'Not saved: what makes the file could not be fetched. Try again with a network.',
  saveRun: 'Save run',
  settings: 'Settings',
  retry: 'Retry',
  reload: 'Reload the page',
  reset: 'Reset settings',

  /** The models that come with the package. */
  ownBert: 'the small BERT that comes with Cloze',
  ownGpt: 'the small GPT-2 that comes with Cloze',
  /** Whose answer is shown. */
  answerOf: <T>(model: T): Mixed<T> => ['Answered by ', model, '.'],

  /** Where a model that has read English alone is given something else. */
  otherLanguage:
    'This does not look like English, and the model has read nothing else: what it answers says nothing about this text.',
  otherScript: (script: string) =>
    `The model has read English alone and knows no ${scripts[script] ?? script}: what it answers says nothing about this text.`,

  nowWith: <T>(model: T): Mixed<T> => ['Now with the model ', model, '.'],

  loading: 'Loading the model.',
  loadingFirst: (verb: string) => `The model is still loading. “${verb}” is noted: it starts when the model is here.`,
  ready: 'The model is ready.',
  loadingStopped: 'Loading was stopped for this screen. What has arrived is kept.',
  stopped: 'Stopped.',
  opening: 'Opening the model',
  fetching: 'Fetching the model and the program that runs it',
  paused: 'Loading is paused',
  meanwhile: (verb: string) => `You can write, choose and press “${verb}” meanwhile.`,
  remembered: (verb: string) => `“${verb}” is noted and starts by itself. You can still change what you wrote.`,
  pauseLoading: 'Pause loading',
  resumeLoading: 'Resume loading',
  stopLoading: 'Stop loading',
  progress: (what: string, amount: string) => `${what}: ${amount}`,

  copied: (characters: string) => `Copied: ${characters}.`,
  cannotCopy: 'The browser does not allow copying here. Select the text and copy it by hand.',
  runSaved: (file: string) => `Saved as ${file}. “cloze replay ${file}” runs it again and compares.`,
  runSavedWithoutHash: (file: string) =>
    `Saved as ${file}. The hash of the model’s weights is not known here, so it cannot be checked when it is run again.`,
  linkCopied: (content: string) => `Link copied. ${content}`,
  cannotCopyLink: (link: string) => `The browser does not allow copying here. The link: ${link}`,
  linkContent: 'Whoever opens it sees this screen.',

  whatIs: (term: string) => `What is ${term}?`,
  probability: 'Probability',
  tokenNumber: 'number ',
  wholeNumberFrom: (min: number) => `A whole number from ${min}.`,
  wholeNumber: (min: number, max: number) => `A whole number from ${min} to ${max}.`,
  numberFrom: (min: number) => `A number from ${min}.`,
  number: (min: number, max: number) => `A number from ${min} to ${max}.`,

  facts: {
    time: 'Time',
    read: 'Read',
    speed: 'Speed',
    written: 'Written',
    seed: 'Seed',
    model: 'Model',
    build: 'Build',
    modelIs: (name: string, parameters: string, dtype: string) => `${name}, ${parameters} parameters, ${dtype}`,
    oneThread: (build: string) => `${build}, 1 thread`,
    threads: (build: string, threads: number) => `${build}, ${threads} threads`,
    readIn: (tokens: string, time: string) => `${tokens} in ${time}`,
  },

  /** What a state that a page sets may be refused for; for whoever wrote the page. */
  state: {
    noObject: 'a state is an object',
    unknown: (key: string, near: string | undefined, keys: readonly string[]) =>
      near === undefined
        ? `${key} does not exist (there are ${keys.join(', ')})`
        : `${key} does not exist; did you mean ${near}?`,
    mustBe: (key: string, what: string) => `${key} must be ${what}`,
    /** Of an attribute. */
    mustNotBe: (name: string, what: string, value: string) => `${name} must be ${what}, not “${value}”`,
    unknownAttribute: (name: string, near: string) => `there is no attribute ${name}; did you mean ${near}?`,
    noExamples: 'examples must be a list of objects like {"name": "…", "state": {…}}',
    inExample: (name: string, problem: string) => `the example “${name}”: ${problem}`,
    text: 'a text',
    flag: 'true or false',
    oneOf: (values: readonly string[]) => `one of ${values.join(', ')}`,
    list: 'a list of texts',
    someOf: (names: readonly string[]) => `names out of ${names.join(', ')}, with blanks between them, or none`,
    someNames: 'names with blanks between them, or none',
    number: 'a number',
    numberWithin: (min: number, max: number, whole: boolean) =>
      `a ${whole ? 'whole ' : ''}number from ${min} to ${max}`,
    seed: 'a whole number from 0',
    refused: (element: string, problems: readonly string[]) => `${element}: ${problems.join('; ')}`,
  },

  /** What a link may hold that cannot be read. */
  link: {
    noTask: 'it names no task',
    unknownTask: (task: string) => `there is no task “${task}”`,
    unknownKey: (key: string) => `“${key}” is not a setting of this tab`,
    notANumber: (key: string) => `“${key}” is not a number`,
    notAFlag: (key: string) => `“${key}” is not a true or false`,
  },
};
