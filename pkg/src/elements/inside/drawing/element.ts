/** `<cloze-drawing>`: shows a {@link Drawing}, as SVG or, where it is large, on a canvas. */
import { css, html, LitElement, type PropertyDeclarations, type TemplateResult } from 'lit';
import { resolverAt } from './colours.js';
import type { Drawing } from './drawing.js';
import { paint, shapesOf } from './render.js';
import { ThemeController } from './theme.js';

/** More shapes than these are slow as elements. */
const MOST_ELEMENTS = 1500;

/** Canvases have limits; no side is longer than this, in device pixels. */
const LONGEST = 16_000;

/** Where a pointer is, in the drawing's lengths. */
export interface Pointed {
  readonly x: number;
  readonly y: number;
}

/**
 * A picture.
 *
 * @fires cloze-point - a click; `detail` is a {@link Pointed}
 */
export class ClozeDrawing extends LitElement {
  static override properties: PropertyDeclarations = {
    drawing: { attribute: false },
    label: {},
    pointable: { type: Boolean },
  };
  static override styles = css`
    :host {
      display: block;
      min-width: 0;
    }
    div {
      overflow: auto;
      max-height: var(--cloze-drawing-height, none);
    }
    div:focus-visible {
      outline: 2px solid var(--hue);
      outline-offset: 2px;
    }
    svg,
    canvas {
      display: block;
      flex: none;
    }
    :host([pointable]) :is(svg, canvas) {
      cursor: pointer;
    }
  `;

  /** What is shown. */
  declare drawing: Drawing | undefined;
  /** Of the box in which it scrolls; its own title where this is left out. */
  declare label: string | undefined;
  /** Whether a click means something. */
  declare pointable: boolean;

  constructor() {
    super();
    this.pointable = false;
    new ThemeController(this);
  }

  protected override render(): TemplateResult {
    const { drawing } = this;
    if (!drawing) return html``;
    const { width, height, title } = drawing;
    const picture = isLarge(drawing)
      ? html`<canvas role="img" aria-label=${title} width="0" height="0"></canvas>`
      : html`<svg role="img" aria-label=${title} width=${width} height=${height} viewBox="0 0 ${width} ${height}">
          ${shapesOf(drawing)}
        </svg>`;
    return html`<div tabindex="0" role="group" aria-label=${this.label ?? title} @click=${this.#point}>
      ${picture}
    </div>`;
  }

  protected override updated(): void {
    const canvas = this.renderRoot.querySelector('canvas');
    if (!canvas || !this.drawing) return;
    const { width, height } = this.drawing;
    const scale = Math.min(devicePixelRatio, LONGEST / Math.max(width, height));
    canvas.width = Math.round(width * scale);
    canvas.height = Math.round(height * scale);
    canvas.style.setProperty('width', `${width}px`);
    canvas.style.setProperty('height', `${height}px`);
    const context = canvas.getContext('2d')!;
    context.scale(scale, scale);
    paint(context, this.drawing, resolverAt(this.shadowRoot!));
  }

  #point({ clientX, clientY }: MouseEvent): void {
    const picture = this.renderRoot.querySelector('svg, canvas');
    if (!picture) return;
    const { left, top } = picture.getBoundingClientRect();
    const detail: Pointed = { x: clientX - left, y: clientY - top };
    this.dispatchEvent(new CustomEvent('cloze-point', { detail }));
  }
}

const isLarge = ({ shapes }: Drawing): boolean =>
  shapes.length > MOST_ELEMENTS || shapes.some(({ kind }) => kind === 'raster');
