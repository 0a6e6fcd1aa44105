/**
 * The rows of docs/transformers-js.md: every option and result field, and a script that shows what it does. Both packages run the
 * same script on the same seeded models; these files are read by Node and by pages.
 */
import { SECTIONS as ENCODERS } from './rows/encoders.mjs';
import { SECTIONS as GENERATION } from './rows/generation.mjs';
import { SECTIONS as PIPELINES } from './rows/pipelines.mjs';
import { SECTIONS as TOKENIZERS } from './rows/tokenizers.mjs';

/** @typedef {import('./rows/support.mjs').Api} Api */
/** @typedef {import('./rows/support.mjs').Row} Row */

/** @type {Record<string, Row[]>} */
export const SECTIONS = { ...PIPELINES, ...GENERATION, ...ENCODERS, ...TOKENIZERS };

/** A result as JSON has it. @param {unknown} value @returns {any} */
export const plainly = (value) =>
  JSON.parse(
    JSON.stringify(value ?? null, (_, one) =>
      typeof one === 'bigint'
        ? Number(one)
        : ArrayBuffer.isView(one)
          ? Array.from(/** @type {any} */ (one), Number)
          : one,
    ),
  );

/** Runs every script. @param {Api} api @returns {Promise<Record<string, { result?: any, error?: { message: string, code?: string, option?: string } }>>} */
export async function runAll(api) {
  /** @type {Record<string, any>} */
  const outcomes = {};
  for (const [section, rows] of Object.entries(SECTIONS))
    for (const { name, run } of rows) {
      try {
        outcomes[`${section} | ${name}`] = { result: plainly(await run(api)) };
      } catch (error) {
        const { message, code, details } = /** @type {any} */ (error);
        outcomes[`${section} | ${name}`] = { error: { message, code, option: details?.option } };
      }
    }
  return outcomes;
}

/** Pipelines by task and model, each opened once. @param {any} pipeline @param {(model: string) => string} at */
export function opener(pipeline, at) {
  /** @type {Map<string, Promise<any>>} */
  const pipes = new Map();
  return (/** @type {string} */ task, /** @type {string} */ model) => {
    const key = `${task} ${model}`;
    const pipe = pipes.get(key) ?? pipeline(task, at(model), { dtype: 'fp32' });
    pipes.set(key, pipe);
    return pipe;
  };
}
