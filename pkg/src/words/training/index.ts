/** What training says beside the core, in the language of the page. */
import { translated } from '../language.js';
import * as en from './en.js';

/** Errors of runs and their storage. */
export const trainingErrors: typeof en.trainingErrors = /* @__PURE__ */ translated(en.trainingErrors, {
  zh: async () => (await import('./zh.js')).trainingErrors,
});
