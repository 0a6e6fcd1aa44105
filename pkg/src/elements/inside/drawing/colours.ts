/** CSS colours as numbers, for canvases and files: those know neither the page's custom properties nor its light and dark. */

/** Red, green and blue, 0 to 255. */
export type Rgb = readonly [number, number, number];

/** Turns CSS colours into numbers. */
export type Resolve = (css: string) => Rgb;

/** Resolves colours as they are now at a place of the page. */
export function resolverAt(place: HTMLElement | ShadowRoot): Resolve {
  const known = new Map<string, Rgb>();
  const pixel = Object.assign(document.createElement('canvas'), { width: 1, height: 1 });
  const context = pixel.getContext('2d', { willReadFrequently: true })!;
  return (css) => {
    const found = known.get(css);
    if (found) return found;
    const probe = document.createElement('span');
    probe.style.setProperty('color', css);
    place.append(probe);
    context.fillStyle = getComputedStyle(probe).color;
    probe.remove();
    context.fillRect(0, 0, 1, 1);
    const [red = 0, green = 0, blue = 0] = context.getImageData(0, 0, 1, 1).data;
    const rgb: Rgb = [red, green, blue];
    known.set(css, rgb);
    return rgb;
  };
}

/** As SVG and canvases take it. */
export const hex = (rgb: Rgb): string => `#${rgb.map((part) => part.toString(16).padStart(2, '0')).join('')}`;

/** The colour at `share` (0 to 1) of the way between two. */
export const between = (from: Rgb, to: Rgb, share: number): Rgb =>
  [0, 1, 2].map((part) => Math.round(from[part]! + (to[part]! - from[part]!) * share)) as unknown as Rgb;
