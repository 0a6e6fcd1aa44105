/** A run on the page. */
import { fromData } from '../border/errors.js';
import type { TrainingClient } from './client.js';
import type {
  BatchRow,
  Evaluation,
  HeadAttention,
  NextSentenceProbe,
  Probe,
  RunInfo,
  SampleOptions,
  TextToken,
  WordVectors,
} from './core-types.js';
import { LearnerBase } from './learner.js';
import type { OpenedRun, TrainingNews } from './protocol.js';
import type { Run, RunEvent, RunHistory, RunPlan, RunSample, StepPoint } from './types.js';

/** How a run is accompanied if nothing is said. */
export const DEFAULT_PLAN: RunPlan = {
  evaluate_every: 50,
  evaluate_batches: 8,
  sample_every: 100,
  sample: {},
  save_every: 5,
  when_hidden: 'go_on',
};

/** A model being trained from new weights. */
export class TrainedRun extends LearnerBase<RunEvent> implements Run {
  readonly id: string;
  readonly name: string;
  readonly info: RunInfo;
  readonly #steps: StepPoint[];
  readonly #evaluations: Evaluation[];
  readonly #samples: RunSample[];
  #plan: RunPlan;
  #done: number;
  /** It rests because nobody sees it. */
  #hidden = false;

  constructor(client: TrainingClient, { id, name, info, plan, history }: OpenedRun) {
    super(client, () => name);
    this.id = id;
    this.name = name;
    this.info = info;
    this.#plan = plan;
    this.#done = info.steps_done;
    this.#steps = [...history.steps];
    this.#evaluations = [...history.evaluations];
    this.#samples = [...history.samples];
    globalThis.document?.addEventListener('visibilitychange', this.#onSeen);
  }

  get steps_done(): number {
    return this.#done;
  }

  get history(): RunHistory {
    return { steps: this.#steps, evaluations: this.#evaluations, samples: this.#samples };
  }

  get plan(): Readonly<RunPlan> {
    return this.#plan;
  }

  async change_plan(change: Partial<RunPlan>): Promise<void> {
    this.#plan = await this.client.call('plan', change);
  }

  async save(): Promise<void> {
    await this.client.call('save', null);
  }

  override pause(): Promise<void> {
    // Whoever pauses it does not want it to go on by itself.
    this.#hidden = false;
    return super.pause();
  }

  override close(): Promise<void> {
    globalThis.document?.removeEventListener('visibilitychange', this.#onSeen);
    return super.close();
  }

  evaluate(batches = this.#plan.evaluate_batches): Promise<Evaluation> {
    return this.ask('evaluate', batches) as Promise<Evaluation>;
  }

  sample(prompt: string, options: SampleOptions = {}): Promise<string> {
    return this.ask('sample', prompt, options);
  }

  probe(text: string, top_k = 5, seed = 1): Promise<Probe> {
    return this.ask('probe', text, top_k, seed);
  }

  next_sentence(a: string, b: string): Promise<NextSentenceProbe> {
    return this.ask('next_sentence', a, b);
  }

  attention(text: string, layer: number, head: number): Promise<HeadAttention> {
    return this.ask('attention', text, layer, head);
  }

  tokenize(text: string): Promise<TextToken[]> {
    return this.ask('tokenize', text);
  }

  batch(step: number, row: number): Promise<BatchRow> {
    return this.ask('batch', step, row);
  }

  word_vectors(text: string): Promise<WordVectors> {
    return this.ask('word_vectors', text);
  }

  protected override take(news: TrainingNews): RunEvent | undefined {
    switch (news.type) {
      case 'step':
        this.#steps.push(...news.reports);
        this.#done = news.reports.at(-1)!.step + 1;
        return news;
      case 'evaluation':
        this.#evaluations.push(news.evaluation);
        return news;
      case 'sample':
        this.#samples.push(news.sample);
        return news;
      case 'unsaved':
      case 'unsampled':
        return { type: news.type, error: fromData(news.error) };
      case 'saved':
      case 'over':
        return news;
      default:
        return undefined;
    }
  }

  /** A tab that is left may be thrown away: what is there is saved. */
  #onSeen = (): void => {
    const hidden = document.visibilityState === 'hidden';
    const ignore = (): void => undefined;
    if (!hidden && this.#hidden) {
      this.#hidden = false;
      void this.start().catch(ignore);
    } else if (hidden && this.state === 'running') {
      if (this.#plan.when_hidden === 'go_on') return void this.save().catch(ignore);
      void super.pause().catch(ignore);
      this.#hidden = true;
    }
  };
}
