/** What a model makes of a text word by word. */
import type { TaskRunner } from '../tasks/base.js';

/** What a model makes of a text word by word. */
// eslint-disable-next-line @typescript-eslint/no-empty-object-type
export interface LanguageInspection {}

/** The calls of a model. */
export const languageInspection = (_runner: TaskRunner): LanguageInspection => ({});
