/**
 * Code in a translated page: each `<!-- code -->` stands for the next block of code of the page that it is a translation of. So
 * the two cannot differ, and a block that one of them lacks is an error.
 */

/** A block of code with its indentation. */
const FENCE = /^( *)```[^\n]*\n.*?^\1```$/gmsu;
const PLACE = /^ *<!-- code -->$/gmu;

/** The text with the code of the `original`. */
export function withCode(source: string, original: string, name: string): string {
  const blocks = [...original.matchAll(FENCE)].map(([block]) => block);
  const places = [...source.matchAll(PLACE)].length;
  if (FENCE.test(source)) throw new Error(`${name}: code stands in the original alone; write <!-- code -->`);
  FENCE.lastIndex = 0;
  if (places !== blocks.length)
    throw new Error(`${name} has ${places} places for code, and its original ${blocks.length} blocks`);
  let at = 0;
  return source.replace(PLACE, () => blocks[at++]!);
}

/** Code within sentences of a text that the `original` has nowhere. */
export function strangeCode(source: string, original: string): string[] {
  const found = [...source.replaceAll(FENCE, '').matchAll(/`([^`\n]+)`/gu)].map(([, code = '']) => code);
  return [...new Set(found)].filter((code) => !original.includes(code));
}
