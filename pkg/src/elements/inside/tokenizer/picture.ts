/** The text as each tokenizer cuts it, for saving. */
import { visibleSpaces } from '../../format.js';
import { full, ink, muted, paper, textWidth, type Drawing, type Shape } from '../drawing/drawing.js';
import { flow, type Box } from '../flow.js';
import type { Cut } from './compare.js';
import { hueOf, nameOf } from './names.js';

const WIDTH = 760;
const PAD = 24;
const SIZE = 14;

/** The picture; tokens are shaded in turn, so that their ends are seen. */
export function picture(cuts: readonly Cut[], title: string): Drawing {
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
      text: `${nameOf(cut)}: ${cut.tokens.length}`,
      fill: ink,
      size: 14,
      bold: true,
    });
    const boxes = cut.tokens.map(({ token, id }, index): Box => {
      const text = visibleSpaces(token);
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
  return { width: WIDTH, height: y, title, shapes };
}
