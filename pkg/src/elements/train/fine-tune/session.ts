/** A fine-tuning as the view follows it: opened, prepared, trained, evaluated; with a GPT a second time without λ. */
import type { ProgressInfo } from '../../../index.js';
import type { TuneEvaluation, TuneInfo, TuneInput, TuneSettings } from '../../../training/core-types.js';
import type {
  ElmoTagging,
  FineTune,
  LearnerOptions,
  StepPoint,
  TrainingHost,
  TuneEvent,
  TunePrediction,
} from '../../../training/types.js';
import { isStop } from '../../controllers/problem.js';

/** `opening` until the model is here; `stopped` while it was being opened. */
export type TuneState = 'opening' | 'preparing' | 'running' | 'paused' | 'over' | 'failed' | 'stopped';

/** Something that learns a task. An ELMo with its layers mixed has words of its own, and no box to try it. */
export type Teachable = Pick<
  FineTune,
  'id' | 'history' | 'on_event' | 'start' | 'pause' | 'evaluate' | 'evaluate_every' | 'close' | 'folder' | 'keep'
> & {
  readonly info: Omit<TuneInfo, 'architecture' | 'num_layers'>;
} & Partial<Pick<FineTune, 'predict' | 'data'> & Pick<ElmoTagging, 'mix' | 'vectors'>>;

/** What is learnt, and how. */
export interface TuneOrder {
  /** Opens the model with the examples; the folder of a run is made then. */
  readonly open: (host: TrainingHost, settings: TuneSettings, options: LearnerOptions) => Promise<Teachable>;
  /** The training of these settings that was kept when its tab was closed; undefined if it had not begun. */
  readonly resume?: (host: TrainingHost, leg: number, options: LearnerOptions) => Promise<Teachable | undefined>;
  /** What is to be found beside a training that is kept. */
  readonly metadata?: (leg: number) => unknown;
  /** The settings; with two, the second one is trained for comparison alone. */
  readonly settings: readonly TuneSettings[];
}

/** One training of the two. */
export class Leg {
  tune: Teachable | undefined;
  readonly steps: StepPoint[] = [];
  readonly evaluations: { readonly step: number; readonly evaluation: TuneEvaluation }[] = [];
  /** Time of preparing and all steps, without that of rests. */
  ms = 0;

  constructor(readonly settings: TuneSettings) {}

  /** What was told before it was left. */
  takeHistory({ steps, evaluations }: FineTune['history']): void {
    this.steps.push(...steps);
    this.evaluations.push(...evaluations);
    this.ms += steps.reduce((sum, { ms }) => sum + ms, 0);
  }

  /** The examples held back, as they are predicted now. */
  get evaluation(): TuneEvaluation | undefined {
    return this.evaluations.at(-1)?.evaluation;
  }
}

/** Steps between two evaluations: once an epoch, but no more examples are evaluated on in all than are learnt from. */
export function evaluateEvery({ examples, held_out, steps }: Teachable['info'], epochs: number): number {
  const times = Math.floor(epochs * Math.min(1, examples / Math.max(1, held_out)));
  return Math.ceil(steps / Math.max(1, times));
}

/** Follows one. */
export class TuneSession {
  state: TuneState = 'opening';
  /** Of the model's load. */
  load: ProgressInfo | undefined;
  /** Examples whose frozen layers are computed. */
  prepared: { readonly done: number; readonly total: number } | undefined;
  error: unknown;
  /** Why it could not be kept, the last time it was tried. */
  unsaved: unknown;
  readonly legs: readonly Leg[];
  readonly #abort = new AbortController();
  #at = 0;
  #closed = false;

  constructor(
    private readonly order: TuneOrder,
    private readonly host: () => Promise<TrainingHost>,
    private readonly update: (what: TuneState | 'step' | 'evaluation') => void,
  ) {
    this.legs = order.settings.map((settings) => new Leg(settings));
  }

  /** The one that is tried and saved. */
  get main(): Leg {
    return this.legs[0]!;
  }

