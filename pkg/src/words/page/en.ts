/** English: what code of the page says beside the screens, errors above all. An option's sentence follows its name. */

/** The architectures by their `model_type`, as people write them. */
export const architectures = {
  bert: 'BERT',
  distilbert: 'DistilBERT',
  roberta: 'RoBERTa',
  albert: 'ALBERT',
  gpt2: 'GPT-2',
  'openai-gpt': 'GPT-1',
  llama: 'Llama',
};

export const optionErrors = {
  string: (type: string) => `must be a string, not ${type}`,
  list: 'a list',
  strings: 'must be a list of strings',
  ids: 'must be a list of token ids, whole numbers from 0',
  function: (type: string) => `must be a function, not ${type}`,
  signal: 'must be an AbortSignal',
  noObject: 'must be an object such as { signal }',
  meant: (place: string, near: string) => `does not exist in ${place}. Did you mean "${near}"?`,
  elsewhere: (place: string, others: readonly string[], names: readonly string[]) =>
    `belongs to ${others.join(', ')} and not to ${place}, which has ${names.join(', ')}`,
  unknown: (place: string, names: readonly string[]) => `does not exist in ${place}, which has ${names.join(', ')}`,
  withoutJoint: 'hears of masks that are filled jointly. Set joint as well',
  flag: (value: string) => `must be true or false, not ${value}`,
  number: (limit: string, value: string, hint: string) => `must be ${limit}, not ${value}${hint && `. ${hint}`}`,
  /** What a number may be. */
  limits: {
    whole: 'a whole number',
    any: 'a number',
    from: (kind: string, min: number) => `${kind} of at least ${min}`,
    fromTo: (kind: string, min: number, max: number) => `${kind} from ${min} to ${max}`,
  },
  noneOf: (value: string, allowed: readonly string[]) => `"${value}" is none of ${allowed.join(', ')}`,
  neither: (value: string, one: string, other: string) => `"${value}" is neither ${one} nor ${other}`,
  onlyWasm: (device: string) => `"${device}" is not wasm, the only one there is`,
  threads: 'must be a whole number of at least 1',
  noCandidates: 'the list of candidates is empty',
  jointTargets: 'cannot be scored while masks are filled jointly. Leave joint out',
  message: (index: number) => `number ${index} must be an object with a role, a string, and content`,
  objects: 'must be a list of objects',
  noJson: (why: string) => `cannot be written as JSON: ${why}`,
  ofConversations: 'is for conversations: give messages instead of a text',
  notAsMany: (contexts: number, questions: number) =>
    `must be one text or as many as there are questions, ${questions}, not ${contexts}`,
  noPair: 'must be a text, or an object with text and text_pair',
  nothingToRead: (input: string) => `The ${input} is empty: the model’s tokenizer drops all of its characters.`,
  noTexts: 'the list of texts is empty',
  uneven:
    'must be true, or all texts of as many tokens: the rows of a tensor are equally long (or set return_tensor to false)',
  paddingWithoutLength: '"max_length" needs the option max_length here',
  severalRows: 'has several rows. Use batch_decode()',
  oneRow: 'must be one row of tokens',
  notHanded: 'is none that a pipeline handed over: a streamer has the texts of those alone',
  streamer: 'must be a TextStreamer, or an object with the functions put and end',
  sameTexts: 'above 1 draws several texts, and without do_sample all are the same: set do_sample to true',
  withoutQuantize: 'says how vectors are quantized. Set quantize as well',
  quantizePooled: 'needs one vector a text: set pooling, such as to "mean"',
  quantizeWidth: (width: number) => `needs vectors whose width is a multiple of 8, and this model's is ${width}`,
  oneStream: 'must be 1: stream() writes one text',
  oneAtATime: 'must be one text or one conversation; stream() writes one at a time',
  unsendable: 'An option holds something that cannot be sent to a worker.',
};

export const buildErrors = {
  noSimd: 'This browser runs no WebAssembly with SIMD. Use Chrome 91, Firefox 89, Safari 16.4 or later.',
  noRelaxedSimdFor: (build: string) =>
    `This browser has no relaxed SIMD, so it cannot run the build "${build}". Use "auto".`,
  cannotRun: (build: string, reason: string) => `The build "${build}" cannot run here. ${reason}`,
  /** Why there are no threads. */
  threadsOff: {
    buildWithout: 'The build without threads was asked for.',
    noRelaxedSimd: 'This browser has no relaxed SIMD, which the build with threads uses.',
    notStarted: 'The threads did not start.',
    oneThread: 'One thread was asked for.',
    notIsolated: 'This page is not cross-origin isolated: its server does not send the headers COOP and COEP.',
    oneCore: 'This machine has one core.',
  },
};

