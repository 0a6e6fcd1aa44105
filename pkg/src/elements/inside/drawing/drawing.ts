/**
 * Pictures as data: typed shapes that are shown as SVG or on a canvas and saved as either. Colours are CSS, so that they
 * follow the page's light and dark; saving turns them into numbers (`colours.ts`).
 */

/** A rectangle. */
export interface Rect {
  readonly kind: 'rect';
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly fill: string;
  readonly stroke?: string;
  readonly radius?: number;
  /** Of the border's dashes and gaps. */
  readonly dash?: readonly number[];
}

/** One line of text; `y` is its middle. */
export interface Text {
  readonly kind: 'text';
  readonly x: number;
  readonly y: number;
  readonly text: string;
  readonly fill: string;
  readonly size: number;
  readonly anchor?: 'start' | 'middle' | 'end';
  readonly face?: 'sans' | 'mono' | 'serif';
  readonly bold?: boolean;
  /** Turned by so many degrees around its place, clockwise. */
  readonly turn?: number;
}

/** A line or an outline, in the syntax of SVG. */
export interface Path {
  readonly kind: 'path';
  readonly d: string;
  readonly stroke?: string;
  readonly fill?: string;
  readonly width?: number;
  /** 0 to 1. */
  readonly opacity?: number;
  /** By how much it is moved right and down. */
  readonly move?: readonly [number, number];
  readonly dash?: readonly number[];
}

/** Numbers as a grid of coloured cells. */
export interface Raster {
  readonly kind: 'raster';
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly columns: number;
  readonly rows: number;
  /** Row by row, 0 to 1, or -1 to 1 where there are two colours. */
  readonly values: Float32Array;
  /** The colour of 1; 0 is the paper. */
  readonly high: string;
  /** The colour of -1. */
  readonly low?: string;
}

/** Part of a picture. Later ones lie over earlier ones. */
export type Shape = Rect | Text | Path | Raster;

/** A picture. Lengths are CSS pixels. */
export interface Drawing {
  readonly width: number;
  readonly height: number;
  /** What it shows, in a sentence: its text equivalent for screen readers, and its title where it is saved. */
  readonly title: string;
  readonly shapes: readonly Shape[];
}

/** The page's colours. */
export const ink = 'var(--cloze-ink)';
export const muted = 'var(--cloze-muted)';
export const paper = 'var(--cloze-paper)';
export const inset = 'var(--cloze-inset)';
export const line = 'var(--cloze-line)';

/** What reads in both directions, and what reads from left to right. */
export type Hue = 'bert' | 'gpt';

/** The hue of a way of reading. */
export const hueOf = (reads: 'both' | 'left-to-right'): Hue => (reads === 'both' ? 'bert' : 'gpt');

/** A hue at full strength. */
export const full = (hue: Hue): string => `var(--cloze-${hue})`;

/** A probability as a shade: 0 is the paper, 1 the hue. */
export function shade(hue: Hue, share: number): string {
  const percent = Math.round(100 * Math.min(1, Math.max(0, share)));
  return percent === 0 ? paper : `color-mix(in oklab, ${full(hue)} ${percent}%, ${paper})`;
}

/**
 * A colour for text on a {@link shade}: black or white, whichever the eye tells apart better (WCAG's contrast is the same for
 * both at a luminance of 0.179).
 */
export function onShade(hue: Hue, share: number): string {
  const white = 'clamp(0, (0.179 - y) * 1000, 1)';
  return `color(from ${shade(hue, share)} xyz-d65 calc(0.9505 * ${white}) calc(${white}) calc(1.089 * ${white}))`;
}

/** About how wide a text is, as the face of code has it; characters of East Asia are twice as wide. */
export function textWidth(text: string, size: number): number {
  let units = 0;
  for (const letter of text)
    units +=
      /\p{Script=Han}|\p{Script=Hiragana}|\p{Script=Katakana}|\p{Script=Hangul}|\p{Emoji_Presentation}|[\u3000-\u303f\uff01-\uff60]/u.test(
        letter,
      )
        ? 1
        : 0.61;
  return units * size;
}

/** A text cut to a width, with `…` where something is missing. */
export function fit(text: string, width: number, size: number): string {
  if (textWidth(text, size) <= width) return text;
  const letters = [...text];
  while (letters.length > 1 && textWidth(`${letters.join('')}…`, size) > width) letters.pop();
  return `${letters.join('')}…`;
}
