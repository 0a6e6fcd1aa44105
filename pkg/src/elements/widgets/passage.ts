/** A text of the reader's with places marked in it. */
import { html, nothing, type TemplateResult } from 'lit';

/** A place in a text, in UTF-16 units; `note` is said behind it. */
export interface Marked {
  readonly start: number;
  readonly end: number;
  readonly note?: string;
}

/** A part of a text: marked, or what lies between. */
export interface Piece {
  readonly text: string;
  readonly mark?: Marked;
}

/** The text in pieces. Of places that overlap the first one counts. */
export function piecesOf(text: string, places: readonly Marked[]): Piece[] {
  const pieces: Piece[] = [];
  let at = 0;
  for (const mark of [...places].sort((a, b) => a.start - b.start)) {
    const { start, end } = mark;
    if (start < at || end <= start) continue;
    if (start > at) pieces.push({ text: text.slice(at, start) });
    pieces.push({ text: text.slice(start, end), mark });
    at = end;
  }
  if (at < text.length) pieces.push({ text: text.slice(at) });
  return pieces;
}

/** Brings the first mark of a long text into sight, within its box alone. */
export function showMark(root: ParentNode): void {
  const box = root.querySelector<HTMLElement>('.passage');
  const mark = box?.querySelector('mark');
  if (!box || !mark) return;
  const below = mark.offsetTop - box.offsetTop;
  const isSeen = below >= box.scrollTop && below + mark.offsetHeight <= box.scrollTop + box.clientHeight;
  if (!isSeen) box.scrollTop = below - box.clientHeight / 3;
}

/** The text in a box that scrolls where it is long; `label` is its name. */
export const passage = (text: string, places: readonly Marked[], label: string): TemplateResult =>
  // White space counts: the text is shown as it is.
  // prettier-ignore
  html`<div class="sentence passage" dir="auto" role="group" tabindex="0" aria-label=${label}>${piecesOf(text, places).map(
    ({ text: part, mark }) =>
      mark ? html`<mark><bdi>${part}</bdi>${mark.note ? html`<small><bdi>${mark.note}</bdi></small>` : nothing}</mark><wbr />` : part,
  )}</div>`;