export const workerErrors = {
  /** No error: what is said until the worker speaks. */
  starting: 'Starting the model’s worker',
  failed: (why: string) => `The model’s worker failed: ${why}. Try again.`,
  gone: 'The model’s worker is gone. Try again.',
  notStarted: (why: string) =>
    `The model’s worker could not be started: ${why}. Was the package’s dist folder published whole? The page’s Content-Security-Policy, if it has one, must allow workers (worker-src 'self').`,
  notStartedElsewhere: (why: string, origin: string) =>
    `The model’s worker could not be started: ${why}. Its files come from ${origin}, which is not this page’s own origin (a sandboxed page has none): that server must allow it (Access-Control-Allow-Origin: *), and the page’s Content-Security-Policy, if it has one, must allow workers from blob: (worker-src blob:) and scripts from ${origin}.`,
  noFiles:
    'The package’s files cannot be found from this script, which has an address of its own (blob: or data:). Import the package from where its files lie (https://…/dist/index.js).',
  noWorkers: {
    node: 'Cloze runs in browsers: here, in Node or another server, are no web workers. Call pipeline() in the page: in a framework that renders on the server, where only the browser runs (in React inside useEffect, or after an event).',
    serviceWorker:
      'A service worker cannot start the worker that a model runs in. Call pipeline() in a page, or in a worker of a page, and send it messages.',
    sharedWorker:
      'This shared worker cannot start the worker that a model runs in. Call pipeline() in a page, or in a dedicated worker (new Worker), and send it messages.',
    other:
      'There are no web workers here, and a model runs in one. Call pipeline() in a page or in one of its workers.',
  },
  scriptNotLoaded: 'its script could not be loaded',
  disposed: 'This pipeline was disposed of. Make a new one with pipeline().',
};

/** A head that a model has not, for {@link modelErrors}. */
interface MissingHead {
  task: string;
  head: string;
  found: string;
  /** The tasks that it is good for. */
  others: readonly string[];
  /** A model that has it. */
  example: string | undefined;
}

const listed = (names: readonly string[]): string =>
  names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;

export const modelErrors = {
  /** What a task needs, by the way a model reads. */
  needed: { encoder: 'BERT-type', decoder: 'GPT-type' },
  noCode: (task: string) =>
    `The part of Cloze for the task ${task} could not be fetched. Check the connection and try again, or reload the page.`,
  wrongArchitecture: (task: string, needed: string, found: string) =>
    `The task ${task} needs a ${needed} model, and this is a ${found} one. Name another model or another task.`,
  /** What a head does, by its name. */
  heads: {
    mlm: 'head for masked words',
    nsp: 'head for next sentences',
    lm: 'head for the next token',
    qa: 'question answering head (where in a text an answer begins and ends)',
    'sequence-classification': 'classification head (which class a text belongs to)',
    'token-classification': 'tagging head (which class each token belongs to)',
  },
  noHead: ({ task, head, found, others, example }: MissingHead) => {
    const use = others.length > 0 ? `It is good for ${listed(others)}` : 'No other task here can use it either';
    const name = example === undefined ? '' : `, such as ${example}`;
    return `The task ${task} needs a ${head}, which this ${found} file has not. ${use}. Name a model that was trained for ${task}${name}.`;
  },
  noDefault: (task: string, example: string) =>
    `is needed for ${task}: none that was fine-tuned for it comes with the package. Name one, such as "${example}" on the Hugging Face hub`,
  ready: 'The model is ready',
};

/** Facts of an error of the core, as its `details`. */
type Details = Readonly<Record<string, unknown>>;

/** What to do about an error of the core in a browser, which the core does not know of; by the error's code. */
export const coreAdvice: Readonly<Record<string, (details: Details) => string>> = {
  truncated_weights: () => 'Download it again.',
  invalid_weights: ({ reason }) => (String(reason).includes('CRC-32') ? 'Download it again.' : ''),
  /** Only while a model is loaded does the error say for what there was no memory; otherwise it says itself what to do. */
  out_of_memory: ({ what, model_bytes, dtype }) => {
    if (what === undefined) return '';
    return model_bytes === undefined || dtype === 'q4'
      ? 'Close other tabs, or choose a smaller model.'
      : 'Close other tabs, load it as q4, or choose a smaller model.';
  },
  /** Only a conversation that does not fit is for the caller to change. */
  chat_template: ({ problem }) =>
    problem === 'refused' || problem === 'unfitting'
      ? 'Check the roles and their order, or give the prompt as a text.'
      : 'Give the prompt as a text, or another template as tokenizer_encode_kwargs.chat_template.',
};

/**
 * The core says its errors itself, in English; other languages say them by their codes, from their facts. Undefined: the
 * core's own sentence stands.
 */
export const coreErrors: Readonly<Record<string, (details: Details) => string | undefined>> = {};
