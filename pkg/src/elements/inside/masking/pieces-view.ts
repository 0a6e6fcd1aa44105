/** The two pieces of text, with the tokens that were chosen: hidden, replaced, or as they were. */
import { html, nothing, type TemplateResult } from 'lit';
import { insideWords } from '../../../words/inside.js';
import { number } from '../../format.js';
import { full, ink, inset, muted, shade, textWidth, type Drawing, type Shape } from '../drawing/drawing.js';
import { flow, type Box } from '../flow.js';
import type { MaskingResult, Stage } from './game.js';

const say = insideWords.masking;

/** A token as it is shown at some stage. */
export interface Shown {
  readonly text: string;
  /** Whether it follows the one before without a blank. */
  readonly joins: boolean;
  readonly special: boolean;
  /** Which of the chosen tokens it is, from 1. */
  readonly number?: number;
  readonly state?: 'hidden' | 'replaced' | 'solved';
}

/** The tokens of both pieces, the marks that the model adds among them. */
export function shownAt({ game, pair }: MaskingResult, { name, replaced }: Stage): Shown[][] {
  const pieces: Shown[][] = [[], []];
  let piece = 0;
  game.tokens.forEach((token, index) => {
    const before = game.tokens[index - 1];
    if (token.sequence === 1) piece = 1;
    const text = (token.sequence === 1 ? pair.b : pair.a).slice(token.start, token.end);
    const joins = !token.special && before?.sequence === token.sequence && before?.end === token.start;
    const at = game.chosen.findIndex((one) => one.index === index);
    if (at < 0) {
      pieces[piece]!.push({ text: token.special ? token.token : text, joins, special: token.special });
      return;
    }
    const state = name === 'answer' ? 'solved' : at < replaced ? 'replaced' : 'hidden';
    const seen = { hidden: '?', replaced: game.input_tokens[index]!, solved: text }[state];
    pieces[piece]!.push({ text: seen, joins, special: false, number: at + 1, state });
  });
  return pieces.filter((tokens) => tokens.length > 0);
}

/** The pieces, one below the other. */
export const renderPieces = (pieces: readonly (readonly Shown[])[]): TemplateResult =>
  html`<dl class="pieces">
    ${pieces.map(
      (tokens, index) =>
        html`<div>
          <dt>${index === 0 ? say.pieces.a : say.pieces.b}</dt>
          <dd dir="auto">${tokens.map(renderShown)}</dd>
        </div>`,
    )}
  </dl>`;

function renderShown({ text, joins, special, number: which, state }: Shown): TemplateResult {
  const blank = joins ? nothing : ' ';
  if (which === undefined) return html`${blank}<span class=${special ? 'mark' : ''}>${text}</span>`;
  const name = state === 'hidden' ? say.gapName(number(which)) : say.shownName(number(which), text);
  // prettier-ignore
  return html`${blank}<span class="chosen ${state}"><span class="hidden-text">${name}</span><span aria-hidden="true"><bdi>${text}</bdi><sup>${which}</sup></span></span>`;
}

/** The pieces as a picture. */
export function picture(pieces: readonly (readonly Shown[])[], title: string): Drawing {
  const [width, left, size] = [720, 56, 16];
  const shapes: Shape[] = [];
  let top = 24;
  pieces.forEach((tokens, index) => {
    shapes.push({
      kind: 'text',
      x: 24,
      y: top + 12,
      text: index === 0 ? say.pieces.a : say.pieces.b,
      fill: muted,
      size: 14,
      bold: true,
    });
    const placed = flow(
      tokens.map((token) => boxOf(token, size)),
      { left, top, width: width - left - 24, line: 36, gap: 5 },
    );
    shapes.push(...placed.shapes);
    top = placed.bottom + 16;
  });
  return { width, height: top + 8, title, shapes };
}

function boxOf({ text, joins, special, number: which, state }: Shown, size: number): Box {
  const wide = textWidth(text, size) + (which === undefined ? 2 : 22);
  return {
    width: wide,
    joins,
    draw(x, y) {
      const word: Shape = {
        kind: 'text',
        x: x + (which === undefined ? 1 : 6),
        y: y + 12,
        text,
        fill: special ? muted : ink,
        size,
        face: 'mono',
      };
      if (which === undefined) return [word];
      const fill = state === 'hidden' ? inset : shade('bert', 0.15);
      return [
        {
          kind: 'rect',
          x,
          y,
          width: wide,
          height: 24,
          fill,
          stroke: full('bert'),
          radius: 3,
          ...(state === 'hidden' && { dash: [3, 2] }),
        },
        word,
        { kind: 'text', x: x + wide - 4, y: y + 7, text: String(which), fill: muted, size: 10, anchor: 'end' },
      ];
    },
  };
}
