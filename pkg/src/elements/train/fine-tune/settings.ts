/** What is set for fine-tuning. */
import type { TuneSettings } from '../../../training/core-types.js';
import { type Values } from '../values.js';
import type { Format } from './draft.js';

/** Settings and their limits. */
export const FIELDS = {
  /** `bert`, `gpt`, or the id of a run that this browser keeps. */
  model: 'bert',
  /** Whether GPT is trained a second time without the auxiliary loss. */
  compare: 'yes',
  trained_layers: { default: 1, min: 0, max: 48, whole: true },
  epochs: { default: 6, min: 1, max: 200, whole: true },
  batch_size: { default: 8, min: 1, max: 64, whole: true },
  learning_rate: { default: 0.0005, min: 1e-6, max: 0.1 },
  lm_weight: { default: 0.5, min: 0, max: 10 },
  held_out: { default: 20, min: 0, max: 90 },
  seed: { default: 1, min: 0, max: 4_294_967_295, whole: true },
} as const;

/** Their values. */
export type TuneValues = Values<typeof FIELDS>;

/** What each format is fine-tuned for. */
export const TASK_OF = {
  sentence: 'text-classification',
  pair: 'text-classification',
  tagging: 'token-classification',
  span: 'question-answering',
} as const satisfies Record<Format, TuneSettings['task']>;

/** The settings as the core takes them; λ means something to a GPT alone. */
export const settingsFor = (
  format: Format,
  values: TuneValues,
  gpt: boolean,
  lm_weight = values.lm_weight,
): TuneSettings => ({
  task: TASK_OF[format],
  trained_layers: values.trained_layers,
  epochs: values.epochs,
  batch_size: values.batch_size,
  learning_rate: values.learning_rate,
  seed: values.seed,
  lm_weight: gpt ? lm_weight : 0,
  held_out_share: values.held_out / 100,
  quantized: true,
});
