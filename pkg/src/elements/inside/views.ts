/** The views by their names. */
import { attention } from './attention/view.js';
import { input } from './input/view.js';
import { layers } from './layers/view.js';
import type { ViewName } from './schema.js';
import type { InsideView } from './view.js';

/** Each view. */
export const VIEW = { attention, input, layers } as unknown as Readonly<Record<ViewName, InsideView<never>>>;
