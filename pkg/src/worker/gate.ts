/** The worker's side of {@link LoadControl}. */

/** Open, or shut while a load is paused. */
export class Gate {
  #opened: Promise<void> | undefined;
  #open: (() => void) | undefined;

  /** Whether it is shut. */
  get shut(): boolean {
    return this.#opened !== undefined;
  }

  /** Opens or shuts it. */
  set(shut: boolean): void {
    if (shut && !this.#opened) {
      this.#opened = new Promise((resolve) => (this.#open = resolve));
    } else if (!shut) {
      this.#open?.();
      this.#opened = this.#open = undefined;
    }
  }

  /** Resolves once it is open. */
  async passed(): Promise<void> {
    while (this.#opened) await this.#opened;
  }
}
