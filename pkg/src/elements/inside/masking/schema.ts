/** What is set on the view `masking`. */
import type { Schema } from '../../state.js';

/** What is set on the view. */
// eslint-disable-next-line @typescript-eslint/no-empty-object-type
export interface MaskingState {}

/** Its keys in links. */
export const maskingSchema = {} as const satisfies Schema<MaskingState>;
