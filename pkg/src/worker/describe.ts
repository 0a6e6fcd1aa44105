/** An error of the core, as it is told to the page. */
import { isTrap, toData, trapped, type ErrorData } from '../border/errors.js';
import type { Core } from './core.js';

/**
 * What the core refuses has a code. Anything else came out of the middle of its work and leaves the instance unusable:
 * its memory may be half written.
 */
export function describe(
  error: unknown,
  core: Pick<Core, 'refused_bytes'> | undefined,
): { error: ErrorData; fatal: boolean } {
  // Of a trapped instance little is certain, but a number can be read.
  if (isTrap(error)) return { error: toData(trapped(error, core?.refused_bytes() ?? 0)), fatal: true };
  const refused = error instanceof Error && 'code' in error && typeof error.code === 'string';
  return { error: toData(error), fatal: !refused };
}
