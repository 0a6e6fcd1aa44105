/** The answers of all readers as bars, for saving. */
import { percent } from '../../format.js';
import { fit, full, ink, muted, shade, type Drawing, type Shape } from '../drawing/drawing.js';
import type { Answer, Reader } from './readers.js';

const WIDTH = 720;
const ROW = 24;
const BAR = { x: 200, width: 400 };

/** One reader's part. */
export interface Part {
  readonly reader: Reader;
  readonly name: string;
  readonly sees: string;
  readonly answers: readonly Answer[];
}

/** The picture. */
export function picture(text: string, parts: readonly Part[], title: string): Drawing {
  const shapes: Shape[] = [
    { kind: 'text', x: 24, y: 28, text: fit(text, WIDTH - 48, 17), fill: ink, size: 17, face: 'serif' },
  ];
  let y = 70;
  for (const { reader, name, sees, answers } of parts) {
    const hue = reader === 'gpt' ? 'gpt' : 'bert';
    shapes.push({ kind: 'text', x: 24, y, text: name, fill: ink, size: 14, bold: true });
    shapes.push({ kind: 'text', x: 24, y: y + 18, text: fit(sees, WIDTH - 48, 12), fill: muted, size: 12 });
    y += 42;
    for (const { word, probability } of answers) {
      shapes.push({
        kind: 'text',
        x: BAR.x - 12,
        y,
        text: fit(word, 160, 13),
        fill: ink,
        size: 13,
        face: 'mono',
        anchor: 'end',
      });
      shapes.push({
        kind: 'rect',
        x: BAR.x,
        y: y - 5,
        width: BAR.width,
        height: 10,
        fill: shade(hue, 0.13),
        radius: 2,
      });
      shapes.push({
        kind: 'rect',
        x: BAR.x,
        y: y - 5,
        width: Math.max(1, BAR.width * probability),
        height: 10,
        fill: full(hue),
        radius: 2,
      });
      shapes.push({ kind: 'text', x: WIDTH - 24, y, text: percent(probability), fill: ink, size: 13, anchor: 'end' });
      y += ROW;
    }
    y += 20;
  }
  return { width: WIDTH, height: y, title, shapes };
}
