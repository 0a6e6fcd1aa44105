/** What all that learns has in common on the page: its state, its news, its folder. */
import { ClozeError, fromData } from '../border/errors.js';
import { trainingErrors as say } from '../words/training/index.js';
import type { TrainingClient } from './client.js';
import { asFolder } from './folder.js';
import type { Asked, TrainingNews } from './protocol.js';
import type { Learner, LearnerEvent, LearnerState, StepPoint } from './types.js';

type Methods = Asked[keyof Asked];
type Method<M extends string> = Extract<Methods, Record<M, unknown>>[M & keyof Extract<Methods, Record<M, unknown>>];
type Call = (...args: never[]) => unknown;

/** The base of runs, fine-tunings and the like. */
export abstract class LearnerBase<Event extends { type: string }> implements Learner<Event | LearnerEvent> {
  readonly #listeners = new Set<(event: Event | LearnerEvent) => void>();
  readonly #onClose = new Set<() => void>();
  #state: LearnerState = 'paused';
  /** Counts starts and pauses. */
  #asked = 0;

  constructor(
    protected readonly client: TrainingClient,
    /** What its folder is called. */
    private readonly title: () => string,
  ) {
    client.on_news = (news) => this.#hear(news);
    client.on_end = (error) => this.#fail(error);
  }

  get state(): LearnerState {
    return this.#state;
  }

  async start(): Promise<void> {
    this.#checkOpen();
    this.#asked += 1;
    this.#become('running');
    await this.client.call('start', this.startWith());
  }

  async pause(): Promise<void> {
    this.#checkOpen();
    const asked = (this.#asked += 1);
    await this.client.call('pause', null);
    // Unless it was started again meanwhile.
    if (this.#state === 'running' && asked === this.#asked) this.#become('paused');
  }

  step(): Promise<StepPoint> {
    return this.client.call('step', null);
  }

  on_event(listener: (event: Event | LearnerEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async *events(): AsyncIterableIterator<Event | LearnerEvent> {
    const waiting: (Event | LearnerEvent)[] = [];
    let wake: () => void = () => undefined;
    let closed = this.#isClosed;
    const stop = this.on_event((event) => {
      waiting.push(event);
      wake();
    });
    const onClose = (): void => {
      closed = true;
      wake();
    };
    this.#onClose.add(onClose);
    try {
      for (;;) {
        while (waiting.length > 0) yield waiting.shift()!;
        if (closed) return;
        await new Promise<void>((resolve) => (wake = resolve));
      }
    } finally {
      stop();
      this.#onClose.delete(onClose);
    }
  }

  async folder(): Promise<File[]> {
    return asFolder(this.title(), await this.client.call('folder', null));
  }

  async close(): Promise<void> {
    if (this.#isClosed) return;
    try {
      if (!this.client.ended) await this.client.call('close', null);
    } finally {
      this.client.end();
      this.#become('closed');
      this.#onClose.forEach((close) => close());
    }
  }

  /** What the worker is started with. */
  protected startWith(): { evaluate_every?: number } {
    return {};
  }

  /** Takes what happened into the history, before others hear of it; returns what they hear. */
  protected abstract take(news: TrainingNews): Event | LearnerEvent | undefined;

  protected ask<M extends string>(
    method: M,
    ...args: Method<M> extends Call ? Parameters<Method<M>> : never
  ): Promise<Method<M> extends Call ? ReturnType<Method<M>> : never> {
    return this.client.call('ask', { method, args }) as Promise<never>;
  }

  /** Tells all who listen. */
  protected emit(event: Event | LearnerEvent): void {
    this.#listeners.forEach((listener) => listener(event));
  }

  /** What can be done again, as another phase is begun. */
  protected again(): void {
    if (this.#state === 'over') this.#become('paused');
  }

  get #isClosed(): boolean {
    return this.#state === 'closed';
  }

  #checkOpen(): void {
    if (this.#isClosed) throw new ClozeError('disposed', say.closed);
  }

  #hear(news: TrainingNews): void {
    if (news.type === 'failed') return this.#fail(fromData(news.error));
    const event = this.take(news);
    if (news.type === 'over') this.#become('over');
    if (event) this.emit(event);
  }

  #fail(error: ClozeError): void {
    this.#become('failed');
    this.emit({ type: 'error', error });
  }

  #become(state: LearnerState): void {
    if (this.#state === state) return;
    this.#state = state;
    this.emit({ type: 'state', state });
  }
}
