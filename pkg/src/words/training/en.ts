/** English: what training says beside the core. */

/** Errors of runs and their storage. */
export const trainingErrors = {
  notFound: 'This run is no longer kept in this browser. Start it again, or choose another one.',
  open: 'This run is open in another tab, or in this one. Close it there, then try again.',
  damaged: 'Both copies of this run are damaged on the disk. It cannot go on; its curves can still be looked at.',
  storageFull:
    'There is no room left to keep this run. It goes on, but is lost when this tab is closed: download it, or remove runs or models that are not needed.',
  notKept:
    'This browser keeps nothing for this page (a private window, perhaps). The run goes on, but is lost when this tab is closed: download it before.',
  notKeptFor: (why: string) =>
    `This run could not be kept (${why}). It goes on, but is lost when this tab is closed: download it before.`,
  closed: 'This was closed before. Open it again.',
  crashed: (why: string) => `Training crashed (${why}). What was saved last is kept: resume it from there.`,
  notStarted: (why: string) =>
    `The worker for training could not be started (${why}). Reload the page; if it happens again, please report it.`,
  running: 'It is running. Pause it first.',
  noModel: 'Name a model to start from: “bert”, “gpt”, a run, or the files of a folder.',
  unsendable: 'What was given cannot be sent to the worker: give plain objects, texts, numbers and files.',
  cannot: (method: string) => `This model has no “${method}”.`,
  noRun: 'What is kept under this name is of another kind: it cannot go on as this.',
  learner: 'This has not been saved as a model yet. Go on with it, and keep it when it is done.',
  tooLarge:
    'This is too large to be kept while it learns (more than 512 MiB). It goes on, but is lost when this tab is closed: keep or download the model when it is done.',
};
