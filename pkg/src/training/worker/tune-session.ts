/** Fine-tuning, ChatGPT's steps and ELMo's tagging head in the worker: steps, what is known on the way, and its keeping. */
import type { ChatPhaseInfo, TuneEvaluation } from '../core-types.js';
import type { KeepingOrder, TrainingNews } from '../protocol.js';
import type { LearnerFacts, LogEntry } from '../storage/format.js';
import type { Keeper } from '../storage/keeper.js';
import type { LearnerKind, StepPoint } from '../types.js';
import type { CoreChat, CoreLearner, CoreTagger, CoreTuning } from '../core.js';
import { Loop, type LoopWork } from './loop.js';
import { Saver } from './saver.js';
import { isRefusal, type Session } from './session.js';

/** How a learner is kept. */
export interface Keeping {
  id: string;
  created: number;
  keeper: Keeper;
  order: KeepingOrder;
  /** Whether it can be begun again without a checkpoint, from its source. */
  lasting: boolean;
  /** It goes on: what is kept of it need not be kept again. */
  resumed: boolean;
}

/** What a session is made of. */
export interface LearnerParts {
  tell: (news: TrainingNews) => void;
  failed: (error: unknown) => void;
  /** None for one that is lost with its tab. */
  keeping: Keeping | undefined;
}

/** What is known of a learner without its weights. */
interface Progress {
  /** Numbers that it is made of. */
  weights: number;
  done: number;
  total: number;
  /** Numbers of a checkpoint. */
  kept: number;
}

/** No checkpoint, where the source says all. */
const NONE = new Uint8Array();

/** What all of them do. */
abstract class LearnerSession<C extends CoreLearner & { checkpoint(): Uint8Array }> implements Session, LoopWork {
  readonly loop: Loop = new Loop(this);
  protected readonly saver: Saver | undefined;
  protected steps: number;
  #prepared = false;
  /** Steps between two evaluations; 0: at the end alone. */
  #evaluateEvery = 0;
  #metadata: unknown;

  constructor(
    readonly core: C,
    protected readonly parts: LearnerParts,
  ) {
    this.steps = this.progress().done;
    const { keeping, tell } = parts;
    this.#metadata = keeping?.order.metadata ?? null;
    if (!keeping) return;
    this.saver = new Saver({
      keeper: keeping.keeper,
      every: keeping.order.save_every,
      ...(keeping.resumed && { kept: this.steps }),
      steps: () => this.steps,
      facts: () => this.#facts(keeping),
      checkpoint: () => (this.fresh && keeping.lasting ? NONE : core.checkpoint()),
      size: () => 4 * this.progress().kept,
      tell,
    });
  }

  protected abstract readonly kind: LearnerKind;
  protected abstract progress(): Progress;

  /** Whether it is as it was made. */
  protected get fresh(): boolean {
    return this.steps === 0;
  }

  get evaluate_every(): number {
    return this.#evaluateEvery;
  }

