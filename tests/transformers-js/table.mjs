/** The table of docs/transformers-js.md, and whether what it says is so. */
import { SECTIONS } from './rows.mjs';

/** @typedef {{ result?: any, error?: { message: string, code?: string, option?: string } }} Outcome */

/** How far two numbers may be apart. */
const TOLERANCE = 1e-3;

/**
 * Whether `ours` has all that `theirs` has, with the same values: it may have further fields.
 * @param {any} theirs @param {any} ours @returns {boolean}
 */
export function covers(theirs, ours) {
  if (typeof theirs === 'number' && typeof ours === 'number')
    return Math.abs(theirs - ours) <= TOLERANCE * Math.max(1, Math.abs(theirs));
  if (Array.isArray(theirs))
    return (
      Array.isArray(ours) && theirs.length === ours.length && theirs.every((one, index) => covers(one, ours[index]))
    );
  if (typeof theirs === 'object' && theirs !== null)
    return (
      typeof ours === 'object' &&
      ours !== null &&
      Object.entries(theirs).every(([key, value]) => covers(value, ours[key]))
    );
  return theirs === ours;
}

/**
 * What is wrong with a row, given what both packages did; undefined if nothing is.
 * @param {import('./rows.mjs').Row} row @param {Outcome} theirs @param {Outcome} ours
 */
export function contradiction({ state, option }, theirs, ours) {
  const both = `transformers.js ${shown(theirs)}, cloze ${shown(ours)}`;
  if (state === 'not supported') {
    const { code, option: named } = ours.error ?? {};
    return code === 'invalid_option' && named === option ? undefined : `is not refused by its name: ${both}`;
  }
  if (ours.error) return `fails: ${both}`;
  const alike = !theirs.error && covers(theirs.result, ours.result);
  if (state === 'same') return alike ? undefined : `is not the same: ${both}`;
  return alike ? `is the same: ${both}` : undefined;
}

/** @param {Outcome} outcome */
const shown = ({ result, error }) =>
  (error ? `throws ${error.message}` : `gives ${JSON.stringify(result)}`).slice(0, 400);

const HEAD = (/** @type {string} */ version) => `# transformers.js in Cloze

<!-- Written by \`node tests/transformers-js/record.mjs\`: do not edit. -->

Code for transformers.js runs with \`import { pipeline } from 'cloze'\` where this table says *same* or *more*. One script for each row ran
in transformers.js ${version} (Node, ONNX Runtime) and runs in Cloze (Chromium) on the same seeded models: numbers agree to 1/1000, texts
and tokens exactly. \`tests/e2e/transformers.test.mjs\` holds the table to it.

- **same**: the same result; fields that Cloze has besides are listed as *more*.
- **more**: Cloze has it, transformers.js has not.
- **differs**: both have it, and what comes is not the same.
- **not supported**: Cloze refuses it by name (\`invalid_option\`, with the nearest name that there is).

Models are checkpoints as published (\`safetensors\`, GGUF, PyTorch), not ONNX files. \`docs/compatibility.md\` says what of Python's
\`transformers\` is followed.
`;

/** The page. @param {string} version of transformers.js */
export function page(version) {
  const sections = Object.entries(SECTIONS).map(([title, rows]) => {
    const lines = rows.map(({ name, state, note = '' }) => `| ${name} | ${state} | ${note} |`);
    return `## ${title}\n\n| | Cloze | |\n|---|---|---|\n${lines.join('\n')}\n`;
  });
  return `${HEAD(version)}\n${sections.join('\n')}`;
}
