/** A model being loaded on the Models screen: how far it is, held up or ended by the reader, and what went wrong. */
import type { ReactiveController, ReactiveControllerHost } from 'lit';
import {
  LoadControl,
  openModel,
  type ModelInfo,
  type OpenedModel,
  type PipelineOptions,
  type ProgressInfo,
} from '../index.js';
import type { ModelChoice } from './model-choice.js';

/** How a load ended. */
export type LoadOutcome =
  { loaded: true; info: ModelInfo } | { loaded: false; error: unknown } | { loaded: false; stopped: true };

/** One load at a time; the model that was loaded last is held, so that a screen that is given it has it at once. */
export class ModelLoading implements ReactiveController {
  /** What is being loaded. */
  choice: ModelChoice | undefined;
  /** How far it is. */
  progress: ProgressInfo | undefined;
  /** What the load said that does not end it: no room to keep the model, no connection. */
  warning: string | undefined;
  #control = new LoadControl();
  #abort: AbortController | undefined;
  #held: { readonly id: string; readonly opened: OpenedModel } | undefined;
  #frame = 0;

  constructor(private readonly host: ReactiveControllerHost) {
    host.addController(this);
  }

  get paused(): boolean {
    return this.#control.paused;
  }

  /** Loads a model; a load that is under way is ended. */
  async load(choice: ModelChoice, options: PipelineOptions): Promise<LoadOutcome> {
    this.cancel();
    this.#letGo();
    const abort = new AbortController();
    this.#abort = abort;
    this.#control = new LoadControl();
    this.choice = choice;
    this.progress = undefined;
    this.warning = undefined;
    this.host.requestUpdate();
    try {
      const opened = await openModel(choice.model, {
        ...options,
        signal: abort.signal,
        control: this.#control,
        progress_callback: (progress) => this.#abort === abort && this.#onProgress(progress),
      });
      if (abort.signal.aborted) {
        opened.dispose();
        return { loaded: false, stopped: true };
      }
      this.#held = { id: choice.id, opened };
      return { loaded: true, info: opened.info };
    } catch (error) {
      return abort.signal.aborted ? { loaded: false, stopped: true } : { loaded: false, error };
    } finally {
      if (this.#abort === abort) {
        this.#abort = undefined;
        this.choice = undefined;
      }
      this.host.requestUpdate();
    }
  }

  /** Holds it up, or lets it go on. */
  togglePause(): void {
    if (this.paused) this.#control.resume();
    else this.#control.pause();
    this.host.requestUpdate();
  }

  /** Ends it; what has arrived is kept. */
  cancel(): void {
    this.#abort?.abort();
  }

  /** Lets the model that was loaded last go, unless it is one of these: no screen is to use it. */
  letGoUnless(ids: readonly string[]): void {
    if (this.#held && !ids.includes(this.#held.id)) this.#letGo();
  }

  hostDisconnected(): void {
    // Moved within the page: go on. Taken away: end.
    queueMicrotask(() => {
      if ((this.host as ReactiveControllerHost & Node).isConnected) return;
      this.cancel();
      this.#letGo();
    });
  }

  #letGo(): void {
    this.#held?.opened.dispose();
    this.#held = undefined;
  }

  #onProgress(progress: ProgressInfo): void {
    if (progress.status === 'warning') this.warning = progress.message;
    else this.progress = progress;
    // Many small pieces: once a frame is enough.
    this.#frame ||= requestAnimationFrame(() => {
      this.#frame = 0;
      this.host.requestUpdate();
    });
  }
}
