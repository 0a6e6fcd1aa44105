/** What is set on the Train screen: all that the page needs of it before its tab is opened. */
import type { Schema } from '../state.js';

/** The views, in the order in which they are offered. */
export const TRAIN_VIEWS = ['scratch', 'tune', 'chat', 'lessons'] as const;

/** A view's name in links. */
export type TrainViewName = (typeof TRAIN_VIEWS)[number];

/** What is set on the Train screen. The text that is trained on stands in no link. */
export interface TrainState {
  /** What is shown. */
  view: TrainViewName;
  /** The view's settings that are not at their default: `architecture-bert size-small seed-7`. */
  set: string;
}

/** Its keys in links. */
export const trainSchema = {
  view: { kind: 'choice', default: 'scratch', of: TRAIN_VIEWS },
  set: { kind: 'text', default: '', brief: true },
} as const satisfies Schema<TrainState>;
