/** What is set on the view `layers`. */
import type { Schema } from '../../state.js';

/** What is set on the view `layers`. */
export interface LayersState {
  /** After which layer the details are, 0 for the embeddings; the last one where there are fewer. */
  depth: number;
}

/** Its keys in links. */
export const layersSchema = {
  depth: { kind: 'number', default: 200, min: 0, max: 200, whole: true },
} as const satisfies Schema<LayersState>;
