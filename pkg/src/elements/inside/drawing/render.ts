/** A {@link Drawing} as SVG in a page, as the text of an SVG file, and on a canvas. */
import { nothing, svg, type TemplateResult } from 'lit';
import { between, hex, type Resolve } from './colours.js';
import { paper, type Drawing, type Path, type Raster, type Rect, type Shape, type Text } from './drawing.js';

const FACES = {
  sans: "system-ui, 'Segoe UI', Roboto, 'Liberation Sans', sans-serif",
  mono: "ui-monospace, 'Cascadia Code', Menlo, Consolas, 'Liberation Mono', monospace",
  serif: "Charter, Georgia, Cambria, 'Liberation Serif', serif",
};

const movedBy = ({ move }: Path): string | undefined => move && `translate(${move[0]} ${move[1]})`;

const turned = ({ turn, x, y }: Text): string | undefined => (turn ? `rotate(${turn} ${x} ${y})` : undefined);

/** The shapes of a drawing without grids of cells, for a page. */
export const shapesOf = ({ shapes }: Drawing): TemplateResult[] => shapes.map(shapeOf);

function shapeOf(shape: Shape): TemplateResult {
  if (shape.kind === 'rect')
    return svg`<rect
      x=${shape.x}
      y=${shape.y}
      width=${shape.width}
      height=${shape.height}
      rx=${shape.radius ?? nothing}
      fill=${shape.fill}
      stroke=${shape.stroke ?? nothing}
      stroke-dasharray=${shape.dash?.join(' ') ?? nothing}
    />`;
  if (shape.kind === 'path')
    return svg`<path
      d=${shape.d}
      fill=${shape.fill ?? 'none'}
      stroke=${shape.stroke ?? nothing}
      stroke-width=${shape.width ?? nothing}
      stroke-opacity=${shape.opacity ?? nothing}
      transform=${movedBy(shape) ?? nothing}
      stroke-dasharray=${shape.dash?.join(' ') ?? nothing}
    />`;
  if (shape.kind === 'text')
    return svg`<text
      x=${shape.x}
      y=${shape.y}
      fill=${shape.fill}
      font-size=${shape.size}
      font-family=${FACES[shape.face ?? 'sans']}
      font-weight=${shape.bold ? 600 : nothing}
      text-anchor=${shape.anchor ?? nothing}
      dominant-baseline="central"
      transform=${turned(shape) ?? nothing}
    >${shape.text}</text>`;
  return svg``;
}

/** The text of an SVG file. Grids of cells are pictures in it. */
export function svgText(drawing: Drawing, resolve: Resolve): string {
  const { width, height, title, shapes } = drawing;
  const one = (shape: Shape): string => {
    if (shape.kind === 'rect') return element('rect', rectAttributes(shape, resolve));
    if (shape.kind === 'path') return element('path', pathAttributes(shape, resolve));
    if (shape.kind === 'text') return element('text', textAttributes(shape, resolve), shape.text);
    const { x, y, width, height } = shape;
    const href = pixels(shape, resolve).toDataURL('image/png');
    return element('image', { x, y, width, height, href, preserveAspectRatio: 'none', 'image-rendering': 'pixelated' });
  };
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img">`,
    element('title', {}, title),
    element('rect', { width, height, fill: hex(resolve(paper)) }),
    ...shapes.map(one),
    '</svg>\n',
  ].join('\n');
}

type Attributes = Readonly<Record<string, string | number | undefined>>;

function element(name: string, attributes: Attributes, content?: string): string {
  const written = Object.entries(attributes)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => ` ${key}="${escaped(String(value))}"`)
    .join('');
  return content === undefined ? `<${name}${written}/>` : `<${name}${written}>${escaped(content)}</${name}>`;
}

// Characters that XML cannot hold may stand in a text all the same.
const escaped = (text: string): string =>
  text
    // eslint-disable-next-line no-control-regex
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f]/gu, '\ufffd')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');

const rectAttributes = ({ x, y, width, height, radius, fill, stroke, dash }: Rect, resolve: Resolve): Attributes => ({
  x,
  y,
  width,
  height,
  rx: radius,
  fill: fill === 'none' ? fill : hex(resolve(fill)),
  stroke: stroke && hex(resolve(stroke)),
  'stroke-dasharray': dash?.join(' '),
});

