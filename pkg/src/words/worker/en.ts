/** English: what the worker says of the program that it starts. */

/** The worker's words in English. */
export const en = {
  starting: 'Starting the model core',
  ready: 'The model is ready',
  tokenizerReady: 'The tokenizer is ready',
  notLoaded: 'The model was asked before it was loaded.',
  noThreads: 'The build with threads has no threads.',
  threadNotStarted: (why: string) => `A thread did not start: ${why}. Reload the page, or use fewer threads.`,

  /** The wasm file, by its path. */
  program: {
    notFetched: (path: string) => `The program file ${path} could not be fetched. Check the connection and try again.`,
    answeredByPage: (path: string) =>
      `The program file ${path} was answered with a web page. Was the package’s dist folder published whole?`,
    answeredByStatus: (path: string, status: number) =>
      `The program file ${path} was answered with status ${status}. Was the package’s dist folder published whole?`,
    broke: (path: string) =>
      `The connection broke while the program file ${path} was being fetched. Check the connection and try again.`,
    forbidden:
      "The page’s Content-Security-Policy forbids WebAssembly. Add 'wasm-unsafe-eval' to script-src, for worker.js too.",
    noProgram: (path: string, why: string) =>
      `The program file ${path} is no program this browser can run (${why}). Publish the package’s dist folder anew.`,
  },
};
