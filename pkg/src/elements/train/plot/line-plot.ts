/** Curves over steps: named where they end, told apart by dashes as well as by colour, with levels to come under. */
import { scaleLinear } from 'd3-scale';
import { line as lineOf } from 'd3-shape';
import { trainWords } from '../../../words/train.js';
import { number } from '../../format.js';
import {
  fit,
  full,
  ink,
  line,
  muted,
  paper,
  textWidth,
  type Drawing,
  type Hue,
  type Shape,
} from '../../inside/drawing/drawing.js';

/** A point: x, y. */
export type Point = readonly [number, number];

/** A curve. */
export interface Series {
  readonly name: string;
  readonly points: readonly Point[];
  /** `faint` lies behind the others, without a name at its end: noise that belongs to a line. */
  readonly kind?: 'line' | 'faint';
  readonly hue?: Hue;
}

/** A straight line across: what is known beforehand. */
export interface Level {
  readonly name: string;
  readonly y: number;
}

/** A plot as data. */
export interface LinePlot {
  /** What it shows, in a sentence. */
  readonly title: string;
  /** What the axes measure, with units. */
  readonly x: string;
  readonly y: string;
  readonly series: readonly Series[];
  readonly levels?: readonly Level[];
  /** CSS pixels it may be wide. */
  readonly width: number;
  /** The range of y, where it is known beforehand. */
  readonly range?: readonly [number, number];
  /** How a value is written (a number with two or three figures). */
  readonly format?: (value: number) => string;
}

/** Points of a curve that is drawn, at most. */
const MOST_POINTS = 240;

/** So many series have dashes of their own. */
const DASHES: readonly (readonly number[] | undefined)[] = [undefined, [7, 4], [2, 3], [10, 3, 2, 3], [1, 4], [14, 5]];

const SIZE = 12;
const ROW = 15;
const TOP = 26;
const BOTTOM = 38;

/** Fewer points: each the mean of those in its place. */
export function thinned(points: readonly Point[], most = MOST_POINTS): readonly Point[] {
  if (points.length <= most) return points;
  const step = points.length / most;
  return Array.from({ length: most }, (_, at) => {
    const part = points.slice(Math.floor(at * step), Math.floor((at + 1) * step));
    const mean = (axis: 0 | 1): number => part.reduce((sum, point) => sum + point[axis], 0) / part.length;
    return [mean(0), mean(1)] as const;
  });
}

/** Two or three figures, and no more zeros than needed. */
export const brief = (value: number): string => {
  const size = Math.abs(value);
  if (size === 0) return '0';
  if (size < 0.001 || size >= 1e6) return value.toExponential(1);
  return number(value, size >= 100 ? 0 : size >= 10 ? 1 : size >= 0.1 ? 2 : 4);
};

/** A name beside a line, moved off its height where another one stands there. */
interface Tag {
  readonly text: string;
  readonly y: number;
  readonly fill: string;
  readonly bold: boolean;
}

/** Moves tags apart, in their order, within the plot. */
export function spread(ys: readonly number[], least: number, [top, bottom]: readonly [number, number]): number[] {
  const order = [...ys.keys()].sort((a, b) => ys[a]! - ys[b]!);
  const placed = [...ys];
  let last = top - least;
  for (const at of order) last = placed[at] = Math.max(ys[at]!, last + least);
  let next = bottom + least;
  for (const at of order.reverse()) next = placed[at] = Math.min(placed[at]!, next - least);
  return placed;
}

const finite = ([x, y]: Point): boolean => Number.isFinite(x) && Number.isFinite(y);

