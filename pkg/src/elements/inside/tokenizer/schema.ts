/** What is set on the view `tokenizer`. */
import type { Schema } from '../../state.js';

/** What is set on the view. */
// eslint-disable-next-line @typescript-eslint/no-empty-object-type
export interface TokenizerState {}

/** Its keys in links. */
export const tokenizerSchema = {} as const satisfies Schema<TokenizerState>;
