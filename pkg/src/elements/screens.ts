/** The screens with what is typed and set on each. */
import { answerSchema } from './answer/schema.js';
import { classifySchema } from './classify/schema.js';
import { fillMaskSchema } from './fill-mask/schema.js';
import { generateSchema } from './generate/schema.js';
import { insideSchema } from './inside/schema.js';
import { modelsSchema } from './models/schema.js';
import { nextSentenceSchema } from './next-sentence/schema.js';
import { summarizeSchema } from './summarize/schema.js';
import { tagSchema } from './tag/schema.js';
import { trainSchema } from './train/schema.js';
import type { Capabilities } from './capabilities.js';
import { ROWS, type ScreenTask, type Task } from './rows.js';
import type { Schema } from './state.js';

export type { ScreenTask, Task } from './rows.js';

/** What is typed and set on each screen. */
const SCHEMAS: Readonly<Record<Task, Schema>> = {
  'fill-mask': fillMaskSchema,
  'next-sentence': nextSentenceSchema,
  generate: generateSchema,
  summarize: summarizeSchema,
  inside: insideSchema,
  train: trainSchema,
  models: modelsSchema,
  answer: answerSchema,
  classify: classifySchema,
  tag: tagSchema,
};

/** A screen's row. */
export interface Screen {
  /** Its name in links. */
  readonly task: Task;
  /** Its element. */
  readonly tag: string;
  /** Its name for people, as on its tab. */
  readonly label: string;
  /** What is typed and set on it. */
  readonly schema: Schema;
  /** Whether it can use a model; a screen without this runs none. */
  readonly suits?: (model: Capabilities) => boolean;
  /** One line on what it does, where no model for it comes with the package: the reader brings one. */
  readonly brought?: string;
}

/** A row of a screen that runs a model. */
interface ModelScreen extends Screen {
  readonly task: ScreenTask;
  readonly suits: (model: Capabilities) => boolean;
}

/** The row itself, as its words follow the language. */
const withSchema = <R extends { readonly task: Task }>(row: R): R & { readonly schema: Schema } =>
  Object.assign(row, { schema: SCHEMAS[row.task] });

/** The screens, in the order of their tabs. */
export const SCREENS = ROWS.map(withSchema);

/** The screens that run a model. */
export const MODEL_SCREENS: readonly ModelScreen[] = SCREENS.filter((row) => 'suits' in row);

/** The row of a screen. */
export const screenOf = (task: Task): Screen => SCREENS.find((row) => row.task === task)!;
