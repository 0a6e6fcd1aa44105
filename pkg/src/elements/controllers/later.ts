/** Parts of a screen that its first paint does not need: asked for by that paint, and drawn when they are there. */
import type { ReactiveControllerHost } from 'lit';

/** A part that comes later. */
export class Later<T> {
  #part: T | undefined;
  #coming: Promise<T> | undefined;

  constructor(
    private readonly host: Pick<ReactiveControllerHost, 'requestUpdate'>,
    private readonly fetch: () => Promise<T>,
  ) {}

  /** The part; undefined until it is there, which draws the screen again. */
  get part(): T | undefined {
    if (!this.#part) this.get().catch(() => undefined);
    return this.#part;
  }

  /** What is there already. */
  get there(): T | undefined {
    return this.#part;
  }

  /** Waits for the part. What could not be fetched is asked for again. */
  get(): Promise<T> {
    return (this.#coming ??= this.fetch().then(
      (part) => {
        this.#part = part;
        this.host.requestUpdate();
        return part;
      },
      (cause: unknown) => {
        this.#coming = undefined;
        throw cause;
      },
    ));
  }
}
