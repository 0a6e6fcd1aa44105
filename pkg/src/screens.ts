/**
 * The screens as data, for pages that show them and link to them: names, elements, what is typed and set on each, and
 * which models suit them. Nothing here needs a browser.
 *
 * @module
 */
import * as links from './elements/links.js';
import { screenOf, SCREENS, type Task } from './elements/screens.js';

export { stateAttributes } from './elements/attributes.js';
export { type Capabilities } from './elements/capabilities.js';
export {
  type LinkedScreen,
  type LinkState,
  type LinkValue,
  type LinkWriting,
  type ReadFragment,
} from './elements/links.js';
export { MODEL_SCREENS, screenOf, SCREENS, type Screen, type ScreenTask, type Task } from './elements/screens.js';
export { type Field, type Schema } from './elements/state.js';

/** A fragment with its `#` that reproduces a screen. Keys that are null are left out: they are at their default. */
export const toFragment = (task: Task, state: object, how: links.LinkWriting = {}): string =>
  links.toFragment(screenOf(task), state, how);

/** Reads a fragment, with or without its `#`. What cannot be read is left out and named in `problems`. */
export const readFragment = (fragment: string): links.ReadFragment<Task> => links.readFragment(fragment, SCREENS);

/** The state with every other key of the screen unset: a link says all, what it leaves out is at its default. */
export const completeState = (task: Task, state: links.LinkState): Record<string, links.LinkValue | null> =>
  links.completeState(screenOf(task), state);
