/** What is set on the view `attention`. */
import type { Schema } from '../../state.js';

/** What is set on the view `attention`. */
export interface AttentionState {
  /** Which layer, from 1. */
  layer: number;
  /** Which of its heads, from 1. */
  head: number;
  /** One head, the mean of all heads of the layer, or all layers up to it. */
  mix: 'head' | 'mean' | 'rollout';
  /** Weights below this are not drawn. */
  threshold: number;
  /** Whether `[CLS]`, `[SEP]` and their like are shown. */
  specials: boolean;
  /** How it is drawn. */
  as: 'arcs' | 'matrix';
  /** What stands beside it: nothing, another text, another model. */
  beside: 'nothing' | 'text' | 'model';
  /** The other text. */
  text2: string;
  /** The other model: one of the page's own, or the name of one that is kept in this browser. */
  model2: string;
}

/** Its keys in links. */
export const attentionSchema = {
  layer: { kind: 'number', default: 1, min: 1, max: 200, whole: true },
  head: { kind: 'number', default: 1, min: 1, max: 200, whole: true },
  mix: { kind: 'choice', default: 'head', of: ['head', 'mean', 'rollout'] },
  threshold: { kind: 'number', default: 0.05, min: 0, max: 1 },
  specials: { kind: 'flag', default: true },
  as: { kind: 'choice', default: 'arcs', of: ['arcs', 'matrix'] },
  beside: { kind: 'choice', default: 'nothing', of: ['nothing', 'text', 'model'] },
  text2: { kind: 'text', default: '', brief: true },
  model2: { kind: 'text', default: 'gpt', brief: true },
} as const satisfies Schema<AttentionState>;
