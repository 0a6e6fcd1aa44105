/** Tokens of several texts as rows of one length. */
import { invalidOption } from '../../border/errors.js';
import type { TokenInfo } from '../../border/types.js';
import { optionErrors } from '../../words/page/index.js';

/** Tokens of one text, `null` for what fills it up. */
export type Row = (TokenInfo | null)[];

/** How rows become as long as each other. */
export interface Lengths {
  padding: boolean | 'max_length';
  truncation: boolean;
  max_length: number;
  side: 'left' | 'right';
}

/** Cuts rows that are too long, and fills up those that are too short. */
export function fitted(rows: readonly (readonly TokenInfo[])[], lengths: Lengths): Row[] {
  const { padding, truncation, max_length, side } = lengths;
  const cut = truncation ? rows.map((row) => shortened(row, max_length)) : rows;
  if (padding === false) return cut.map((row) => [...row]);
  const longest = Math.max(0, ...cut.map((row) => row.length));
  if (padding === 'max_length' && max_length === Infinity)
    throw invalidOption('padding', optionErrors.paddingWithoutLength);
  const width = padding === 'max_length' ? Math.max(max_length, 0) : longest;
  return cut.map((row) => {
    const gap = Array<null>(Math.max(0, width - row.length)).fill(null);
    return side === 'left' ? [...gap, ...row] : [...row, ...gap];
  });
}

/** A text without its last tokens; of two, the longer one loses one at a time. What the template adds stays. */
function shortened(row: readonly TokenInfo[], most: number): readonly TokenInfo[] {
  const count = (which: number): number => row.filter(({ sequence }) => sequence === which).length;
  const left: [number, number] = [count(0), count(1)];
  for (let over = row.length - most; over > 0 && left[0] + left[1] > 0; over--) left[left[0] >= left[1] ? 0 : 1]--;
  const seen = [0, 0];
  return row.filter(({ sequence }) => sequence === null || seen[sequence]!++ < left[sequence as 0 | 1]);
}