  /** The one that learns, or learnt last. */
  get current(): Leg {
    return this.legs[this.#at]!;
  }

  get busy(): boolean {
    return this.state === 'opening' || this.state === 'preparing' || this.state === 'running';
  }

  /** Trains; resolves once it is over, was stopped or has failed. */
  async run(): Promise<void> {
    try {
      const host = await this.host();
      for (const leg of this.legs) {
        this.#abort.signal.throwIfAborted();
        this.#at = this.legs.indexOf(leg);
        this.#enter('opening');
        leg.tune = await this.#open(host, leg);
        if (this.#closed) return void (await leg.tune.close());
        leg.takeHistory(leg.tune.history);
        await this.#follow(leg, leg.tune);
        // What was only compared with need not be held.
        if (leg !== this.main) await leg.tune.close();
      }
      this.#enter('over');
    } catch (error) {
      if (this.#closed) return;
      this.error = error;
      this.#enter(isStop(error) ? 'stopped' : 'failed');
    }
  }

  /** Rests, or ends the opening. */
  async stop(): Promise<void> {
    if (this.state === 'opening') return this.#abort.abort();
    await this.current.tune?.pause();
  }

  /** Goes on after {@link stop}. */
  async resume(): Promise<void> {
    await this.current.tune?.start();
  }

  predict(input: TuneInput): Promise<TunePrediction> {
    return this.main.tune!.predict!(input);
  }

  /** Whether there is something to ask. */
  get asks(): boolean {
    const { tune, evaluations, steps } = this.main;
    if (tune?.predict === undefined) return false;
    return evaluations.length > 0 || (tune.info.held_out === 0 && steps.length > 0);
  }

  /** Lets the workers go. What was learnt is kept, to go on with. */
  close(): void {
    void this.#end();
  }

  /** The same, and nothing is kept. */
  async discard(): Promise<void> {
    await this.#end();
    const host = await this.host();
    // Another tab may have it by now.
    for (const { tune } of this.legs) if (tune?.id) await host.remove(tune.id).catch(() => undefined);
  }

  async #end(): Promise<void> {
    this.#closed = true;
    this.#abort.abort();
    await Promise.all(this.legs.map(({ tune }) => tune?.close().catch(() => undefined)));
  }

  /** Where it was left, or anew. */
  async #open(host: TrainingHost, leg: Leg): Promise<Teachable> {
    const { open, resume, metadata } = this.order;
    const at = this.legs.indexOf(leg);
    const options: LearnerOptions = {
      signal: this.#abort.signal,
      progress_callback: (progress) => {
        this.load = progress;
        this.update('opening');
      },
    };
    const left = await resume?.(host, at, options);
    return left ?? open(host, leg.settings, { ...options, metadata: metadata?.(at) ?? null });
  }

  async #follow(leg: Leg, tune: Teachable): Promise<void> {
    tune.evaluate_every = evaluateEvery(tune.info, leg.settings.epochs);
    let stopHearing: (() => void) | undefined;
    let last = performance.now();
    const over = new Promise<void>((resolve, reject) => {
      stopHearing = tune.on_event((event) => {
        const now = performance.now();
        if (this.state !== 'paused') leg.ms += now - last;
        last = now;
        if (event.type === 'error') return reject(event.error);
        if (event.type === 'over' || (event.type === 'state' && event.state === 'closed')) return resolve();
        this.#hear(leg, event);
      });
    });
    try {
      await Promise.all([over, tune.start()]);
      const step = leg.steps.length;
      if (this.#closed || tune.info.held_out === 0 || leg.evaluations.at(-1)?.step === step) return;
      leg.evaluations.push({ step, evaluation: await tune.evaluate() });
    } finally {
      stopHearing?.();
    }
  }

  #hear(leg: Leg, event: TuneEvent): void {
    if (event.type === 'preparing') {
      this.prepared = event;
      this.#enter('preparing');
    } else if (event.type === 'step') {
      leg.steps.push(...event.reports);
      if (this.state === 'preparing') this.#enter('running');
      else this.update('step');
    } else if (event.type === 'evaluation') {
      leg.evaluations.push(event);
      this.update('evaluation');
    } else if (event.type === 'saved' || event.type === 'unsaved') {
      this.unsaved = event.type === 'unsaved' ? event.error : undefined;
      this.update('step');
    } else if (event.type === 'state' && (event.state === 'paused' || event.state === 'running')) {
      this.#enter(event.state);
    }
  }

  #enter(state: TuneState): void {
    this.state = state;
    this.update(state);
  }
}
