/** English: what the page around the screens says. */

/** The words of the page in English. */
export const en = {
  /** What stands in index.html, by `data-words`: in English it stands there itself. */
  page: {} as Readonly<Record<string, string>>,
  /** Between two sentences. */
  between: ' ',
  /** The teacher's page. */
  teachers: './teachers.html',
  /** What the names of the documentation's pages end with. */
  docsEnding: '.html',

  facts: {
    /** What the builds of the core use of the processor. */
    builds: {
      simd128: '128-bit vectors',
      'relaxed-simd': '128-bit vectors with relaxed rounding',
      'relaxed-simd-threads': '128-bit vectors with relaxed rounding, several threads',
    },
    build: (name: string, meaning: string) => `${name}: ${meaning}.`,
    threads: (used: number, of: number) => `${used} of this machine’s ${of}.`,
    threadsOff: 'Off.',
    threadsOffBecause: (reason: string) => `Off. ${reason}`,
    notLoaded: 'Not loaded yet.',
    ofEachScreen: 'Each screen has its own.',
    ofEachRun: 'Each run makes its own.',
    model: (name: string, layers: number, width: number, parameters: string, bytes: string, dtype: string) =>
      `${name}, ${layers} layers of width ${width}, ${parameters} parameters, ${bytes} as ${dtype}.`,
    millions: (figure: string) => `${figure} million`,
    megabytes: (figure: string) => `${figure} MB`,
  },

  link: {
    ignored: (problems: readonly string[]) => `Part of this link was ignored: ${problems.join('; ')}.`,
    cannotBe: (key: string, value: string) => `“${key}” cannot be ${value}`,
    tooLong: 'This text is too long for a link: the copied link opens the tab without it.',
    asksForModel: (model: string) => `This link asks for the model “${model}”, which is not kept in this browser.`,
    fetch: 'Fetch it',
  },

  reload: 'Reload',

  offline: {
    noServiceWorkers: 'Not in this browser: it has no service workers.',
    needsHttps: 'Not at this address: it needs https.',
    refused: 'Not in this browser: it refuses service workers.',
    keeping: 'The page is being kept for use without a network.',
    models: { bert: 'BERT (Fill mask, Next sentence)', gpt: 'GPT-2 (Generate, TL;DR)' },
    withSize: (model: string, size: string) => `${model}, ${size},`,
    ready: (models: readonly string[]) => `Ready: this page, ${models.join(' and ')} run without a network.`,
    partly: (here: readonly string[], missing: readonly string[]) =>
      here.length === 0
        ? `Only the page itself starts without a network: ${missing.join(' and ')} are not kept here.`
        : `This page and ${here.join(' and ')} run without a network. ${missing.join(' and ')} is not kept here.`,
    training: (size: string) => `What the screen Train needs (${size}) is not kept yet.`,
    docs: (size: string) => `The documentation (${size}) is not kept yet.`,
    noModels: 'This page starts without a network, but this browser keeps no models.',
    keep: (amount: string) => `Keep for offline: up to ${amount}`,
    stop: 'Stop keeping',
    fetching: 'What is missing is being fetched.',
    keepingModel: (model: string, loaded: string, total: string, rate: string | undefined) =>
      `${model} is being fetched: ${loaded} of ${total}${rate === undefined ? '' : `, ${rate}/s`}.`,
    notKept: (why: string) => `Not all of it could be kept: ${why}`,
    failed: (why: string) => `Not yet: ${why}. It is tried again at the next visit.`,
    notAllFetched: 'not all of its files could be fetched',
    noAnswer: 'the service worker does not answer',
    newVersion: 'A new version is ready.',
    threadsAfterReload: 'After a reload the models compute on several threads.',
  },
};
