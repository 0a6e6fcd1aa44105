/** The sentences as a picture: each token on its shade, with its bits below. */
import { number } from '../../format.js';
import { full, ink, muted, shade, textWidth, type Drawing, type Hue, type Shape } from '../drawing/drawing.js';
import { flow, type Box } from '../flow.js';
import { DARKEST, joins, SHADES, shadeOf, shown, type Scored, type Sentence } from './score.js';

const SIZE = 16;
const SMALL = 11;
const LINE = 50;
const PAD = 24;

/** The darkest shade still lets ink be read. */
export const STRONGEST = 0.5;

/** The picture of sentences with their captions. */
export function picture(
  sentences: readonly { readonly sentence: Sentence; readonly caption: string }[],
  { hue, title, scale }: { readonly hue: Hue; readonly title: string; readonly scale: string },
): Drawing {
  const width = 760;
  const shapes: Shape[] = [];
  let top = PAD;
  for (const { sentence, caption } of sentences) {
    shapes.push({ kind: 'text', x: PAD, y: top, text: caption, fill: muted, size: 12 });
    const boxes = sentence.tokens.map((token, index) => box(token, joins(sentence.tokens, index), hue));
    const placed = flow(boxes, { left: PAD, top: top + 14, width: width - 2 * PAD, line: LINE, gap: 5 });
    shapes.push(...placed.shapes);
    top = placed.bottom + 18;
  }
  const step = 34;
  for (let one = 0; one <= SHADES; one += 2) {
    const x = PAD + (one / 2) * step;
    shapes.push({
      kind: 'rect',
      x,
      y: top - 8,
      width: step,
      height: 14,
      fill: shade(hue, (one / SHADES) * STRONGEST),
      stroke: full(hue),
    });
    const bits = (one / SHADES) * DARKEST;
    shapes.push({
      kind: 'text',
      x: x + step / 2,
      y: top + 16,
      text: one === SHADES ? `${bits}+` : String(bits),
      fill: ink,
      size: SMALL,
      anchor: 'middle',
    });
  }
  shapes.push({ kind: 'text', x: PAD + 5.5 * step, y: top, text: scale, fill: muted, size: 12 });
  return { width, height: top + 40, title, shapes };
}

function box(token: Scored, joined: boolean, hue: Hue): Box {
  const { bits } = token;
  const text = shown(token);
  const figure = Number.isNaN(bits) ? '–' : number(bits, 1);
  const width = Math.max(textWidth(text, SIZE), textWidth(figure, SMALL)) + 8;
  return {
    width,
    joins: joined,
    draw: (x, y) => [
      { kind: 'rect', x, y, width, height: 24, fill: shade(hue, (shadeOf(bits) / SHADES) * STRONGEST), radius: 2 },
      { kind: 'text', x: x + width / 2, y: y + 12, text, fill: ink, size: SIZE, anchor: 'middle', face: 'mono' },
      { kind: 'text', x: x + width / 2, y: y + 33, text: figure, fill: muted, size: SMALL, anchor: 'middle' },
    ],
  };
}
