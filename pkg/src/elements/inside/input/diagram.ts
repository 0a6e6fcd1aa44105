/**
 * A text in the format that a model takes it in for something that it learns: which token goes in where, which output goes
 * into which layer, and where the loss is taken. Figure 4 of BERT's paper and figure 1 of GPT's, on the reader's own text.
 */
import { linkHorizontal } from 'd3-shape';
import { fit, full, inset, ink, line, muted, shade, type Drawing, type Hue, type Shape } from '../drawing/drawing.js';
import { labelled } from '../../format.js';

/** A row of a diagram: a token, and the output above it. */
export interface DiagramRow {
  readonly token: string;
  /** What the output is called: `C`, `T₁`. */
  readonly output: string;
  /** Which of two texts, where the model is told. */
  readonly segment?: number;
  readonly special?: boolean;
  /** Whether it stands for tokens that are left out. */
  readonly cut?: boolean;
}

/** A layer on some of the outputs. */
export interface DiagramHead {
  readonly lines: readonly string[];
  /** Where the loss is taken, if it is here. */
  readonly loss?: string;
  /** The rows whose outputs go in, in all of the blocks. */
  readonly rows: readonly number[];
}

/** A diagram. Several blocks are read one by one. */
export interface Diagram {
  readonly hue: Hue;
  readonly model: string;
  /** How it reads. */
  readonly reads: string;
  readonly blocks: readonly (readonly DiagramRow[])[];
  readonly heads: readonly DiagramHead[];
  readonly title: string;
}

const [ROW, GAP, SIZE, LINE] = [26, 30, 13, 17];
const bend = linkHorizontal<unknown, [number, number]>();

/** Where the columns stand. */
interface Columns {
  readonly token: number;
  readonly model: number;
  readonly output: number;
  readonly head: number;
  readonly width: number;
}

function columnsFor(available: number): Columns {
  const width = Math.min(available, 820);
  const [token, model, output] = width < 480 ? [84, 30, 36] : [140, 110, 48];
  return {
    token,
    model: token + 12 + model,
    output: token + 12 + model + 12 + output,
    head: token + model + output + (width < 480 ? 46 : 60),
    width,
  };
}

/** Draws a diagram. */
export function draw(diagram: Diagram, available: number): Drawing {
  const columns = columnsFor(available);
  const shapes: Shape[] = [];
  /** The middle of each row, through all blocks. */
  const middles: number[] = [];
  let y = 4;
  for (const rows of diagram.blocks) {
    drawBlock(shapes, diagram, rows, columns, y);
    rows.forEach((_, at) => middles.push(y + (at + 0.5) * ROW));
    y += rows.length * ROW + GAP;
  }
  const low = drawHeads(shapes, diagram, columns, middles);
  return { width: columns.width, height: Math.max(y - GAP, low) + 6, title: diagram.title, shapes };
}

