/** An element without a browser, as far as controllers need one. */
import type { ReactiveController } from 'lit';
import type { Host } from '../elements/controllers/host.js';

/** A host whose updates are counted, and which is updated when a test says so. */
export class FakeHost extends EventTarget {
  readonly localName = 'cloze-fake';
  readonly hasUpdated = true;
  isConnected = true;
  updates = 0;
  /** What has the focus, by id. */
  focused: string | undefined;
  /** Types and details of the events that were fired. */
  readonly told: [string, unknown][] = [];
  readonly #controllers: ReactiveController[] = [];

  readonly shadowRoot = { activeElement: null as { id: string } | null };
  readonly renderRoot = {
    querySelector: (selector: string) => ({
      closest: () => null,
      focus: () => {
        this.focused = selector.slice(1);
      },
    }),
  };

  get updateComplete(): Promise<boolean> {
    return Promise.resolve(true);
  }

  /** As controllers see it: what they do not use is not there. */
  get asHost(): Host {
    return this as never;
  }

  addController(controller: ReactiveController): void {
    this.#controllers.push(controller);
  }

  removeController(): void {
    // No controller leaves.
  }

  requestUpdate(): void {
    this.updates += 1;
  }

  override dispatchEvent(event: Event): boolean {
    if (event instanceof CustomEvent) this.told.push([event.type, event.detail]);
    return super.dispatchEvent(event);
  }

  /** One update of the element. */
  update(): void {
    this.#controllers.forEach((controller) => controller.hostUpdate?.());
    this.#controllers.forEach((controller) => controller.hostUpdated?.());
  }

  /** Takes the element away, and perhaps puts it back at once, as a move does. */
  async disconnect({ moved = false } = {}): Promise<void> {
    this.isConnected = false;
    this.#controllers.forEach((controller) => controller.hostDisconnected?.());
    this.isConnected = moved;
    await Promise.resolve();
  }
}
