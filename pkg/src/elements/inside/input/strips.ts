/** Embeddings as strips of their values: those of one token as a sum, and those of all tokens. */
import { fit, full, hueOf, ink, muted, type Drawing, type Shape } from '../drawing/drawing.js';
import { norm, vectorAt, type InputResult, type Part } from './compute.js';

/** What the parts are called. */
export type PartNames = Readonly<Record<Part, string>>;

const GAP = 8;

const colours = ({ model }: InputResult) => ({ high: full(hueOf(model.info.reads)), low: ink });

/** One token's embeddings below each other: what is added, and the sum. */
export function equation(result: InputResult, place: number, names: PartNames, width: number, title: string): Drawing {
  const { embeddings, parts } = result;
  const shapes: Shape[] = [];
  const [sign, top, strip, step] = [18, 20, 24, 56];
  parts.forEach(({ part, values, shares }, at) => {
    const y = at * step;
    const vector = vectorAt(values, place, embeddings);
    const operator = at === 0 ? '' : part === 'sum' ? '=' : '+';
    shapes.push(
      { ...TEXT, x: sign, y: y + 9, text: names[part], fill: ink, bold: part === 'sum' },
      { ...TEXT, x: width, y: y + 9, anchor: 'end', text: `‖·‖ = ${norm(vector).toFixed(2)}`, fill: muted },
      { ...TEXT, x: 0, y: y + top + strip / 2, text: operator, fill: ink, size: 18, face: 'mono' },
      {
        ...({ kind: 'raster', columns: embeddings.hidden_size, rows: 1 } as const),
        ...{ x: sign, y: y + top, width: width - sign, height: strip },
        ...{ values: vectorAt(shares, place, embeddings), ...colours(result) },
      },
    );
  });
  return { width, height: (parts.length - 1) * step + top + strip, title, shapes };
}

const TEXT = { kind: 'text', size: 13 } as const;

/** Where the rows of {@link overview} stand. */
export const ROWS = { top: 24, height: 18 };

/** All tokens' embeddings: a row each, a column of values for each part. */
export function overview(
  result: InputResult,
  places: readonly number[],
  chosen: number,
  names: PartNames,
  width: number,
  title: string,
): Drawing {
  const { parts } = result;
  const { hidden_size } = result.embeddings;
  const left = Math.min(112, width * 0.26);
  const column = (width - left - GAP * (parts.length - 1)) / parts.length;
  const height = places.length * ROWS.height;
  const [first = 0] = places;
  const shapes: Shape[] = places.map((place, at) => ({
    ...({ kind: 'text', face: 'mono', anchor: 'end', size: 12, x: left - 8 } as const),
    ...{ y: ROWS.top + (at + 0.5) * ROWS.height, text: fit(result.names[place]!, left - 10, 12) },
    ...{ fill: ink, bold: place === chosen },
  }));
  parts.forEach(({ part, shares }, at) => {
    const x = left + at * (column + GAP);
    shapes.push(
      { ...TEXT, x, y: 10, size: 12, text: fit(names[part], column, 11), fill: muted },
      {
        ...({ kind: 'raster', columns: hidden_size, rows: places.length, y: ROWS.top } as const),
        ...{ x, width: column, height, ...colours(result) },
        values: shares.subarray(first * hidden_size, (first + places.length) * hidden_size),
      },
    );
  });
  const row = places.indexOf(chosen);
  shapes.push({
    ...({ kind: 'rect', x: left - 2, width: width - left + 2, fill: 'none', stroke: ink } as const),
    ...{ y: ROWS.top + row * ROWS.height, height: ROWS.height },
  });
  return { width, height: ROWS.top + height + 1, title, shapes };
}
