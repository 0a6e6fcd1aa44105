/**
 * What is said of a model's files. Each language is a module of the same shape as `en.ts`: what a second one lacks is a
 * type error. It stands apart from the screens' words, and each table by itself, so that a worker or a page fetches only
 * the sentences that it says.
 */
import * as en from './en.js';

/** The shape of every language. */
export type FileWords = typeof en;

export const steps: FileWords['steps'] = en.steps;
export const warnings: FileWords['warnings'] = en.warnings;
export const connection: FileWords['connection'] = en.connection;
export const answers: FileWords['answers'] = en.answers;
export const copies: FileWords['copies'] = en.copies;
export const storedModels: FileWords['storedModels'] = en.storedModels;
export const folders: FileWords['folders'] = en.folders;
export const disk: FileWords['disk'] = en.disk;
export const drops: FileWords['drops'] = en.drops;
export const argument: FileWords['argument'] = en.argument;
