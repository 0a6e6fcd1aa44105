/** What is typed on the Models screen, as far as it may stand in a link. */
import type { Schema } from '../state.js';

/** What is typed on the Models screen, as far as it may stand in a link. */
export interface ModelsState {
  /** Hub id or address. */
  model: string;
}

/** Its keys in links. */
export const modelsSchema = { model: { kind: 'text', default: '' } } as const satisfies Schema<ModelsState>;
