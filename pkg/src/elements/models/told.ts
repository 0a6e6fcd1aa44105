/** What a page tells the Models screen by attributes: what stands in its box, and which models and screens it lists. */
import type { ToldFields } from '../controllers/told.js';
import { MODEL_ROWS, type ModelRow } from '../rows.js';

/** The attributes. */
export const TOLD = {
  model: { kind: 'text', default: '' },
  models: { kind: 'names' },
  tasks: { kind: 'names', of: MODEL_ROWS.map(({ task }) => task) },
  kept: { kind: 'choice', default: 'show', of: ['show', 'none'] },
} as const satisfies ToldFields;

/** The screens that can be given a model here. */
export const rowsOf = (tasks: unknown): readonly ModelRow[] =>
  Array.isArray(tasks) ? MODEL_ROWS.filter(({ task }) => tasks.includes(task)) : MODEL_ROWS;
