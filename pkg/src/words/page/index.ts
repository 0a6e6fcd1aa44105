/**
 * What code of the page says beside the screens, errors above all, in the language of the page: by code and kind. Each
 * part stands alone, so that a bundle carries only the parts whose errors it throws.
 */
import * as en from './en.js';

/** The architectures by their `model_type`. */
export const architectures: typeof en.architectures = en.architectures;

/** Options that are out of their range, of every task and of `pipeline`. */
export const optionErrors: typeof en.optionErrors = en.optionErrors;

/** Which build runs in a browser, and why not another. */
export const buildErrors: typeof en.buildErrors = en.buildErrors;

/** The worker of a model, from the page's side. */
export const workerErrors: typeof en.workerErrors = en.workerErrors;

/** Models that do not suit a task, or are not there. */
export const modelErrors: typeof en.modelErrors = en.modelErrors;

/** What to do about an error of the core in a browser. */
export const coreAdvice: typeof en.coreAdvice = en.coreAdvice;
