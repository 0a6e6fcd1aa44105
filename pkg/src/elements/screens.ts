/**
 * One row a screen. The page's tabs and tags, the links and the choice of models are all made from these rows: a new
 * screen is a row here, its element in `elements.ts`, and a folder; what a model can do that no screen asked for before goes
 * into `capabilities.ts`.
 */
import { words } from '../words/index.js';
import type { Capabilities } from './capabilities.js';
import { answerSchema } from './answer/schema.js';
import { classifySchema } from './classify/schema.js';
import { fillMaskSchema } from './fill-mask/schema.js';
import { generateSchema } from './generate/schema.js';
import { insideSchema } from './inside/schema.js';
import { modelsSchema } from './models/schema.js';
import { nextSentenceSchema } from './next-sentence/schema.js';
import type { Schema } from './state.js';
import { summarizeSchema } from './summarize/schema.js';
import { tagSchema } from './tag/schema.js';
import { trainSchema } from './train/schema.js';

/** What is known of a screen without its element. */
interface Row {
  /** Its name in links. */
  readonly task: string;
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

/** The screens, in the order of their tabs. */
export const SCREENS = [
  {
    task: 'fill-mask',
    tag: 'cloze-fill-mask',
    get label() {
      return words.labels['fill-mask'];
    },
    schema: fillMaskSchema,
    suits: ({ mlm }) => mlm,
  },
  {
    task: 'next-sentence',
    tag: 'cloze-next-sentence',
    get label() {
      return words.labels['next-sentence'];
    },
    schema: nextSentenceSchema,
    suits: ({ nsp }) => nsp,
  },
  {
    task: 'generate',
    tag: 'cloze-generate',
    get label() {
      return words.labels.generate;
    },
    schema: generateSchema,
    suits: ({ writes }) => writes,
  },
  {
    task: 'summarize',
    tag: 'cloze-summarize',
    get label() {
      return words.labels.summarize;
    },
    schema: summarizeSchema,
    suits: ({ writes }) => writes,
  },
  {
    task: 'inside',
    tag: 'cloze-inside',
    get label() {
      return words.labels.inside;
    },
    schema: insideSchema,
    // Every model has something inside.
    suits: () => true,
  },
  {
    task: 'train',
    tag: 'cloze-train',
    get label() {
      return words.labels.train;
    },
    schema: trainSchema,
  },
  {
    task: 'models',
    tag: 'cloze-models',
    get label() {
      return words.labels.models;
    },
    schema: modelsSchema,
  },
  {
    task: 'answer',
    tag: 'cloze-answer',
    get label() {
      return words.labels.answer;
    },
    schema: answerSchema,
    suits: ({ answers }) => answers,
    get brought() {
      return words.frame.brought.answer;
    },
  },
  {
    task: 'classify',
    tag: 'cloze-classify',
    get label() {
      return words.labels.classify;
    },
    schema: classifySchema,
    suits: ({ classifies }) => classifies,
    get brought() {
      return words.frame.brought.classify;
    },
  },
  {
    task: 'tag',
    tag: 'cloze-tag',
    get label() {
      return words.labels.tag;
    },
    schema: tagSchema,
    suits: ({ tags }) => tags,
    get brought() {
      return words.frame.brought.tag;
    },
  },
] as const satisfies readonly Row[];

/** A screen's name in links. */
export type Task = (typeof SCREENS)[number]['task'];

/** A screen that runs a model. */
export type ScreenTask = Extract<(typeof SCREENS)[number], { suits: unknown }>['task'];

/** A screen's row. */
export interface Screen extends Row {
  readonly task: Task;
}

/** A row of a screen that runs a model. */
export interface ModelScreen extends Row {
  readonly task: ScreenTask;
  readonly suits: (model: Capabilities) => boolean;
}

/** The screens that run a model. */
export const MODEL_SCREENS: readonly ModelScreen[] = SCREENS.filter((row) => 'suits' in row);

/** The row of a screen. */
export const screenOf = (task: Task): Screen => SCREENS.find((row) => row.task === task)!;