  set evaluate_every(steps: number) {
    if (steps === this.#evaluateEvery) return;
    this.#evaluateEvery = steps;
    this.saver?.touch();
  }

  /** What the page wants to find again beside it. */
  set metadata(metadata: unknown) {
    this.#metadata = metadata;
    this.saver?.touch();
  }

  prepare(): boolean {
    return false;
  }

  /** Does a part of what comes before the first step; whether something is left. */
  protected prepareBy(core: { prepare(): { done: number; total: number } }): boolean {
    if (this.#prepared) return false;
    const { done, total } = core.prepare();
    this.#prepared = done >= total;
    if (total > 0) this.parts.tell({ type: 'preparing', done, total });
    return !this.#prepared;
  }

  /** Another phase is begun. */
  protected again(): void {
    this.#prepared = false;
    this.steps = 0;
    this.saver?.touch();
  }

  stepped(point: StepPoint): void {
    this.steps = point.step + 1;
    this.saver?.note({ step: point });
  }

  async accompany(over: boolean): Promise<void> {
    await this.saver?.due(over);
  }

  tell(reports: StepPoint[]): void {
    this.parts.tell({ type: 'step', reports });
  }

  over(): void {
    this.parts.tell({ type: 'over', step: this.steps });
  }

  async failed(error: unknown): Promise<void> {
    // A step that was refused has changed nothing: what was before it is good.
    if (isRefusal(error)) await this.trySave().catch(() => undefined);
    this.parts.failed(error);
  }

  async save(): Promise<void> {
    await this.saver?.save();
  }

  async trySave(): Promise<void> {
    await this.saver?.trySave();
  }

  async close(): Promise<void> {
    await this.loop.pause();
    await this.saver?.close();
  }

  #facts({ id, created, order }: Keeping): LearnerFacts {
    const { weights, total } = this.progress();
    return {
      kind: this.kind,
      id,
      name: order.name,
      created,
      weights,
      steps: this.steps,
      total,
      evaluate_every: this.evaluate_every,
      save_every: this.saver?.every ?? order.save_every,
      metadata: this.#metadata,
    };
  }
}

/** What is evaluated on examples held back. */
abstract class EvaluatedSession<
  C extends CoreLearner & {
    checkpoint(): Uint8Array;
    evaluate(): TuneEvaluation;
    info(): { held_out: number };
  },
> extends LearnerSession<C> {
  #evaluated = -1;

  /** Goes on behind what was told before. */
  goOnFrom(log: readonly LogEntry[]): this {
    for (const entry of log) if ('tuned' in entry) this.#evaluated = entry.tuned.step;
    return this;
  }

  override async accompany(over: boolean): Promise<void> {
    const every = this.evaluate_every;
    // With none held back nobody knows how well it does, and it learns all the same.
    const due = (over || (every > 0 && this.steps % every === 0)) && this.core.info().held_out !== 0;
    if (due && this.#evaluated !== this.steps) {
      this.#evaluated = this.steps;
      const tuned = { step: this.steps, evaluation: this.core.evaluate() };
      this.saver?.note({ tuned });
      this.parts.tell({ type: 'tuned', ...tuned });
    }
    await super.accompany(over);
  }
}

/** Fine-tuning: the frozen layers read the examples first. */
export class TuneSession extends EvaluatedSession<CoreTuning> {
  protected get kind(): LearnerKind {
    return 'fine-tuning';
  }

  protected progress(): Progress {
    const { weights, trained_weights, steps, steps_done } = this.core.info();
    // What learns, with the optimizer's two moments.
    return { weights, done: steps_done, total: steps, kept: 3 * trained_weights };
  }

  override prepare(): boolean {
    return this.prepareBy(this.core);
  }
}

/** ELMo's layers mixed for tagging. */
export class TaggerSession extends EvaluatedSession<CoreTagger> {
  protected get kind(): LearnerKind {
    return 'tagger';
  }

  protected progress(): Progress {
    const { weights, trained_weights, steps, steps_done } = this.core.info();
    return { weights, done: steps_done, total: steps, kept: weights + 3 * trained_weights };
  }
}

/** ChatGPT's three steps: before DPO the model as it is reads the responses. */
export class ChatSession extends LearnerSession<CoreChat> {
  protected get kind(): LearnerKind {
    return 'chat';
  }

  protected progress(): Progress {
    const { weights, phase, has_reward_model } = this.core.info();
    // The GPT as it is and as it was, two moments, and the judge.
    const models = phase ? 4 + Number(has_reward_model) : 1;
    return { weights, done: phase?.steps_done ?? 0, total: phase?.steps ?? 0, kept: models * weights };
  }

  protected override get fresh(): boolean {
    return this.core.info().phase == null;
  }

  override prepare(): boolean {
    return this.prepareBy(this.core);
  }

  /** A phase was begun. */
  began(phase: ChatPhaseInfo): void {
    this.saver?.note({ phase });
    this.again();
  }
}
