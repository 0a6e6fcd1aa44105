/** What is open in a training worker: one object of the core that learns. */
import type { RunPlan } from '../types.js';
import type { CoreLearner } from '../core.js';
import type { Loop } from './loop.js';

/** One of them. */
export interface Session {
  readonly core: CoreLearner;
  readonly loop: Loop;
  plan?(change: Partial<RunPlan>): RunPlan;
  /** @throws ClozeError `storage_full`, `not_kept` */
  save?(): Promise<void>;
  /** Saves, or says why it cannot. */
  trySave?(): Promise<void>;
  close(): Promise<void>;
}

/** Whether something was refused, by the core or by the browser, and nothing is broken. */
export const isRefusal = (error: unknown): error is Error & { code: string } =>
  error instanceof Error && 'code' in error && typeof error.code === 'string';
