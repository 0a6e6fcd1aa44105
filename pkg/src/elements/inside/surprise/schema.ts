/** What is set on the view `surprise`. */
import type { Schema } from '../../state.js';

/** What is set on the view. */
// eslint-disable-next-line @typescript-eslint/no-empty-object-type
export interface SurpriseState {}

/** Its keys in links. */
export const surpriseSchema = {} as const satisfies Schema<SurpriseState>;
