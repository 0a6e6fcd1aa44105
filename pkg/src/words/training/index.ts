/** What training says beside the core, in the language of the page. */
import * as en from './en.js';

/** Errors of runs and their storage. */
export const trainingErrors: typeof en.trainingErrors = en.trainingErrors;
