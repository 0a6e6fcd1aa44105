/** `<cloze-heads>`: all heads of a model as small pictures, of which one is chosen. */
import { css, html, LitElement, type PropertyDeclarations, type TemplateResult } from 'lit';
import type { AttentionHeads } from '../../../index.js';
import { insideWords } from '../../../words/inside.js';
import { rovingTarget } from '../../widgets/roving.js';
import { between, resolverAt } from '../drawing/colours.js';
import { ThemeController } from '../drawing/theme.js';

const say = insideWords.attention;

/** A head, from 0. */
export interface ChosenHead {
  readonly layer: number;
  readonly head: number;
}

/** @fires cloze-head - a head was chosen; `detail` is a {@link ChosenHead} */
export class ClozeHeads extends LitElement {
  static override properties: PropertyDeclarations = {
    heads: { attribute: false },
    layer: { type: Number },
    head: { type: Number },
  };
  static override styles = css`
    :host {
      display: block;
      min-width: 0;
      overflow-x: auto;
      padding: 3px;
      margin: -3px;
    }
    div {
      display: flex;
      align-items: center;
      gap: 2px;
      margin-bottom: 2px;
    }
    span {
      flex: none;
      width: 1.25rem;
      color: var(--cloze-muted);
      font-size: 0.75rem;
      text-align: end;
      padding-inline-end: 0.25rem;
    }
    button {
      flex: 1 1 24px;
      min-width: 24px;
      max-width: 44px;
      padding: 0;
      border: 1px solid var(--cloze-line);
      background: none;
      line-height: 0;
      cursor: pointer;
    }
    button:hover {
      border-color: var(--cloze-ink);
    }
    button[aria-pressed='true'] {
      outline: 2px solid var(--cloze-ink);
    }
    button:focus-visible {
      outline: 3px solid var(--hue);
      outline-offset: 1px;
      z-index: 1;
    }
    canvas {
      width: 100%;
      aspect-ratio: 1;
      image-rendering: pixelated;
    }
  `;

  declare heads: AttentionHeads | undefined;
  /** The chosen one, from 0; -1 for none. */
  declare layer: number;
  declare head: number;

  constructor() {
    super();
    this.layer = 0;
    this.head = 0;
    new ThemeController(this);
  }

  protected override render(): TemplateResult {
    const { num_layers = 0, num_heads = 0 } = this.heads ?? {};
    const layers = [...Array(num_layers).keys()];
    const numbers = [...Array(num_heads).keys()];
    const focusable = (layer: number, head: number): boolean =>
      layer === Math.max(0, this.layer) && head === Math.max(0, this.head);
    return html`${layers.map(
      (layer) =>
        html`<div role="group" aria-label=${say.layerNumber(layer + 1)} @keydown=${this.#onKey}>
          <span aria-hidden="true">${layer + 1}</span>
          ${numbers.map(
            (head) =>
              html`<button
                type="button"
                data-at=${layer * num_heads + head}
                aria-label=${say.headNumber(layer + 1, head + 1)}
                title=${say.headNumber(layer + 1, head + 1)}
                aria-pressed=${layer === this.layer && head === this.head ? 'true' : 'false'}
                tabindex=${focusable(layer, head) ? 0 : -1}
                @click=${() => this.dispatchEvent(new CustomEvent('cloze-head', { detail: { layer, head } }))}
              >
                <canvas aria-hidden="true"></canvas>
              </button>`,
          )}
        </div>`,
    )}`;
  }

  protected override updated(changed: Map<PropertyKey, unknown>): void {
    // A change of the choice alone paints nothing anew.
    if (this.heads && (changed.has('heads') || changed.size === 0)) this.#paint(this.heads);
  }

  #paint({ size, thumbnails }: AttentionHeads): void {
    const resolve = resolverAt(this.shadowRoot!);
    const [low, high] = [resolve('var(--cloze-paper)'), resolve('var(--hue)')];
    // Small weights are the most of them: their square roots can be told apart.
    const ramp = Array.from({ length: 256 }, (_, step) => between(low, high, Math.sqrt(step / 255)));
    this.renderRoot.querySelectorAll('canvas').forEach((canvas, at) => {
      canvas.width = canvas.height = size;
      const context = canvas.getContext('2d')!;
      const image = context.createImageData(size, size);
      for (let cell = 0; cell < size * size; cell++) {
        const weight = thumbnails[at * size * size + cell]!;
        image.data.set(ramp[Math.round(255 * Math.min(1, weight))]!, 4 * cell);
        image.data[4 * cell + 3] = 255;
      }
      context.putImageData(image, 0, 0);
    });
  }

  /** One tab stop for the whole grid: arrows move in its rows and columns. */
  readonly #onKey = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
    const { num_heads = 1 } = this.heads ?? {};
    const buttons = [...this.renderRoot.querySelectorAll('button')];
    const at = buttons.indexOf((event.target as HTMLElement).closest('button')!);
    const vertical = { ArrowUp: at - num_heads, ArrowDown: at + num_heads }[event.key];
    const target = vertical ?? rovingTarget(event.key, at, buttons.length);
    const button = target === null ? undefined : buttons[target];
    if (!button) return;
    event.preventDefault();
    button.focus();
  };
}
