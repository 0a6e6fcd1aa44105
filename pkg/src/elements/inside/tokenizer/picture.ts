/** The text as each tokenizer cuts it, for saving. */
import { labelled, visibleSpaces } from '../../format.js';
import { full, ink, muted, paper, textWidth, type Drawing, type Shape } from '../drawing/drawing.js';
import { flow, type Box } from '../flow.js';
import { face } from '../../token-bytes.js';
import type { Cut } from './compare.js';
import type { Piece } from './cut.js';
import { hueOf, nameOf } from './names.js';

const WIDTH = 760;
const PAD = 24;
const SIZE = 14;

/** The pieces of a word at a step. */
export interface Walked {
  readonly title: string;
  readonly rows: readonly { readonly cut: Cut; readonly pieces: readonly Piece[] }[];
}

/** The picture; tokens are shaded in turn, so that their ends are seen. Below them, a word at the step that is shown. */
export function picture(cuts: readonly Cut[], walked: Walked | undefined, title: string): Drawing {
  const shapes: Shape[] = [];
  let y = PAD + 6;
  for (const cut of cuts) {
    const hue = hueOf(cut);
    const colour = hue === 'none' ? muted : full(hue);
    const tint = (share: number): string => `color-mix(in oklab, ${colour} ${share}%, ${paper})`;
    shapes.push({
      kind: 'text',
      x: PAD,
      y,
      text: labelled(nameOf(cut), String(cut.tokens.length)),
      fill: ink,
      size: 14,
      bold: true,
    });
    const boxes = cut.tokens.map(({ token, id }, index): Box => {
      const text = visibleSpaces(face(token, cut.tokenization.byte_level));
      const width = Math.max(textWidth(text, SIZE), textWidth(String(id), 11)) + 12;
      return {
        width,
        draw: (left, top) => [
          {
            kind: 'rect',
            x: left,
            y: top,
            width,
            height: 24,
            fill: tint(index % 2 === 0 ? 6 : 18),
            stroke: colour,
            radius: 3,
          },
          {
            kind: 'text',
            x: left + width / 2,
            y: top + 12,
            text,
            fill: ink,
            size: SIZE,
            anchor: 'middle',
            face: 'mono',
          },
          { kind: 'text', x: left + width / 2, y: top + 33, text: String(id), fill: muted, size: 11, anchor: 'middle' },
        ],
      };
    });
    const placed = flow(boxes, { left: PAD, top: y + 16, width: WIDTH - 2 * PAD, line: 48, gap: 5 });
    shapes.push(...placed.shapes);
    y = placed.bottom + 24;
  }
  if (walked) {
    shapes.push({ kind: 'text', x: PAD, y, text: walked.title, fill: ink, size: 14, bold: true });
    y += 16;
    for (const { cut, pieces } of walked.rows) {
      const hue = hueOf(cut);
      const boxes = pieces.map(({ text, state }) =>
        pieceBox(
          { text: face(text, cut.tokenization.byte_level && state !== 'rest'), state },
          hue === 'none' ? muted : full(hue),
        ),
      );
      const placed = flow(boxes, { left: PAD, top: y, width: WIDTH - 2 * PAD, line: 32, gap: 5 });
      shapes.push(...placed.shapes);
      y = placed.bottom;
    }
    y += 16;
  }
  return { width: WIDTH, height: y, title, shapes };
}

function pieceBox({ text: piece, state }: Piece, colour: string): Box {
  const text = visibleSpaces(piece);
  const width = textWidth(text, SIZE) + 12;
  const fill = state === 'now' ? `color-mix(in oklab, ${colour} 18%, ${paper})` : paper;
  return {
    width,
    draw: (x, y) => [
      {
        kind: 'rect',
        x,
        y,
        width,
        height: 24,
        fill,
        stroke: colour,
        radius: 3,
        ...(state === 'rest' && { dash: [3, 2] }),
      },
      {
        kind: 'text',
        x: x + width / 2,
        y: y + 12,
        text,
        fill: state === 'rest' ? muted : ink,
        size: SIZE,
        anchor: 'middle',
        face: 'mono',
      },
    ],
  };
}
