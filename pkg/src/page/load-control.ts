/** Pausing a load. */

/**
 * Holds a load up and lets it go on: pass one as the option `control` of `pipeline`. A paused load keeps what has
 * arrived. To end it, abort the option `signal`.
 *
 * @example
 * ```ts
 * const control = new LoadControl();
 * const loading = pipeline('fill-mask', 'google-bert/bert-base-uncased', { control });
 * control.pause();
 * control.resume();
 * ```
 */
export class LoadControl {
  readonly #listeners = new Set<(paused: boolean) => void>();
  #paused = false;

  /** Whether it is held up. */
  get paused(): boolean {
    return this.#paused;
  }

  /** Stops fetching; nothing is lost. */
  pause(): void {
    this.#set(true);
  }

  /** Goes on fetching. */
  resume(): void {
    this.#set(false);
  }

  /** Hears of each change; returns how to stop hearing. */
  on_change(listener: (paused: boolean) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #set(paused: boolean): void {
    if (paused === this.#paused) return;
    this.#paused = paused;
    this.#listeners.forEach((listener) => listener(paused));
  }
}
