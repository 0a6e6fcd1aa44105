/** A model that is loaded when it is needed: how far it is, held up or ended by the reader, and let go with its element. */
import type { ReactiveController } from 'lit';
import { LoadControl, type PipelineOptions, type ProgressInfo } from '../../index.js';
import { onceGone, type Host } from './host.js';
import { isStop } from './problem.js';

/** How it stands with the model. */
export type LoadState = 'idle' | 'loading' | 'ready' | 'failed';

/** What is loaded: a pipeline, or a model without a task. */
export interface Loadable {
  dispose(): unknown;
}

/** How a model is loaded, and who hears of it. */
export interface Loading<M extends Loadable> {
  /** Loads it with the options that the controller adds: how to stop it, to pause it, and to hear of it. */
  open(options: PipelineOptions): Promise<M>;
  /** It is begun. */
  began?(): void;
  /** It goes on, or warns of something. */
  progressed?(progress: ProgressInfo): void;
  /** The model is there. */
  ready?(model: M): void;
  /** The reader ended it. */
  stopped?(): void;
  failed?(error: unknown): void;
  /** Whether there is a model to load; left out, there always is. */
  able?(): boolean;
  /** Whether it begins by itself once the element is seen, also for those who save data; left out, it never does. */
  eager?(): boolean;
  /** Whether it does not begin by itself for now. */
  needless?(): boolean;
}

/** One model, and one load of it at a time. */
export class ModelController<M extends Loadable> implements ReactiveController {
  #model: M | undefined;
  #state: LoadState = 'idle';
  #progress: ProgressInfo | undefined;
  #fetching = false;
  /** What a load warned of, by code; said until the next one. */
  readonly #warnings = new Map<string, string>();
  #control = new LoadControl();
  /** The load whose words count; another one's were let go. */
  #attempt: AbortController | undefined;
  #promise: Promise<M> | undefined;
  #frame = 0;
  #observer: IntersectionObserver | undefined;

  constructor(
    private readonly host: Host,
    private readonly loading: Loading<M>,
  ) {
    host.addController(this);
  }

  /** The model, once it is there. */
  get model(): M | undefined {
    return this.#model;
  }

  /** How it stands. */
  get state(): LoadState {
    return this.#state;
  }

  /** How far the load is, while it goes on. */
  get progress(): ProgressInfo | undefined {
    return this.#progress;
  }

  /** Whether the load under way fetches something; otherwise it reads what is kept here. */
  get fetching(): boolean {
    return this.#fetching;
  }

  /** What the last load said that did not end it: no room to keep the model, no connection. */
  get warnings(): readonly string[] {
    return [...this.#warnings.values()];
  }

  /** Whether the load is held up, perhaps by another screen that waits for the same model. */
  get paused(): boolean {
    return this.#control.paused;
  }

  /** Whether it is there or on its way. */
  get wanted(): boolean {
    return this.#promise !== undefined;
  }

  /** Loads the model if it is neither there nor on its way. Rejects with what went wrong, or with that it was stopped. */
  load(): Promise<M> {
    return (this.#promise ??= this.#load());
  }

  /** Begins by itself once the element is seen, or now if it is: for one that was seen before it had a model. */
  watch(): void {
    this.#observer?.disconnect();
    this.#observer?.observe(this.host);
  }

  /** Holds the load up, or lets it go on. */
  togglePause(): void {
    if (this.paused) this.#control.resume();
    else this.#control.pause();
    this.host.requestUpdate();
  }

  /** Ends the load; what has arrived is kept. A model that is there stays. */
  stop(): void {
    if (this.#state === 'loading') this.#attempt?.abort();
  }

  /** Lets the model go, or ends the load of it without a word. */
  release(): void {
    this.stop();
    this.#attempt = undefined;
    this.#promise = undefined;
    this.#progress = undefined;
    this.#model?.dispose();
    this.#model = undefined;
    this.#set('idle');
  }

  async #load(): Promise<M> {
    const attempt = new AbortController();
    this.#attempt = attempt;
    const control = new LoadControl();
    this.#control = control;
    this.#warnings.clear();
    this.#fetching = false;
    this.#set('loading');
    this.loading.began?.();
    try {
      const model = await this.loading.open({
        signal: attempt.signal,
        control,
        progress_callback: (progress) => this.#attempt === attempt && this.#hear(progress),
      });
      if (attempt.signal.aborted) {
        model.dispose();
        throw stopped();
      }
      this.#model = model;
      this.#set('ready');
      this.loading.ready?.(model);
      return model;
    } catch (error) {
      // The words of a load that was let go are nobody's.
      if (this.#attempt === attempt) {
        this.#promise = undefined;
        if (attempt.signal.aborted) {
          this.#set('idle');
          this.loading.stopped?.();
        } else {
          this.#set('failed');
          this.loading.failed?.(error);
        }
      }
      throw attempt.signal.aborted && !isStop(error) ? stopped() : error;
    } finally {
      if (this.#attempt === attempt) this.#progress = undefined;
      this.host.requestUpdate();
    }
  }

  #hear(progress: ProgressInfo): void {
    this.loading.progressed?.(progress);
    if (progress.status === 'warning') this.#warnings.set(progress.code ?? '', progress.message);
    else this.#progress = progress;
    this.#fetching ||= progress.status === 'download';
    // Many small pieces come: once a frame is enough.
    this.#frame ||= requestAnimationFrame(() => {
      this.#frame = 0;
      this.host.requestUpdate();
    });
  }

  #set(state: LoadState): void {
    this.#state = state;
    this.host.requestUpdate();
  }

  hostConnected(): void {
    const { eager } = this.loading;
    if (!eager) return;
    this.#observer = new IntersectionObserver((entries) => {
      if (!entries.some((entry) => entry.isIntersecting) || this.loading.able?.() === false) return;
      this.#observer?.disconnect();
      // Those who save data load a model only when they ask for it.
      const saves = (navigator as { connection?: { saveData?: boolean } }).connection?.saveData === true;
      if (saves && !eager()) return;
      whenIdle(() => {
        if (this.host.isConnected && !this.loading.needless?.()) this.load().catch(() => undefined);
      });
    });
    this.#observer.observe(this.host);
  }

  hostDisconnected(): void {
    this.#observer?.disconnect();
    onceGone(this.host, () => this.release());
  }
}

const stopped = (): DOMException => new DOMException('The load was stopped.', 'AbortError');

function whenIdle(action: () => void): void {
  if (typeof requestIdleCallback === 'function') requestIdleCallback(action, { timeout: 1000 });
  else setTimeout(action, 200);
}
