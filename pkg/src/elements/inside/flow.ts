/** Boxes laid out in lines, as words are: for pictures of texts. */
import type { Shape } from './drawing/drawing.js';

/** A box of a line. */
export interface Box {
  readonly width: number;
  /** Whether it follows the one before without a gap. */
  readonly joins?: boolean;
  draw(x: number, y: number): readonly Shape[];
}

/** Where boxes lie. */
export interface Flow {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  /** From one line to the next. */
  readonly line: number;
  readonly gap: number;
}

/** The shapes of the boxes, and where the last line ends. A box that joins the one before goes to the next line with nothing. */
export function flow(
  boxes: readonly Box[],
  { left, top, width, line, gap }: Flow,
): { shapes: Shape[]; bottom: number } {
  const shapes: Shape[] = [];
  let [x, y] = [left, top];
  for (const box of boxes) {
    const space = x === left || box.joins ? 0 : gap;
    if (x > left && x + space + box.width > left + width) [x, y] = [left, y + line];
    else x += space;
    shapes.push(...box.draw(x, y));
    x += box.width;
  }
  return { shapes, bottom: y + line };
}
