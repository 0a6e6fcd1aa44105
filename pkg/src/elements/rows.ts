/**
 * One row a screen. The page's tabs and tags, the links and the choice of models are all made from these rows: a new
 * screen is a row here, its settings in `screens.ts`, its element in `elements.ts`, and a folder; what a model can do that no
 * screen asked for before goes into `capabilities.ts`.
 */
import { words } from '../words/index.js';
import type { Capabilities } from './capabilities.js';

/** What is known of a screen without its element and its settings. */
export interface Row {
  /** Its name in links. */
  readonly task: string;
  /** Its element. */
  readonly tag: string;
  /** Its name for people, as on its tab. */
  readonly label: string;
  /** Whether it can use a model; a screen without this runs none. */
  readonly suits?: (model: Capabilities) => boolean;
  /** One line on what it does, where no model for it comes with the package: the reader brings one. */
  readonly brought?: string;
}

/** The screens, in the order of their tabs. */
export const ROWS = [
  {
    task: 'fill-mask',
    tag: 'cloze-fill-mask',
    get label() {
      return words.labels['fill-mask'];
    },
    suits: ({ mlm }) => mlm,
  },
  {
    task: 'next-sentence',
    tag: 'cloze-next-sentence',
    get label() {
      return words.labels['next-sentence'];
    },
    suits: ({ nsp }) => nsp,
  },
  {
    task: 'generate',
    tag: 'cloze-generate',
    get label() {
      return words.labels.generate;
    },
    suits: ({ writes }) => writes,
  },
  {
    task: 'summarize',
    tag: 'cloze-summarize',
    get label() {
      return words.labels.summarize;
    },
    suits: ({ writes }) => writes,
  },
  {
    task: 'inside',
    tag: 'cloze-inside',
    get label() {
      return words.labels.inside;
    },
    // Every model has something inside.
    suits: () => true,
  },
  {
    task: 'train',
    tag: 'cloze-train',
    get label() {
      return words.labels.train;
    },
  },
  {
    task: 'models',
    tag: 'cloze-models',
    get label() {
      return words.labels.models;
    },
  },
  {
    task: 'answer',
    tag: 'cloze-answer',
    get label() {
      return words.labels.answer;
    },
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
    suits: ({ tags }) => tags,
    get brought() {
      return words.frame.brought.tag;
    },
  },
] as const satisfies readonly Row[];

/** A screen's name in links. */
export type Task = (typeof ROWS)[number]['task'];

/** A screen that runs a model. */
export type ScreenTask = Extract<(typeof ROWS)[number], { suits: unknown }>['task'];

/** A row of a screen that runs a model. */
export interface ModelRow extends Row {
  readonly task: ScreenTask;
  readonly suits: (model: Capabilities) => boolean;
}

/** The rows of screens that run a model. */
export const MODEL_ROWS: readonly ModelRow[] = ROWS.filter((row) => 'suits' in row);

/** The element of a screen. */
export const tagOf = (task: Task): string => ROWS.find((row) => row.task === task)!.tag;
