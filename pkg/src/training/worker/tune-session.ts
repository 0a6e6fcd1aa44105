/** Fine-tuning, ChatGPT's steps and ELMo's tagging head in the worker: steps, and what is known on the way. */
import type { TuneEvaluation } from '../core-types.js';
import type { TrainingNews } from '../protocol.js';
import type { StepPoint } from '../types.js';
import type { CoreChat, CoreLearner, CoreTagger, CoreTuning } from '../core.js';
import { Loop, type LoopWork } from './loop.js';
import type { Session } from './session.js';

type Tell = (news: TrainingNews) => void;

/** What all of them do. */
abstract class LearnerSession<C extends CoreLearner> implements Session, LoopWork {
  readonly loop: Loop = new Loop(this);
  protected steps = 0;
  #prepared = false;

  constructor(
    readonly core: C,
    protected readonly say: Tell,
    readonly failed: (error: unknown) => void,
  ) {}

  prepare(): boolean {
    return false;
  }

  /** Does a part of what comes before the first step; whether something is left. */
  protected prepareBy(core: { prepare(): { done: number; total: number } }): boolean {
    if (this.steps > 0 || this.#prepared) return false;
    const { done, total } = core.prepare();
    this.#prepared = done >= total;
    if (total > 0) this.say({ type: 'preparing', done, total });
    return !this.#prepared;
  }

  /** Another phase is begun. */
  again(): void {
    this.#prepared = false;
    this.steps = 0;
  }

  stepped({ step }: StepPoint): void {
    this.steps = step + 1;
  }

  accompany(_over: boolean): void {
    // Nothing goes with it.
  }

  tell(reports: StepPoint[]): void {
    this.say({ type: 'step', reports });
  }

  over(): void {
    this.say({ type: 'over', step: this.steps });
  }

  close(): Promise<void> {
    return this.loop.pause();
  }
}

/** What is evaluated on examples held back. */
abstract class EvaluatedSession<C extends CoreLearner & { evaluate(): TuneEvaluation }> extends LearnerSession<C> {
  #evaluated = -1;
  /** Steps between two evaluations; 0: at the end alone. */
  evaluate_every = 0;

  override accompany(over: boolean): void {
    const every = this.evaluate_every;
    const due = over || (every > 0 && this.steps % every === 0);
    if (!due || this.#evaluated === this.steps) return;
    this.#evaluated = this.steps;
    this.say({ type: 'tuned', step: this.steps, evaluation: this.core.evaluate() });
  }
}

/** Fine-tuning: the frozen layers read the examples first. */
export class TuneSession extends EvaluatedSession<CoreTuning> {
  override prepare(): boolean {
    return this.prepareBy(this.core);
  }
}

/** ELMo's layers mixed for tagging. */
export class TaggerSession extends EvaluatedSession<CoreTagger> {}

/** ChatGPT's three steps: before DPO the model as it is reads the responses. */
export class ChatSession extends LearnerSession<CoreChat> {
  override prepare(): boolean {
    return this.prepareBy(this.core);
  }
}