function drawBlock(
  shapes: Shape[],
  { hue, model, reads }: Diagram,
  rows: readonly DiagramRow[],
  columns: Columns,
  top: number,
): void {
  const { token, model: right, output } = columns;
  const left = token + 12;
  const height = rows.length * ROW;
  rows.forEach((row, at) => {
    const y = top + at * ROW;
    const middle = y + ROW / 2;
    const text = (x: number, said: string, more: object = {}): Shape => ({
      ...({ kind: 'text', face: 'mono', anchor: 'middle', size: SIZE, fill: row.special ? muted : ink } as const),
      ...{ x, y: middle, text: said, ...more },
    });
    if (row.cut) return void shapes.push(text(token / 2, '⋮'), text((right + 12 + output) / 2, '⋮'));
    shapes.push(
      {
        kind: 'rect',
        x: 0.5,
        y: y + 2.5,
        width: token - 1,
        height: ROW - 5,
        radius: 3,
        fill: row.segment === 1 ? shade(hue, 0.16) : inset,
        stroke: line,
        ...(row.special && { dash: [3, 2] }),
      },
      text(
        row.segment === undefined ? token / 2 : token / 2 + 8,
        fit(row.token, token - (row.segment === undefined ? 10 : 28), SIZE),
      ),
      { kind: 'path', d: `M${token},${middle}H${left}`, stroke: muted },
      { kind: 'path', d: `M${right},${middle}H${right + 12}`, stroke: muted },
      {
        kind: 'rect',
        x: right + 12.5,
        y: y + 2.5,
        width: output - right - 13,
        height: ROW - 5,
        radius: 3,
        fill: 'none',
        stroke: full(hue),
      },
      text((right + 12 + output) / 2, row.output, { fill: ink, size: 12 }),
    );
    if (row.segment !== undefined)
      shapes.push(text(12, row.segment === 1 ? 'B' : 'A', { fill: muted, size: 11, face: 'sans' }));
  });
  const middle = (left + right) / 2;
  const narrow = right - left < 80;
  shapes.push(
    { kind: 'rect', x: left, y: top, width: right - left, height, radius: 6, fill: full(hue) },
    ...(narrow
      ? [modelText(labelled(model, reads), middle, top + height / 2, -90, fit(labelled(model, reads), height - 12, 12))]
      : [
          modelText(model, middle, top + height / 2 - 10, 0, model, true),
          modelText(reads, middle, top + height / 2 + 10, 0, fit(reads, right - left - 4, 11)),
        ]),
  );
}

const modelText = (_: string, x: number, y: number, turn: number, text: string, bold = false): Shape => ({
  ...({ kind: 'text', anchor: 'middle', fill: 'var(--cloze-paper)' } as const),
  ...{ x, y, turn, text, bold, size: bold ? 15 : 11 },
});

/** The heads, each at the height of what goes into it and none over another; returns where the last one ends. */
function drawHeads(shapes: Shape[], { hue, heads }: Diagram, columns: Columns, middles: readonly number[]): number {
  const { output, head: left, width } = columns;
  let free = 2;
  for (const { lines, loss, rows } of heads) {
    const places = rows.map((row) => middles[row]!);
    const room = width - left - 16;
    const written = lines.flatMap((said) => wrap(said, room, 12));
    const losses = loss === undefined ? [] : wrap(loss, room, 12);
    const height = (written.length + losses.length) * LINE + 14 + (losses.length > 0 ? 8 : 0);
    const centre = (Math.min(...places) + Math.max(...places)) / 2;
    const top = Math.max(free, centre - height / 2);
    for (const place of places)
      shapes.push({
        ...({ kind: 'path', stroke: full(hue), width: 1.5, opacity: 0.7 } as const),
        d: bend({ source: [output, place], target: [left, top + height / 2] })!,
      });
    shapes.push({
      kind: 'rect',
      x: left,
      y: top,
      width: width - left - 1,
      height,
      radius: 6,
      fill: shade(hue, 0.1),
      stroke: full(hue),
    });
    const write = (text: string, at: number, more: object): Shape => ({
      ...({ kind: 'text', size: 12, fill: ink, x: left + 8 } as const),
      ...{ y: top + 8 + (at + 0.5) * LINE, text, ...more },
    });
    written.forEach((text, at) => shapes.push(write(text, at, { bold: at === 0 })));
    if (losses.length > 0) {
      const y = top + 11 + written.length * LINE;
      shapes.push({ kind: 'path', d: `M${left + 8},${y}H${width - 9}`, stroke: full(hue), dash: [2, 2] });
      losses.forEach((text, at) => shapes.push(write(text, at, { y: y + 4 + (at + 0.5) * LINE, bold: true })));
    }
    free = top + height + 10;
  }
  return free;
}

/** A sentence in lines of a width. */
function wrap(text: string, width: number, size: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const longer = lines.length === 0 ? word : `${lines.at(-1)} ${word}`;
    // Letters of this face are narrower than those of code.
    if (lines.length > 0 && longer.length * size * 0.58 <= width) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines;
}