const pathAttributes = (shape: Path, resolve: Resolve): Attributes => {
  const { d, stroke, fill = 'none', width, opacity, dash } = shape;
  return {
    d,
    transform: movedBy(shape),
    fill: fill === 'none' ? fill : hex(resolve(fill)),
    stroke: stroke && hex(resolve(stroke)),
    'stroke-width': width,
    'stroke-opacity': opacity,
    'stroke-dasharray': dash?.join(' '),
  };
};

const textAttributes = (shape: Text, resolve: Resolve): Attributes => ({
  x: shape.x,
  y: shape.y,
  fill: hex(resolve(shape.fill)),
  'font-size': shape.size,
  'font-family': FACES[shape.face ?? 'sans'],
  'font-weight': shape.bold ? 600 : undefined,
  'text-anchor': shape.anchor,
  'dominant-baseline': 'central',
  'xml:space': 'preserve',
  transform: turned(shape),
});

/** Draws a drawing on a canvas whose context has the right scale. */
export function paint(context: CanvasRenderingContext2D, drawing: Drawing, resolve: Resolve): void {
  context.save();
  context.fillStyle = hex(resolve(paper));
  context.fillRect(0, 0, drawing.width, drawing.height);
  for (const shape of drawing.shapes) paintShape(context, shape, resolve);
  context.restore();
}

function paintShape(context: CanvasRenderingContext2D, shape: Shape, resolve: Resolve): void {
  if (shape.kind === 'raster') {
    context.imageSmoothingEnabled = false;
    context.drawImage(pixels(shape, resolve), shape.x, shape.y, shape.width, shape.height);
    return;
  }
  if (shape.kind === 'text') return paintText(context, shape, resolve);
  const outline = new Path2D();
  if (shape.kind === 'path') outline.addPath(new Path2D(shape.d), new DOMMatrix().translate(...(shape.move ?? [0, 0])));
  else if (shape.radius) outline.roundRect(shape.x, shape.y, shape.width, shape.height, shape.radius);
  else outline.rect(shape.x, shape.y, shape.width, shape.height);
  if (shape.fill && shape.fill !== 'none') {
    context.fillStyle = hex(resolve(shape.fill));
    context.fill(outline);
  }
  if (!shape.stroke) return;
  context.strokeStyle = hex(resolve(shape.stroke));
  context.lineWidth = shape.kind === 'path' ? (shape.width ?? 1) : 1;
  context.globalAlpha = shape.kind === 'path' ? (shape.opacity ?? 1) : 1;
  context.setLineDash([...(shape.dash ?? [])]);
  context.stroke(outline);
  context.setLineDash([]);
  context.globalAlpha = 1;
}

function paintText(context: CanvasRenderingContext2D, shape: Text, resolve: Resolve): void {
  const { x, y, size, bold, face = 'sans', anchor = 'start', turn } = shape;
  context.save();
  context.font = `${bold ? 600 : 400} ${size}px ${FACES[face]}`;
  context.textAlign = anchor === 'middle' ? 'center' : anchor;
  context.textBaseline = 'middle';
  context.direction = 'ltr';
  context.fillStyle = hex(resolve(shape.fill));
  context.translate(x, y);
  if (turn) context.rotate((turn * Math.PI) / 180);
  context.fillText(shape.text, 0, 0);
  context.restore();
}

/** Strengths that are told apart. */
const STEPS = 255;

/** A grid of cells, a pixel each. */
function pixels({ columns, rows, values, high, low }: Raster, resolve: Resolve): HTMLCanvasElement {
  const canvas = Object.assign(document.createElement('canvas'), { width: columns, height: rows });
  const context = canvas.getContext('2d')!;
  const image = context.createImageData(columns, rows);
  const ramp = (to: string): Uint8ClampedArray => {
    const [zero, one] = [resolve(paper), resolve(to)];
    const colours = new Uint8ClampedArray(3 * (STEPS + 1));
    for (let step = 0; step <= STEPS; step++) colours.set(between(zero, one, step / STEPS), 3 * step);
    return colours;
  };
  const above = ramp(high);
  const below = low === undefined ? above : ramp(low);
  for (let cell = 0; cell < values.length; cell++) {
    const value = values[cell]!;
    const from = value < 0 ? below : above;
    const step = 3 * Math.round(STEPS * Math.min(1, Math.abs(value)));
    image.data[4 * cell] = from[step]!;
    image.data[4 * cell + 1] = from[step + 1]!;
    image.data[4 * cell + 2] = from[step + 2]!;
    image.data[4 * cell + 3] = 255;
  }
  context.putImageData(image, 0, 0);
  return canvas;
}
