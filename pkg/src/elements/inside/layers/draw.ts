/** The logit lens as a picture: a row for each token, a column for each layer. */
import { fit, full, hueOf, ink, muted, onShade, shade, type Drawing, type Shape } from '../drawing/drawing.js';
import { readable } from '../tokens.js';
import { finalAt, guessesAt, type LayersResult } from './compute.js';

const [NAMES, WIDTH, ROW, HEAD, SIZE] = [120, 92, 26, 28, 12];

/** The rows of these places. */
export function table(
  result: LayersResult,
  places: readonly number[],
  heads: readonly string[],
  title: string,
): Drawing {
  const hue = hueOf(result.model.info.reads);
  const shapes: Shape[] = heads.map((text, layer) => ({
    ...({ kind: 'text', anchor: 'middle', size: SIZE, fill: muted } as const),
    ...{ x: NAMES + (layer + 0.5) * WIDTH, y: HEAD / 2, text },
  }));
  places.forEach((place, at) => {
    const y = HEAD + at * ROW;
    const name = fit(result.names[place]!, NAMES - 14, 13);
    const middle = y + ROW / 2;
    shapes.push({
      kind: 'text',
      anchor: 'end',
      face: 'mono',
      size: 13,
      fill: ink,
      x: NAMES - 8,
      y: middle,
      text: name,
    });
    heads.forEach((_, layer) => {
      const share = finalAt(result, layer, place);
      const first = result.lens.first_layer[place] === layer;
      const x = NAMES + layer * WIDTH;
      const text = fit(readable(guessesAt(result, layer, place)[0]!.token), WIDTH - 12, SIZE);
      shapes.push(
        {
          ...({ kind: 'rect', y: y + 1, width: WIDTH - 2, height: ROW - 2, radius: 2 } as const),
          ...{ x: x + 1, fill: shade(hue, share), stroke: first ? ink : full(hue) },
        },
        {
          ...({ kind: 'text', anchor: 'middle', face: 'mono', size: SIZE, y: middle } as const),
          ...{ x: x + WIDTH / 2, text, fill: onShade(share), bold: first },
        },
      );
    });
  });
  return { width: NAMES + heads.length * WIDTH + 1, height: HEAD + places.length * ROW + 1, title, shapes };
}
