/** Whether the systems compute the same model: their greedy continuations against PyTorch's. */

/** @typedef {import('./prepare.mjs').Expected} Expected */

/**
 * How many of the tokens are as expected, from the first on.
 * @param {Expected['gpt2']} expected @param {{ ids?: number[], text?: string }} made
 */
export function agreeing({ ids, texts }, made) {
  if (made.ids) {
    const { ids: theirs } = made;
    const wrong = ids.findIndex((id, i) => theirs[i] !== id);
    return wrong < 0 ? ids.length : wrong;
  }
  // wllama tells texts only; half a character reads the same as the next.
  const count = texts.findIndex((_, i) => !made.text?.startsWith(texts.slice(0, i + 1).join('')));
  return count < 0 ? texts.length : count;
}

/** In words. @param {Expected['gpt2']} expected @param {number} count */
export function verdict({ ids, margins }, count) {
  if (count === ids.length) return `agrees with PyTorch on all ${count} tokens`;
  return `agrees with PyTorch on ${count} of ${ids.length} tokens; the next was ahead by ${margins[count]} only in PyTorch`;
}
