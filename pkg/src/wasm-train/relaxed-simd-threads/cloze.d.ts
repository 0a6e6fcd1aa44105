export * from '../cloze.js';
export { default } from '../cloze.js';
/** Makes the calling worker a helper of the pool; never returns. */
export function startThread(): void;
