/**
 * Training in the page: BERT, GPT, ELMo and XLNet from new weights, fine-tuning, and ChatGPT's steps in small. Everything
 * learns in a worker, on the CPU, with the training builds of the core, which nothing else fetches.
 *
 * @packageDocumentation
 */
export { openTraining } from './host.js';
export * from './data.js';
export { zipFolder } from './folder.js';
export type * from './types.js';
export type * from './core-types.js';
