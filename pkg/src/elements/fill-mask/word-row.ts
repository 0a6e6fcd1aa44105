/** The words of the text as buttons that mask them: one tab stop, arrow keys move. */
import { html, nothing, type TemplateResult } from 'lit';
import { fillMaskWords } from '../../words/screens/fill-mask.js';
import type { Host } from '../controllers/host.js';
import { rove } from '../widgets/roving.js';
import { carry, countMasks, direction, pieces, toggle, type Hidden, type Masked, type Piece } from './masking.js';

const say = fillMaskWords;

/** More words than this are not offered as buttons: BERT reads at most 512 tokens anyway. */
const MOST_WORDS = 400;

/** The row, and what the masks of the text hide. */
export class WordRow {
  /** What each mask of the text hides; null where it was typed. */
  #hidden: Hidden | undefined;
  /** Which button is the tab stop. */
  #stop = 0;

  constructor(
    private readonly host: Host,
    private readonly change: (text: string) => void,
  ) {}

  /** Carries what the masks hide over a change of the text. */
  carry(before: string, text: string): void {
    const hidden = this.#hidden ?? noneHidden(before);
    this.#hidden = carry({ text: before, hidden }, text);
  }

  /** The row; nothing for an empty text. */
  render(text: string): TemplateResult | typeof nothing {
    if (text.trim() === '') return nothing;
    const masked = { text, hidden: (this.#hidden ??= noneHidden(text)) };
    const all = pieces(text);
    const shown = all.slice(0, MOST_WORDS * 2);
    let index = 0;
    const row = shown.map((piece) =>
      piece.kind === 'gap' ? piece.text : this.#renderPiece(piece, masked, index++ === this.#stop),
    );
    // White space counts in the row: the text is shown as it is.
    // prettier-ignore
    return html`<div class="field">
      <span class="label" id="words-label">${say.clickAWord}</span>
      <div
        class="words"
        role="group"
        aria-labelledby="words-label"
        dir=${direction(text)}
        @keydown=${(event: KeyboardEvent) => rove(event, this.#buttons)}
        @focusin=${this.#onFocus}
      >${row}${all.length > shown.length ? ' …' : nothing}</div>
    </div>`;
  }

  #renderPiece(piece: Piece, masked: Masked, tabStop: boolean): TemplateResult {
    const isMask = piece.kind === 'mask';
    const original = isMask ? (masked.hidden[piece.mask!] ?? null) : null;
    const number = (piece.mask ?? 0) + 1;
    const name = original === null ? say.typedMask(number) : say.hidingMask(number, original);
    // prettier-ignore
    return html`<button
      type="button"
      tabindex=${tabStop ? '0' : '-1'}
      aria-pressed=${isMask ? 'true' : 'false'}
      aria-label=${isMask ? name : nothing}
      title=${original === null ? nothing : say.hides(original)}
      @click=${() => this.#toggle(masked, piece)}
    >${piece.text}</button>`;
  }

  get #buttons(): HTMLElement[] {
    return [...this.host.renderRoot.querySelectorAll<HTMLElement>('.words button')];
  }

  readonly #onFocus = (event: FocusEvent): void => {
    const index = this.#buttons.indexOf(event.target as HTMLElement);
    if (index < 0 || index === this.#stop) return;
    this.#stop = index;
    this.host.requestUpdate();
  };

  #toggle(masked: Masked, piece: Piece): void {
    const toggled = toggle(masked, piece);
    if (!toggled) {
      // A typed mask hides nothing we know: show where it is, so that a word can be typed over it.
      const box = this.host.renderRoot.querySelector<HTMLTextAreaElement>('#text');
      box?.focus();
      box?.setSelectionRange(piece.start, piece.end);
      return;
    }
    this.change(toggled.text);
    this.#hidden = toggled.hidden;
  }
}

const noneHidden = (text: string): Hidden => Array<null>(countMasks(text)).fill(null);
