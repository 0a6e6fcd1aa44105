/**
 * `<cloze-token-stream>`: text as it is generated, token by token.
 *
 * Tokens are appended to the page by hand, once a frame: a long text costs no more per token than a short one.
 * One tab stop, arrow keys move; the focused token is announced to the screen by `token-select`.
 */
import { css, html, LitElement, type PropertyDeclarations, type TemplateResult } from 'lit';
import type { GeneratedToken } from '../../index.js';
import { writingWords } from '../../words/screens/writing.js';
import { shared } from '../styles/index.js';
import { bytesShown, probabilityOf, spokenToken } from '../format.js';
import { LegibleText } from '../legible.js';
import { rovingTarget } from './roving.js';

/** The lower ends of the ramp's steps: wide where models are sure, narrow where a draw surprises. */
const STEPS = [0.01, 0.05, 0.2, 0.5];

/** Longer prompts are shown in a box of their own, in characters. */
const MOST_PROMPT = 1200;

/** The single-hue ramp: how likely the token was, from 0 (hardly) to 4 (at least one in two). */
export const rampStep = (probability: number): number => STEPS.filter((lower) => probability >= lower).length;

/** Streamed tokens that can be looked into. */
export class ClozeTokenStream extends LitElement {
  static override properties: PropertyDeclarations = { label: {}, shaded: { type: Boolean, reflect: true } };
  static override styles = [
    shared,
    css`
      :host {
        --hue: inherit;
        container-type: normal;
        /* A growing text lays out itself, not the page. */
        contain: layout style;
        font-family: var(--cloze-serif);
        font-size: 1.125rem;
        line-height: 2;
      }
      #prompt {
        color: var(--cloze-muted);
      }
      #prompt.long {
        display: block;
        max-height: 10rem;
        overflow: auto;
        padding-inline-start: 0.75rem;
        border-inline-start: 2px solid var(--cloze-line);
      }
      #text {
        white-space: pre-wrap;
        overflow-wrap: anywhere;
        max-width: var(--cloze-measure);
      }
      #tokens > span {
        padding-block: 0.3rem;
        border-radius: 0.125rem;
        cursor: pointer;
        box-decoration-break: clone;
        -webkit-box-decoration-break: clone;
      }
      @media (pointer: coarse) {
        #text {
          line-height: var(--cloze-target);
        }
        #tokens > span {
          padding-block: 0.5rem;
        }
      }
      #tokens > span:hover {
        background: var(--cloze-inset);
        text-decoration: underline;
      }
      /* The paler, the surer: what surprised the model stands out. */
      :host([shaded]) .p0 {
        background: color-mix(in oklab, var(--hue) 27%, transparent);
      }
      :host([shaded]) .p1 {
        background: color-mix(in oklab, var(--hue) 18%, transparent);
      }
      :host([shaded]) .p2 {
        background: color-mix(in oklab, var(--hue) 11%, transparent);
      }
      :host([shaded]) .p3 {
        background: color-mix(in oklab, var(--hue) 5%, transparent);
      }
      #tokens > span[aria-pressed='true'] {
        outline: 2px solid var(--hue);
        outline-offset: 0;
      }
      #tokens > .break::before {
        content: '↵';
        color: var(--cloze-muted);
        font: 0.75em var(--cloze-mono);
      }
      @media (forced-colors: active) {
        #tokens > span[aria-pressed='true'] {
          outline-color: Highlight;
        }
      }
    `,
  ];

  /** What the row of tokens is called. */
  declare label: string;
  /** Whether the background shows how sure the model was. */
  declare shaded: boolean;

  #tokens: GeneratedToken[] = [];
  #spans: HTMLSpanElement[] = [];
  #pending: HTMLSpanElement[] = [];
  #frame = 0;
  #prompt = '';
  #stop = -1;
  #legible = new LegibleText();
  #shownText = '';

  constructor() {
    super();
    this.label = writingWords.stream;
    this.shaded = true;
  }

  /** The tokens that are shown. */
  get tokens(): readonly GeneratedToken[] {
    return this.#tokens;
  }

  /** The text before the tokens. */
  get promptText(): string {
    return this.#prompt;
  }

  /** The text after the prompt as it is shown: of a part of a character, the bytes. */
  get shownText(): string {
    return this.#shownText;
  }

  /** Begins anew after `prompt`, keeping `kept` tokens of an earlier run. */
  begin(prompt: string, kept: readonly GeneratedToken[] = []): void {
    this.#tokens = [];
    this.#spans = [];
    this.#pending = [];
    this.#stop = -1;
    this.#legible = new LegibleText();
    this.#shownText = '';
    this.#prompt = prompt;
    if (this.hasUpdated) this.#clear();
    for (const token of kept) this.add(token);
    this.flush();
  }

