/** What all that learns has in common. */
import type { ClozeError } from '../border/errors.js';
import type { StepReport } from './core-types.js';

/** `paused` before the first step too; `over` once all steps are done; `failed` after an event `error`. */
export type LearnerState = 'paused' | 'running' | 'over' | 'failed' | 'closed';

/** A step as it is kept and plotted. */
export interface StepPoint extends StepReport {
  /** What it took: tokens / ms · 1000 are tokens a second. */
  ms: number;
}

/** What all that learns tells, as it happens. */
export type LearnerEvent =
  /** Steps since the last report, about every 100 ms. */
  | { type: 'step'; reports: StepPoint[] }
  | { type: 'state'; state: LearnerState }
  /** All steps are done. */
  | { type: 'over'; step: number }
  /** It cannot go on, as with code `diverged`; what was kept before stays. */
  | { type: 'error'; error: ClozeError };

/** Something that learns in a worker of its own, and can rest between any two steps. */
export interface Learner<Event> {
  readonly state: LearnerState;
  /** Goes on until it is paused or over. */
  start(): Promise<void>;
  /** Rests from the next step on; resolves when it does, and is saved. */
  pause(): Promise<void>;
  /** One step, while it is paused; beyond the last one too. */
  step(): Promise<StepPoint>;
  /** Hears all that happens from now on; returns how to stop hearing. */
  on_event(listener: (event: Event) => void): () => void;
  /** The same as an iterator, which ends when this is closed. */
  events(): AsyncIterableIterator<Event>;
  /**
   * The model as it is now, in Hugging Face's files: `pipeline(task, files)` and the element `<cloze-models>`
   * (`openFiles`) take it as a folder that was picked, and `zipFolder` makes one file of it.
   */
  folder(): Promise<File[]>;
  /** Saves, and lets its worker go. */
  close(): Promise<void>;
}

/** What the browser's storage keeps, whatever it is. */
export interface Saved {
  id: string;
  name: string;
  weights: number;
  /** What it takes on disk. */
  bytes: number;
  /** When it was made and last saved, ms since 1970. */
  created: number;
  saved: number;
  /** Whether a tab has it open. */
  open: boolean;
}
