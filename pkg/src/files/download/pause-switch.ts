/** The worker's side of the page's `LoadControl`. */

/** Whether a load is paused. */
export class PauseSwitch {
  #resumed: Promise<void> | undefined;
  #resume: (() => void) | undefined;

  get paused(): boolean {
    return this.#resumed !== undefined;
  }

  /** Pauses the load, or lets it go on. */
  set(paused: boolean): void {
    if (paused && !this.#resumed) {
      this.#resumed = new Promise((resolve) => (this.#resume = resolve));
    } else if (!paused) {
      this.#resume?.();
      this.#resumed = this.#resume = undefined;
    }
  }

  /** Resolves once the load may go on. */
  async resumed(): Promise<void> {
    while (this.#resumed) await this.#resumed;
  }
}
