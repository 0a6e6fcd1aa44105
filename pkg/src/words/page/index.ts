/**
 * What code of the page says beside the screens, errors above all, in the language of the page: by code and kind. Each
 * part stands alone, so that a bundle carries only the parts whose errors it throws.
 */
import { translated } from '../language.js';
import * as en from './en.js';

/** The architectures by their `model_type`. */
export const architectures: typeof en.architectures = en.architectures;

/** Options that are out of their range, of every task and of `pipeline`. */
export const optionErrors: typeof en.optionErrors = /* @__PURE__ */ translated(en.optionErrors, {
  zh: async () => (await import('./zh.js')).optionErrors,
});

/** Which build runs in a browser, and why not another. */
export const buildErrors: typeof en.buildErrors = /* @__PURE__ */ translated(en.buildErrors, {
  zh: async () => (await import('./zh.js')).buildErrors,
});

/** The worker of a model, from the page's side. */
export const workerErrors: typeof en.workerErrors = /* @__PURE__ */ translated(en.workerErrors, {
  zh: async () => (await import('./zh.js')).workerErrors,
});

/** Models that do not suit a task, or are not there. */
export const modelErrors: typeof en.modelErrors = /* @__PURE__ */ translated(en.modelErrors, {
  zh: async () => (await import('./zh.js')).modelErrors,
});

/** What to do about an error of the core in a browser. */
export const coreAdvice: typeof en.coreAdvice = /* @__PURE__ */ translated(en.coreAdvice, {
  zh: async () => (await import('./zh.js')).coreAdvice,
});

/** Errors of the core in the language of the page. */
export const coreErrors: typeof en.coreErrors = /* @__PURE__ */ translated(en.coreErrors, {
  zh: async () => (await import('./zh.js')).coreErrors,
});
