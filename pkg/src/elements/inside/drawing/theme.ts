/** Light and dark: what is painted on a canvas is painted anew. */
import type { ReactiveController, ReactiveControllerHost } from 'lit';

/** Updates its host when the page turns light or dark. */
export class ThemeController implements ReactiveController {
  readonly #scheme = matchMedia('(prefers-color-scheme: dark)');
  readonly #attributes: MutationObserver;

  constructor(private readonly host: ReactiveControllerHost) {
    host.addController(this);
    this.#attributes = new MutationObserver(this.#changed);
  }

  hostConnected(): void {
    this.#scheme.addEventListener('change', this.#changed);
    const attributeFilter = ['data-theme', 'class', 'style'];
    this.#attributes.observe(document.documentElement, { attributes: true, attributeFilter });
  }

  hostDisconnected(): void {
    this.#scheme.removeEventListener('change', this.#changed);
    this.#attributes.disconnect();
  }

  readonly #changed = (): void => this.host.requestUpdate();
}
