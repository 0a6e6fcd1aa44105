/** One run at a time: it can be stopped, and a later one replaces it. */
import type { ReactiveController } from 'lit';
import { focusControl, onceGone, type Host } from './host.js';
import { isStop } from './problem.js';

/** Hears how a run ends, unless another one replaced it. */
export interface RunListener<R> {
  done(result: R): void;
  /** Stopped by the reader, or by a change of model. */
  stopped(error: unknown): void;
  failed(error: unknown): void;
}

/** Runs that replace each other. */
export class RunController implements ReactiveController {
  #abort: AbortController | undefined;
  #running = false;

  constructor(private readonly host: Host) {
    host.addController(this);
  }

  /** Whether one is under way. */
  get running(): boolean {
    return this.#running;
  }

  /** Begins a run in place of the one under way; resolves with its result, if it comes to one. */
  async run<R>(work: (signal: AbortSignal) => Promise<R>, listener: RunListener<R>): Promise<R | undefined> {
    this.stop();
    const abort = new AbortController();
    this.#abort = abort;
    this.#set(true);
    try {
      const result = await work(abort.signal);
      if (abort !== this.#abort) return undefined;
      listener.done(result);
      return result;
    } catch (error) {
      if (abort !== this.#abort) return undefined;
      if (abort.signal.aborted || isStop(error)) listener.stopped(error);
      else listener.failed(error);
      return undefined;
    } finally {
      if (abort === this.#abort) await this.#end();
    }
  }

  /** Stops the run; nothing happens where none is under way. */
  stop(): void {
    this.#abort?.abort();
  }

  hostDisconnected(): void {
    onceGone(this.host, () => this.stop());
  }

  async #end(): Promise<void> {
    this.#abort = undefined;
    // The button goes, and the focus with it.
    const stopHadFocus = this.host.shadowRoot?.activeElement?.id === 'stop';
    this.#set(false);
    await this.host.updateComplete;
    if (stopHadFocus) focusControl(this.host, 'run');
  }

  #set(running: boolean): void {
    this.#running = running;
    this.host.requestUpdate();
  }
}