/** The picture. */
export function linePlot(plot: LinePlot): Drawing {
  const { title, levels = [], format = brief } = plot;
  const width = Math.max(280, plot.width);
  const height = width < 480 ? 280 : 340;
  const series = plot.series
    .map((one) => ({ ...one, points: thinned(one.points.filter(finite)) }))
    .filter(({ points }) => points.length > 0);
  const named = series.filter(({ kind }) => kind !== 'faint');
  const names = [...named.map(({ name }) => name), ...levels.map(({ name }) => name)];
  const widest = Math.max(60, ...names.map((name) => textWidth(name, SIZE)));
  const right = width - Math.min(widest + 12, width * 0.36);
  const [left, bottom] = [46, height - BOTTOM];
  const xs = series.flatMap(({ points }) => points.map(([x]) => x));
  const x = scaleLinear([0, Math.max(1, ...xs)], [left, right]);
  const ys = [...series.flatMap(({ points }) => points.map(([, y]) => y)), ...levels.map(({ y }) => y)];
  const [low, high] = plot.range ?? [Math.min(...ys), Math.max(...ys)];
  const y = scaleLinear(ys.length === 0 && !plot.range ? [0, 1] : [low, high === low ? low + 1 : high], [bottom, TOP]);
  if (!plot.range) y.nice(5);
  const shapes: Shape[] = [...axes(x, y, plot, { left, right, bottom, width }, format)];
  const tags: Tag[] = [];
  for (const level of levels) {
    shapes.push({
      kind: 'path',
      d: `M${left},${y(level.y)}H${right}`,
      stroke: muted,
      width: 1,
      dash: [3, 3],
    });
    tags.push({ text: level.name, y: y(level.y), fill: muted, bold: false });
  }
  const path = lineOf<Point>(
    ([at]) => x(at),
    ([, value]) => Math.min(bottom, Math.max(TOP, y(value))),
  );
  for (const { points, hue } of series.filter(({ kind }) => kind === 'faint'))
    shapes.push({ kind: 'path', d: path(points)!, stroke: hue ? full(hue) : muted, width: 1, opacity: 0.45 });
  named.forEach(({ name, points, hue }, index) => {
    const colour = hue ? full(hue) : ink;
    const dash = DASHES[index % DASHES.length];
    shapes.push({ kind: 'path', d: path(points)!, stroke: colour, width: 2, ...(dash && { dash }) });
    for (const [at, value] of points.length <= 40 ? points : points.slice(-1))
      shapes.push({ kind: 'path', d: dot(x(at), y(value)), fill: colour, stroke: paper, width: 1 });
    tags.push({ text: name, y: y(points.at(-1)![1]), fill: colour, bold: true });
  });
  // Names that are cut where their lines end stand whole below, each behind a piece of its line.
  const cut = named.filter(({ name }) => fit(name, width - right - 8, SIZE) !== name);
  cut.forEach(({ name, hue }, row) => {
    const at = height + 10 + row * ROW;
    const dash = DASHES[named.findIndex((one) => one.name === name) % DASHES.length];
    const colour = hue ? full(hue) : ink;
    shapes.push({ kind: 'path', d: `M${left},${at}h34`, stroke: colour, width: 2, ...(dash && { dash }) });
    shapes.push({ kind: 'text', x: left + 42, y: at, text: fit(name, width - left - 42, SIZE), fill: ink, size: SIZE });
  });
  const heights = spread(
    tags.map((tag) => tag.y),
    ROW,
    [TOP, bottom],
  );
  tags.forEach(({ text, fill, bold }, at) =>
    shapes.push({
      kind: 'text',
      x: right + 8,
      y: heights[at]!,
      text: fit(text, width - right - 8, SIZE),
      fill,
      size: SIZE,
      bold,
    }),
  );
  return { width, height: height + (cut.length > 0 ? 12 + cut.length * ROW : 0), title, shapes };
}

const dot = (x: number, y: number): string => `M${x - 3},${y}a3,3 0 1,0 6,0a3,3 0 1,0 -6,0`;

type Scale = ReturnType<typeof scaleLinear<number, number>>;

function axes(
  x: Scale,
  y: Scale,
  plot: LinePlot,
  { left, right, bottom, width }: { left: number; right: number; bottom: number; width: number },
  format: (value: number) => string,
): Shape[] {
  const text = { kind: 'text', fill: muted, size: SIZE } as const;
  const shapes: Shape[] = [];
  for (const tick of y.ticks(5)) {
    shapes.push({ kind: 'path', d: `M${left},${y(tick)}H${right}`, stroke: line, width: 1 });
    shapes.push({ ...text, x: left - 6, y: y(tick), text: format(tick), anchor: 'end' });
  }
  for (const tick of x.ticks(width < 480 ? 3 : 6).filter(Number.isInteger))
    shapes.push({ ...text, x: x(tick), y: bottom + 12, text: number(tick), anchor: 'middle' });
  shapes.push({ kind: 'path', d: `M${left},${bottom}H${right}`, stroke: muted, width: 1 });
  shapes.push({ ...text, x: left - 40, y: 10, text: plot.y });
  shapes.push({ ...text, x: right, y: bottom + 28, text: plot.x, anchor: 'end' });
  return shapes;
}

/** The numbers of a plot: a row for each point, of the curves and of the levels. */
export function tableOf({ x, y, series, levels = [] }: LinePlot): {
  columns: readonly string[];
  rows: (readonly (string | number)[])[];
} {
  const rows = series.flatMap(({ name, points }) => points.map(([at, value]) => [name, at, value] as const));
  return {
    columns: [trainWords.run.plot.series, x, y],
    rows: [...rows, ...levels.map((level) => [level.name, '', level.y] as const)],
  };
}
