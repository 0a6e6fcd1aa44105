/** A run in the worker: its steps, what accompanies them, and its keeping. */
import { toData } from '../../border/errors.js';
import type { Evaluation } from '../core-types.js';
import type { TrainingNews } from '../protocol.js';
import type { LogEntry, RunFacts } from '../storage/format.js';
import type { Keeper } from '../storage/keeper.js';
import type { RunPlan, RunSample, StepPoint } from '../types.js';
import type { CoreRun } from '../core.js';
import { Loop, type LoopWork } from './loop.js';
import { Saver } from './saver.js';
import { isRefusal, type Session } from './session.js';

/** What a session is made of. */
export interface RunParts {
  core: CoreRun;
  keeper: Keeper;
  text: string;
  facts: Pick<RunFacts, 'id' | 'name' | 'created'>;
  plan: RunPlan;
  /** What a run that goes on told before. */
  log: readonly LogEntry[];
  tell: (news: TrainingNews) => void;
  failed: (error: unknown) => void;
}

/** A run that is open. */
export class RunSession implements Session, LoopWork {
  readonly loop: Loop = new Loop(this);
  readonly core: CoreRun;
  readonly #saver: Saver;
  #plan: RunPlan;
  #steps: number;
  #point: StepPoint | undefined;
  #evaluation: Evaluation | undefined;
  #sampled = -1;
  /** The plan's sample cannot be drawn. */
  #refused = false;

  constructor(private readonly parts: RunParts) {
    this.core = parts.core;
    this.#plan = parts.plan;
    this.#steps = parts.core.info().steps_done;
    for (const entry of parts.log) {
      if ('step' in entry) this.#point = entry.step;
      else if ('evaluation' in entry) this.#evaluation = entry.evaluation;
      else if ('sample' in entry) this.#sampled = entry.sample.step;
    }
    const { keeper, plan, tell } = parts;
    this.#saver = new Saver({
      keeper,
      every: plan.save_every,
      ...(parts.log.length > 0 && { kept: this.#steps }),
      steps: () => this.#steps,
      facts: () => this.#facts(),
      checkpoint: () => this.core.checkpoint(),
      tell,
    });
  }

  plan(change: Partial<RunPlan>): RunPlan {
    this.#plan = { ...this.#plan, ...change };
    if (change.sample) this.#refused = false;
    if (change.save_every !== undefined) this.#saver.every = change.save_every;
    return this.#plan;
  }

  stepped(point: StepPoint): void {
    this.#steps = point.step + 1;
    this.#point = point;
    this.#saver.note({ step: point });
  }

  async accompany(over: boolean): Promise<void> {
    const { evaluate_every, evaluate_batches, sample_every } = this.#plan;
    const due = (every: number): boolean =>
      every > 0 && (over || this.#steps === 1 || this.#steps % every === 0) && this.#steps > 0;
    if (due(evaluate_every) && this.#evaluation?.step !== this.#steps) this.#evaluate(evaluate_batches);
    if (due(sample_every) && this.#sampled !== this.#steps && !this.#refused) this.#sample();
    await this.#saver.due(over);
  }

  tell(reports: StepPoint[]): void {
    this.parts.tell({ type: 'step', reports });
  }

  over(): void {
    this.parts.tell({ type: 'over', step: this.#steps });
  }

  async failed(error: unknown): Promise<void> {
    // A step that was refused has changed nothing: what was before it is good.
    if (isRefusal(error)) await this.trySave().catch(() => undefined);
    this.parts.failed(error);
  }

  trySave(): Promise<void> {
    return this.#saver.trySave();
  }

  save(): Promise<void> {
    return this.#saver.save();
  }

  async close(): Promise<void> {
    await this.loop.pause();
    await this.#saver.close();
  }

  #facts(): RunFacts {
    const info = this.core.info();
    return {
      kind: 'run',
      ...this.parts.facts,
      info,
      weights: info.weights,
      steps: this.#steps,
      last_loss: this.#point?.loss ?? null,
      last_evaluation: this.#evaluation?.loss ?? null,
      text_length: this.parts.text.length,
      plan: this.#plan,
    };
  }

  #evaluate(batches: number): void {
    const evaluation = this.core.evaluate(batches);
    this.#evaluation = evaluation;
    this.#saver.note({ evaluation });
    this.parts.tell({ type: 'evaluation', evaluation });
  }

  #sample(): void {
    try {
      const sample = this.#drawn();
      if (!sample) return;
      this.#sampled = this.#steps;
      this.#saver.note({ sample });
      this.parts.tell({ type: 'sample', sample });
    } catch (error) {
      // Such as a probe without a mask: the run is none the worse.
      if (!isRefusal(error)) throw error;
      this.#refused = true;
      this.parts.tell({ type: 'unsampled', error: toData(error) });
    }
  }

  #drawn(): RunSample | undefined {
    const { prompt = firstWords(this.parts.text), probe: text, top_k = 5, options = {} } = this.#plan.sample;
    const step = this.#steps;
    const { architecture } = this.core.info().settings;
    if (architecture === 'gpt' || architecture === 'elmo')
      return { kind: 'text', step, prompt, text: this.core.sample(prompt, options) };
    return text === undefined
      ? undefined
      : { kind: 'probe', step, text, probe: this.core.probe(text, top_k, options.seed ?? 1) };
  }
}

/** What a text begins with: a prompt that the model has seen. */
const firstWords = (text: string): string => /^\s*(\S+(?:\s+\S+)?)/u.exec(text.slice(0, 200))?.[1] ?? '';
