/** `models`: what is kept in the browser, for screens. */
import type { ModelStorage } from './types.js';

/** See {@link ModelStorage}. */
export declare const models: ModelStorage;
