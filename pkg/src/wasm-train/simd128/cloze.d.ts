export * from '../cloze.js';
export { default } from '../cloze.js';
