/** Where the names of points stand, so that none lies over another or over a point. */
import { textWidth } from '../../inside/drawing/drawing.js';

/** A point with its name; `size` is that of the letters. */
export interface Named {
  readonly x: number;
  readonly y: number;
  readonly radius: number;
  readonly name: string;
  readonly size: number;
  /** Whether it is named even where there is no free place. */
  readonly always: boolean;
}

/** Where a name stands: `y` is its middle. */
export interface Label {
  readonly x: number;
  readonly y: number;
  readonly anchor: 'start' | 'middle' | 'end';
}

interface Box {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** A label for each point, or undefined for those without a free place. Points that are always named come first. */
export function labelsOf(points: readonly Named[], width: number, height: number): (Label | undefined)[] {
  const discs = points.map(({ x, y, radius }): Box => ({
    left: x - radius,
    right: x + radius,
    top: y - radius,
    bottom: y + radius,
  }));
  const taken: Box[] = [];
  const labels: (Label | undefined)[] = points.map(() => undefined);
  const order = [...points.keys()].sort((a, b) => Number(points[b]!.always) - Number(points[a]!.always));
  for (const at of order) {
    const point = points[at]!;
    const others = discs.filter((_, other) => other !== at);
    const places = placesAround(point).map((label) => ({ label, box: boxOf(label, point) }));
    const within = places.filter(
      ({ box }) => box.left >= 2 && box.right <= width - 2 && box.top >= 2 && box.bottom <= height - 2,
    );
    const free = within.find(({ box }) => ![...others, ...taken].some((one) => overlap(one, box)));
    // What is always named may lie over a point, never over another name.
    const chosen =
      free ??
      (point.always ? (within.find(({ box }) => !taken.some((one) => overlap(one, box))) ?? places[0]) : undefined);
    if (!chosen) continue;
    labels[at] = chosen.label;
    taken.push(chosen.box);
  }
  return labels;
}

/** To the right, to the left, above and below. */
const placesAround = ({ x, y, radius, size }: Named): Label[] => [
  { x: x + radius + 4, y, anchor: 'start' },
  { x: x - radius - 4, y, anchor: 'end' },
  { x, y: y - radius - size * 0.8, anchor: 'middle' },
  { x, y: y + radius + size * 0.8, anchor: 'middle' },
];

function boxOf({ x, y, anchor }: Label, { name, size }: Named): Box {
  const width = textWidth(name, size);
  const left = anchor === 'start' ? x : anchor === 'end' ? x - width : x - width / 2;
  return { left, right: left + width, top: y - size * 0.6, bottom: y + size * 0.6 };
}

const overlap = (a: Box, b: Box): boolean =>
  a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
