/** Attention as pictures: arcs between two columns of tokens, and a matrix. */
import { linkHorizontal } from 'd3-shape';
import {
  fit,
  full,
  hueOf,
  ink,
  line,
  muted,
  onShade,
  shade,
  textWidth,
  type Drawing,
  type Hue,
  type Shape,
} from '../drawing/drawing.js';
import { linksOf, type Matrix, type Side } from './compute.js';

/** More arcs than these are no picture any more. */
export const MOST_LINKS = 6000;

/** What of a side is drawn. */
export interface Drawn {
  readonly names: readonly string[];
  readonly model: { readonly info: { readonly reads: 'both' | 'left-to-right' } };
}

/** How a picture is made. */
export interface Picture<S extends Drawn = Side> {
  readonly side: S;
  readonly matrix: Matrix;
  /** The row that is looked at, if it is not hidden. */
  readonly row: number;
  readonly threshold: number;
  readonly width: number;
  /** What it shows, in a sentence. */
  readonly title: string;
}

const SIZE = 13;
const whole = (weight: number): string => `${Math.round(weight * 100)}`;

/** Where the rows of an {@link arcs} picture stand. */
export const ARC_ROWS = { top: 8, height: (size: number): number => (size > 100 ? 18 : 24) };

const curve = linkHorizontal<unknown, [number, number]>();

/** From each token on the left to those on the right that it takes from. */
export function arcs({ side, matrix, row, threshold, width: available, title }: Picture<Drawn>): Drawing {
  const { indexes, size, values } = matrix;
  const names = indexes.map((index) => side.names[index]!);
  const hue = hueOf(side.model.info.reads);
  const width = Math.min(available, 560);
  const step = ARC_ROWS.height(size);
  const middle = (at: number): number => ARC_ROWS.top + (at + 0.5) * step;
  const figures = 44;
  const column = Math.min(130, Math.max(...names.map((name) => textWidth(name, SIZE))) + 12, (width - figures) * 0.36);
  const [left, right] = [column, width - figures - column];
  const shapes: Shape[] = [];
  const arc = (from: number, to: number): string =>
    curve({ source: [left + 4, middle(from)], target: [right - 4, middle(to)] })!;
  for (const link of linksOf(matrix, threshold, MOST_LINKS))
    if (link.row !== row)
      shapes.push({
        kind: 'path',
        d: arc(link.row, link.column),
        stroke: muted,
        width: 1,
        opacity: Math.max(0.05, 0.45 * link.weight),
      });
  for (let to = 0; to < size && row >= 0; to++) {
    const weight = values[row * size + to]!;
    if (weight > 0 && weight >= threshold)
      shapes.push({
        kind: 'path',
        d: arc(row, to),
        stroke: full(hue),
        width: 1 + 4 * weight,
        opacity: Math.max(0.25, weight),
      });
  }
  names.forEach((name, at) => {
    const y = middle(at);
    const chosen = at === row;
    const weight = row < 0 ? 0 : values[row * size + at]!;
    if (chosen)
      shapes.push({
        kind: 'rect',
        x: 0,
        y: y - step / 2 + 1,
        width: column,
        height: step - 2,
        radius: 3,
        fill: full(hue),
      });
    shapes.push(
      label(fit(name, column - 12, SIZE), left - 6, y, { anchor: 'end', fill: chosen ? PAPER : ink, bold: chosen }),
    );
    shapes.push({
      kind: 'rect',
      x: right,
      y: y - step / 2 + 1,
      width: column,
      height: step - 2,
      radius: 3,
      fill: shade(hue, weight),
    });
    shapes.push(label(fit(name, column - 12, SIZE), right + 6, y, { fill: onShade(hue, weight) }));
    if (row >= 0 && weight >= 0.005)
      shapes.push(label(`${whole(weight)} %`, width, y, { anchor: 'end', fill: muted, size: 12 }));
  });
  return { width, height: middle(size - 1) + step / 2 + 8, title, shapes };
}

const PAPER = 'var(--cloze-paper)';

const label = (
  text: string,
  x: number,
  y: number,
  more: { anchor?: 'start' | 'middle' | 'end'; fill?: string; size?: number; bold?: boolean; turn?: number } = {},
): Shape => ({ kind: 'text', face: 'mono', size: SIZE, fill: ink, x, y, text, ...more });

/** Where the cells of a {@link grid} picture stand. */
export interface Cells {
  readonly left: number;
  readonly top: number;
  readonly cell: number;
}

/** Names are written beside cells of at least this height. */
const NAMED = 11;

/** Where the cells of a matrix stand. */
export function cellsOf({ side, matrix, width }: Picture<Drawn>): Cells {
  const { indexes, size } = matrix;
  const longest = Math.max(...indexes.map((index) => textWidth(side.names[index]!, SIZE)));
  const names = Math.min(120, longest) + 8;
  const cell = Math.min(34, (width - names - 1) / size);
  return cell >= NAMED
    ? { left: names, top: names, cell }
    : { left: 1, top: 1, cell: Math.min(34, (width - 2) / size) };
}

/** Each row a token, each cell how much of what it takes comes from the token of the column. */
export function grid(picture: Picture<Drawn>): Drawing {
  const { side, matrix, row, title } = picture;
  const { indexes, size, values } = matrix;
  const { left, top, cell } = cellsOf(picture);
  const hue: Hue = hueOf(side.model.info.reads);
  const span = cell * size;
  const shapes: Shape[] = [];
  if (cell >= NAMED)
    indexes.forEach((index, at) => {
      const name = fit(side.names[index]!, left - 8, SIZE);
      const at0 = (at + 0.5) * cell;
      const size = Math.min(SIZE, cell - 1);
      shapes.push(label(name, left - 6, top + at0, { anchor: 'end', size, bold: at === row }));
      shapes.push(label(name, left + at0, top - 6, { turn: -90, size }));
    });
  shapes.push({
    kind: 'raster',
    x: left,
    y: top,
    width: span,
    height: span,
    columns: size,
    rows: size,
    values,
    high: full(hue),
  });
  if (cell >= 28)
    for (let at = 0; at < values.length; at++) {
      const weight = values[at]!;
      if (weight < 0.005) continue;
      const [x, y] = [left + ((at % size) + 0.5) * cell, top + (Math.floor(at / size) + 0.5) * cell];
      shapes.push(label(whole(weight), x, y, { anchor: 'middle', size: 11, fill: onShade(hue, weight) }));
    }
  shapes.push({
    kind: 'rect',
    x: left - 0.5,
    y: top - 0.5,
    width: span + 1,
    height: span + 1,
    fill: 'none',
    stroke: line,
  });
  if (row >= 0)
    shapes.push({ kind: 'rect', x: left, y: top + row * cell, width: span, height: cell, fill: 'none', stroke: ink });
  return { width: Math.ceil(left + span + 1), height: Math.ceil(top + span + 1), title, shapes };
}
