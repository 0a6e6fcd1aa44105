/** A page that was closed or loaded anew a moment ago still holds what it had open, and nothing tells when it lets go. */

/** How long to wait before each further look, ms: half a minute in all. */
const WAITS = [500, 1000, 2000, 4000, 8000, 16_000];

/** Looks again for a while, as long as something is open elsewhere. */
export class LookAgain {
  #left = WAITS;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly look: () => void) {}

  /** After a look: whether something was open elsewhere. */
  after(open: boolean): void {
    this.stop();
    const [wait, ...left] = open ? this.#left : [];
    this.#left = open ? left : WAITS;
    if (wait !== undefined) this.#timer = setTimeout(this.look, wait);
  }

  stop(): void {
    clearTimeout(this.#timer);
  }
}
