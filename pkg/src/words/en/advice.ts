/** What a reader of the screens can do about an error of the core, which knows of no screen; by the error's code. */

/** Facts of the case, as the error's `details`. */
type Details = Readonly<Record<string, unknown>>;

/** Sentences that follow the error's own; empty where there is nothing to add. */
export const advice = {
  truncated_weights: () => 'Download it again.',
  invalid_weights: ({ reason }: Details) => (String(reason).includes('CRC-32') ? 'Download it again.' : ''),
  empty_input: () => 'Type something first.',
  no_mask: () => 'Or click a word.',
  /** Only while a model is loaded does the error say for what there was no memory; otherwise it says itself what to do. */
  out_of_memory: ({ what, model_bytes, dtype }: Details) => {
    if (what === undefined) return '';
    return model_bytes === undefined || dtype === 'q4'
      ? 'Close other tabs, or choose a smaller model.'
      : 'Close other tabs, load it as q4, or choose a smaller model.';
  },
};
