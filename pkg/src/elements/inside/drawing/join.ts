/** Several drawings as one, for saving. */
import { ink, type Drawing, type Shape } from './drawing.js';

const GAP = 32;
const HEAD = 24;

/** A drawing with its caption above it. */
export interface Captioned {
  readonly caption: string;
  readonly drawing: Drawing;
}

function moved(shape: Shape, dx: number, dy: number): Shape {
  if (shape.kind === 'path') return { ...shape, move: [dx + (shape.move?.[0] ?? 0), dy + (shape.move?.[1] ?? 0)] };
  return { ...shape, x: shape.x + dx, y: shape.y + dy };
}

/** Drawings beside or below each other, each with its caption. */
export function joined(parts: readonly Captioned[], title: string, direction: 'row' | 'column' = 'column'): Drawing {
  const shapes: Shape[] = [];
  let [x, y, width, height] = [0, 0, 0, 0];
  for (const { caption, drawing } of parts) {
    shapes.push({ kind: 'text', x, y: y + HEAD / 2, text: caption, size: 13, fill: ink, bold: true });
    shapes.push(...drawing.shapes.map((shape) => moved(shape, x, y + HEAD)));
    width = Math.max(width, x + drawing.width);
    height = Math.max(height, y + HEAD + drawing.height);
    if (direction === 'row') x = width + GAP;
    else y = height + GAP;
  }
  return { width, height, title, shapes };
}