  /** Adds a token at the end; it is shown with the next frame. */
  add(token: GeneratedToken): void {
    const index = this.#tokens.push(token) - 1;
    const probability = probabilityOf(token.logprob);
    const span = document.createElement('span');
    const text = this.#shown(this.#legible.add(token));
    span.textContent = text;
    span.dataset['index'] = String(index);
    span.className = `p${rampStep(probability)}`;
    span.setAttribute('role', 'button');
    span.setAttribute('aria-pressed', 'false');
    span.tabIndex = -1;
    if (text.trim() === '') span.setAttribute('aria-label', spokenToken(text));
    if (text.includes('\n')) span.classList.add('break');
    // No text yet (half a character, or the beginning of a stop string): nothing to look at.
    span.hidden = text === '';
    this.#spans.push(span);
    this.#pending.push(span);
    this.#frame ||= requestAnimationFrame(() => this.flush());
  }

  /** Adds text that belongs to no token of its own. */
  tail(text: string): void {
    if (!text) return;
    this.flush();
    this.#row?.append(document.createTextNode(this.#shown(this.#legible.end(text))));
  }

  #shown(text: string): string {
    const shown = bytesShown(text);
    this.#shownText += shown;
    return shown;
  }

  /** Shows what has been added, now. */
  flush(): void {
    cancelAnimationFrame(this.#frame);
    this.#frame = 0;
    const row = this.#row;
    if (!row || this.#pending.length === 0) return;
    row.append(...this.#pending);
    this.#pending = [];
    if (this.#stop >= 0) return;
    // Its end is what is gone on with.
    const prompt = this.renderRoot.querySelector('#prompt')!;
    prompt.scrollTop = prompt.scrollHeight;
    this.#setStop(this.#spans.findIndex((span) => !span.hidden));
  }

  /** Marks a token as the one being looked at; -1 for none. */
  select(index: number): void {
    this.#row?.querySelector('[aria-pressed="true"]')?.setAttribute('aria-pressed', 'false');
    this.#spans[index]?.setAttribute('aria-pressed', 'true');
  }

  /** Scrolls so far that a token stands above what covers the bottom of the window. */
  reveal(index: number, covered: number): void {
    const span = this.#spans[index];
    if (!span) return;
    span.style.setProperty('scroll-margin-block', `1rem ${covered + 16}px`);
    span.scrollIntoView({ block: 'nearest' });
  }

  /** Moves the focus to a token. */
  focusToken(index: number): void {
    this.#spans[index]?.focus();
  }

  get #row(): HTMLElement | null {
    return this.renderRoot?.querySelector<HTMLElement>('#tokens') ?? null;
  }

  #clear(): void {
    this.#row?.replaceChildren();
    const prompt = this.renderRoot.querySelector('#prompt');
    if (!prompt) return;
    prompt.textContent = this.#prompt;
    // A long one has a box of its own, so that what is written after it is seen.
    const long = this.#prompt.length > MOST_PROMPT;
    prompt.className = long ? 'long' : '';
    if (long) prompt.setAttribute('tabindex', '0');
    else prompt.removeAttribute('tabindex');
  }

  protected override firstUpdated(): void {
    this.#clear();
    this.#pending = [...this.#spans];
    this.flush();
  }

  protected override render(): TemplateResult {
    // White space counts here: the text is shown as it is.
    // prettier-ignore
    return html`<div id="text" dir="auto"><span id="prompt"></span><span
      id="tokens"
      role="group"
      aria-label=${this.label}
      @focusin=${this.#onFocus}
      @keydown=${this.#onKey}
      @click=${this.#onClick}
    ></span></div>`;
  }

  #indexOf(event: Event): number {
    const span = (event.target as HTMLElement).closest<HTMLElement>('[data-index]');
    return span ? Number(span.dataset['index']) : -1;
  }

  #setStop(index: number): void {
    if (index < 0) return;
    if (this.#stop >= 0) this.#spans[this.#stop]!.tabIndex = -1;
    this.#stop = index;
    this.#spans[index]!.tabIndex = 0;
  }

  #tell(type: string, index: number): void {
    this.dispatchEvent(new CustomEvent(type, { detail: index }));
  }

  readonly #onFocus = (event: FocusEvent): void => {
    const index = this.#indexOf(event);
    if (index < 0) return;
    this.#setStop(index);
    this.select(index);
    this.#tell('token-select', index);
  };

  readonly #onClick = (event: Event): void => {
    const index = this.#indexOf(event);
    if (index >= 0) this.#spans[index]!.focus();
  };

  readonly #onKey = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const index = this.#indexOf(event);
    if (index < 0) return;
    if (event.key === 'Enter' || event.key === ' ') {
      event.preventDefault();
      this.#tell('token-enter', index);
      return;
    }
    if (event.key === 'Escape') {
      this.#tell('token-leave', index);
      return;
    }
    const visible = this.#spans.filter((span) => !span.hidden);
    const rightToLeft = getComputedStyle(this.#spans[index]!).direction === 'rtl';
    const target = rovingTarget(event.key, visible.indexOf(this.#spans[index]!), visible.length, rightToLeft);
    if (target === null) return;
    event.preventDefault();
    visible[target]!.focus();
  };
}
