/** Steps, one after the other, with a breath between any two in which calls are served. */
import { nextTask } from '../../worker/next-task.js';
import type { StepPoint } from '../types.js';
import type { CoreLearner } from '../core.js';

/** How long steps are gathered before they are told, ms. */
const GATHER = 100;

/** What a loop is driven with. */
export interface LoopWork {
  readonly core: CoreLearner;
  /** Before the first step: does a part of what is to be done before it; false once all of it is. */
  prepare?(): boolean;
  /** A step was done. */
  stepped(point: StepPoint): void;
  /** Between two steps, once those before were told: evaluations, samples, saving. */
  accompany(over: boolean): void | Promise<void>;
  tell(reports: StepPoint[]): void;
  over(): void;
  failed(error: unknown): void | Promise<void>;
}

/** Drives what learns until it is paused or over. */
export class Loop {
  #wanted = false;
  #running: Promise<void> | undefined;
  #gathered: StepPoint[] = [];
  #told = -Infinity;

  constructor(private readonly work: LoopWork) {}

  get running(): boolean {
    return this.#running !== undefined;
  }

  start(): void {
    this.#wanted = true;
    this.#running ??= this.#run().finally(() => (this.#running = undefined));
  }

  /** Resolves once it rests. */
  async pause(): Promise<void> {
    this.#wanted = false;
    await this.#running;
  }

  /** One step, while it rests. */
  async step(): Promise<StepPoint> {
    while (this.work.prepare?.()) await nextTask();
    const point = this.#step();
    this.#tell();
    await this.work.accompany(this.work.core.is_over());
    return point;
  }

  async #run(): Promise<void> {
    const { work } = this;
    try {
      while (this.#wanted && !work.core.is_over() && work.prepare?.()) await nextTask();
      while (this.#wanted && !work.core.is_over()) {
        this.#step();
        if (performance.now() - this.#told >= GATHER) this.#tell();
        await work.accompany(false);
        await nextTask();
      }
      this.#tell();
      if (!this.#wanted) return;
      await work.accompany(true);
      work.over();
    } catch (error) {
      this.#tell();
      await work.failed(error);
    } finally {
      this.#wanted = false;
    }
  }

  #step(): StepPoint {
    const before = performance.now();
    const report = this.work.core.step();
    const point = { ...report, ms: Math.round((performance.now() - before) * 100) / 100 };
    this.#gathered.push(point);
    this.work.stepped(point);
    return point;
  }

  #tell(): void {
    if (this.#gathered.length === 0) return;
    this.work.tell(this.#gathered);
    this.#gathered = [];
    this.#told = performance.now();
  }
}
