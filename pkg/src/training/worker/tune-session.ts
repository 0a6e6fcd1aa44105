/** Fine-tuning, ChatGPT's steps and ELMo's tagging head in the worker: steps, and what is known on the way. */
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

  constructor(
    readonly core: C,
    protected readonly say: Tell,
    readonly failed: (error: unknown) => void,
  ) {}

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

/** Fine-tuning. */
export class TuneSession extends LearnerSession<CoreTuning> {
  #prepared = false;
  #evaluated = -1;
  /** Steps between two evaluations; 0: at the end alone. */
  evaluate_every = 0;

  prepare(): boolean {
    if (this.#prepared) return false;
    const { done, total } = this.core.prepare();
    this.#prepared = done >= total;
    if (total > 0) this.say({ type: 'preparing', done, total });
    return !this.#prepared;
  }

  override accompany(over: boolean): void {
    const every = this.evaluate_every;
    const due = over || (every > 0 && this.steps % every === 0);
    if (!due || this.#evaluated === this.steps) return;
    this.#evaluated = this.steps;
    this.say({ type: 'tuned', step: this.steps, evaluation: this.core.evaluate() });
  }
}

/** ChatGPT's three steps. */
export class ChatSession extends LearnerSession<CoreChat> {}

/** ELMo's layers mixed for tagging. */
export class TaggerSession extends LearnerSession<CoreTagger> {}
