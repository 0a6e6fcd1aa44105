/**
 * What is said of a model's files. Each language is a module of the same shape as `en.ts`: what a second one lacks is a
 * type error. It stands apart from the screens' words, and each table by itself, so that a worker or a page fetches only
 * the sentences that it says.
 */
import { translated } from '../language.js';
import * as en from './en.js';

/** The shape of every language. */
export type FileWords = typeof en;

export const steps: FileWords['steps'] = /* @__PURE__ */ translated(en.steps, {
  zh: async () => (await import('./zh.js')).steps,
});
export const warnings: FileWords['warnings'] = /* @__PURE__ */ translated(en.warnings, {
  zh: async () => (await import('./zh.js')).warnings,
});
export const connection: FileWords['connection'] = /* @__PURE__ */ translated(en.connection, {
  zh: async () => (await import('./zh.js')).connection,
});
export const answers: FileWords['answers'] = /* @__PURE__ */ translated(en.answers, {
  zh: async () => (await import('./zh.js')).answers,
});
export const copies: FileWords['copies'] = /* @__PURE__ */ translated(en.copies, {
  zh: async () => (await import('./zh.js')).copies,
});
export const storedModels: FileWords['storedModels'] = /* @__PURE__ */ translated(en.storedModels, {
  zh: async () => (await import('./zh.js')).storedModels,
});
export const folders: FileWords['folders'] = /* @__PURE__ */ translated(en.folders, {
  zh: async () => (await import('./zh.js')).folders,
});
export const disk: FileWords['disk'] = /* @__PURE__ */ translated(en.disk, {
  zh: async () => (await import('./zh.js')).disk,
});
export const drops: FileWords['drops'] = /* @__PURE__ */ translated(en.drops, {
  zh: async () => (await import('./zh.js')).drops,
});
export const argument: FileWords['argument'] = /* @__PURE__ */ translated(en.argument, {
  zh: async () => (await import('./zh.js')).argument,
});
