/** Long texts a part at a time: the part that holds the chosen token. */
import { html, nothing, type TemplateResult } from 'lit';
import { insideWords } from '../../words/inside.js';

const say = insideWords.frame.pages;

/** Tokens of a part. */
const PAGE = 48;

const pageOf = (place: number): number => Math.floor(place / PAGE);

/** The places of the part that holds `place`. */
export function placesOf(tokens: readonly unknown[], place: number): number[] {
  const from = pageOf(place) * PAGE;
  return [...tokens.keys()].slice(from, from + PAGE);
}

/** The way to the parts before and after, where there are any. */
export function renderPages(
  tokens: readonly unknown[],
  place: number,
  choose: (place: number) => void,
): TemplateResult | typeof nothing {
  if (tokens.length <= PAGE) return nothing;
  const page = pageOf(place);
  const last = Math.min(tokens.length, (page + 1) * PAGE) - 1;
  const step = (name: string, by: number, off: boolean): TemplateResult =>
    html`<button type="button" ?disabled=${off} @click=${() => choose((page + by) * PAGE)}>${name}</button>`;
  return html`<div class="row">
    ${step(say.before, -1, page === 0)}
    <span class="small">${say.tokens(page * PAGE, last, tokens.length)}</span>
    ${step(say.after, 1, last === tokens.length - 1)}
  </div>`;
}
