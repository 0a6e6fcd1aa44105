/** A run in the worker: its steps, what accompanies them, and its keeping. */
import { toData } from '../../border/errors.js';
import type { Evaluation } from '../core-types.js';
import type { TrainingNews } from '../protocol.js';
import type { LogEntry, RunFacts } from '../storage/format.js';
import type { Keeper } from '../storage/keeper.js';
import type { RunPlan, RunSample, StepPoint } from '../types.js';
import type { CoreRun } from '../core.js';
import { Loop, type LoopWork } from './loop.js';
import { isRefusal, type Session } from './session.js';

/** Saving takes at most this share of the time. */
const SAVING_SHARE = 0.1;

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
  #plan: RunPlan;
  #steps: number;
  #point: StepPoint | undefined;
  #evaluation: Evaluation | undefined;
  #sampled = -1;
  /** The plan's sample cannot be drawn. */
  #refused = false;
  /** Steps that are kept, and when the next ones are to be. */
  #saved = -1;
  #nextSave: number;

  constructor(private readonly parts: RunParts) {
    this.core = parts.core;
    this.#plan = parts.plan;
    this.#steps = parts.core.info().steps_done;
    for (const entry of parts.log) {
      if ('step' in entry) this.#point = entry.step;
      else if ('evaluation' in entry) this.#evaluation = entry.evaluation;
      else this.#sampled = entry.sample.step;
    }
    if (parts.log.length > 0) this.#saved = this.#steps;
    this.#nextSave = nextSave(parts.plan);
  }

  plan(change: Partial<RunPlan>): RunPlan {
    this.#plan = { ...this.#plan, ...change };
    if (change.sample) this.#refused = false;
    if (change.save_every !== undefined) this.#nextSave = nextSave(this.#plan);
    return this.#plan;
  }

  stepped(point: StepPoint): void {
    this.#steps = point.step + 1;
    this.#point = point;
    this.parts.keeper.note({ step: point });
  }

  async accompany(over: boolean): Promise<void> {
    const { evaluate_every, evaluate_batches, sample_every, save_every } = this.#plan;
    const due = (every: number): boolean =>
      every > 0 && (over || this.#steps === 1 || this.#steps % every === 0) && this.#steps > 0;
    if (due(evaluate_every) && this.#evaluation?.step !== this.#steps) this.#evaluate(evaluate_batches);
    if (due(sample_every) && this.#sampled !== this.#steps && !this.#refused) this.#sample();
    if (!over && performance.now() < this.#nextSave) return;
    const before = performance.now();
    await this.trySave();
    const took = performance.now() - before;
    this.#nextSave = save_every === 0 ? 0 : before + Math.max(save_every * 1000, took / SAVING_SHARE);
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

  /** Saves, or says why it cannot. */
  async trySave(): Promise<void> {
    try {
      await this.save();
    } catch (error) {
      if (!isRefusal(error)) throw error;
      this.parts.tell({ type: 'unsaved', error: toData(error) });
    }
  }

  /** @throws ClozeError `storage_full`, `not_kept` */
  async save(): Promise<void> {
    const step = this.#steps;
    const { facts, keeper, text } = this.parts;
    if (this.#saved === step && !keeper.pending) return;
    const info = this.core.info();
    const all: RunFacts = {
      kind: 'run',
      ...facts,
      info,
      weights: info.weights,
      steps: step,
      last_loss: this.#point?.loss ?? null,
      last_evaluation: this.#evaluation?.loss ?? null,
      text_length: text.length,
      plan: this.#plan,
    };
    const bytes = await keeper.save(all, this.core.checkpoint());
    this.#saved = step;
    this.parts.tell({ type: 'saved', step, bytes });
  }

  async close(): Promise<void> {
    await this.loop.pause();
    await this.trySave();
    await this.parts.keeper.close();
  }

  #evaluate(batches: number): void {
    const evaluation = this.core.evaluate(batches);
    this.#evaluation = evaluation;
    this.parts.keeper.note({ evaluation });
    this.parts.tell({ type: 'evaluation', evaluation });
  }

  #sample(): void {
    try {
      const sample = this.#drawn();
      if (!sample) return;
      this.#sampled = this.#steps;
      this.parts.keeper.note({ sample });
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

const nextSave = ({ save_every }: RunPlan): number => (save_every === 0 ? 0 : performance.now() + save_every * 1000);

/** What a text begins with: a prompt that the model has seen. */
const firstWords = (text: string): string => /^\s*(\S+(?:\s+\S+)?)/u.exec(text.slice(0, 200))?.[1] ?? '';
