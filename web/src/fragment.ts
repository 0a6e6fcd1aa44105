/** The state of the page in the address's fragment, written and read as the screens' schemas say. */
import { completeState, readFragment, SCREENS, toFragment, type Task } from 'cloze/screens';

export type { LinkState as State, Task } from 'cloze/screens';

/** The screens by their names in links, in the order of their tabs. */
export const TASKS: readonly Task[] = SCREENS.map(({ task }) => task);

/** Longer links are cut off by browsers, mail and chat programs. */
export const MAX_LENGTH = 60_000;

/** Reads a fragment, with or without its `#`. What cannot be read is left out and named in `problems`. */
export const parseFragment = readFragment;

/** The state with every other key of the screen unset: a link says all, what it leaves out is at its default. */
export const complete = completeState;

/**
 * Writes a fragment with its `#`; the inverse of {@link parseFragment}. Keys at their default are written too, so that a
 * link keeps its meaning when a default changes.
 */
export const formatFragment = (task: Task, state: object, run = false): string =>
  toFragment(task, state, { defaults: true, run });
