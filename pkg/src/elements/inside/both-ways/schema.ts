/** What is set on the view `both-ways`. */
import type { Schema } from '../../state.js';

/** What is set on the view. */
// eslint-disable-next-line @typescript-eslint/no-empty-object-type
export interface BothWaysState {}

/** Its keys in links. */
export const bothWaysSchema = {} as const satisfies Schema<BothWaysState>;
