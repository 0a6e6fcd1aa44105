/** What a reader of the screens can do about an error of the core, which knows of no screen; by the error's code. */

/** Sentences that follow the error's own; empty where there is nothing to add. */
export const advice = {
  empty_input: () => 'Type something first.',
  no_mask: () => 'Or click a word.',
};
