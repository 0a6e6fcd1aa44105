/** `?`: two sentences and a paper, where a term of art first stands. */
import { css, html, LitElement, nothing, type PropertyDeclarations } from 'lit';
import { words } from '../../words/index.js';
import { shared } from '../styles/index.js';
import type { Paper } from '../papers.js';

/** `<cloze-help term="a mask">two sentences</cloze-help>` */
export class ClozeHelp extends LitElement {
  static override properties: PropertyDeclarations = {
    term: {},
    paper: { attribute: false },
    open: { type: Boolean, reflect: true },
  };
  static override styles = [
    shared,
    css`
      :host {
        display: inline;
        container-type: normal;
        font-size: 1rem;
        font-weight: 400;
      }
      button {
        min-width: 1.5rem;
        min-height: 1.5rem;
        width: 1.5rem;
        padding: 0;
        position: relative;
        border-radius: 50%;
        color: var(--cloze-muted);
        font-size: 0.875rem;
        font-weight: 600;
        vertical-align: 0.1em;
      }
      /* The target is larger than what is seen. */
      button::after {
        content: '';
        position: absolute;
        inset: -0.5rem;
      }
      button[aria-expanded='true'] {
        color: var(--cloze-paper);
        background: var(--cloze-ink);
        border-color: var(--cloze-ink);
      }
      div {
        max-width: var(--cloze-measure);
        margin: 0.5rem 0;
        padding: 0.625rem 0.875rem;
        background: var(--cloze-inset);
        border-radius: var(--cloze-radius);
        color: var(--cloze-ink);
        font-size: 0.9375rem;
        line-height: 1.5;
        letter-spacing: normal;
      }
    `,
  ];

  /** What is explained, as it follows “What is”. */
  declare term: string;
  /** Where to read on. */
  declare paper: Paper | undefined;
  /** Whether the explanation is shown. */
  declare open: boolean;

  constructor() {
    super();
    this.term = '';
    this.open = false;
  }

  protected override render() {
    return html`<button
        type="button"
        aria-label=${words.frame.whatIs(this.term)}
        aria-expanded=${this.open ? 'true' : 'false'}
        aria-controls="explanation"
        @click=${() => (this.open = !this.open)}
        @keydown=${this.#onKey}
      >
        ?
      </button>
      <div id="explanation" ?hidden=${!this.open} @keydown=${this.#onKey}>
        <slot></slot>
        ${this.paper ? html` <a href=${this.paper.href} rel="noreferrer" target="_blank">${this.paper.title}</a>` : nothing}
      </div>`;
  }

  readonly #onKey = (event: KeyboardEvent): void => {
    if (event.key !== 'Escape' || !this.open) return;
    event.stopPropagation();
    this.open = false;
    this.renderRoot.querySelector('button')?.focus();
  };
}
