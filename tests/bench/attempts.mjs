/** What a benchmark tries: a failure is told at the end, and takes no other result along. */

/** @type {string[]} */
export const failures = [];

/** One system's failure does not take the others' results along. @param {string} what @param {() => Promise<void>} work */
export async function attempt(what, work) {
  console.error(what);
  try {
    await work();
  } catch (error) {
    console.error(error);
    failures.push(what);
  }
}

/** Names what failed, with which the process does. */
export function tellFailures() {
  if (failures.length === 0) return;
  console.error(`\nFailed:\n  ${[...new Set(failures)].join('\n  ')}`);
  process.exitCode = 1;
}
