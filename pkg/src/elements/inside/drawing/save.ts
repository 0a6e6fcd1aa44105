/** A drawing and its numbers as files. */
import { resolverAt } from './colours.js';
import type { Drawing } from './drawing.js';
import { paint, svgText } from './render.js';

export { download } from '../../download.js';

/** Pixels of a PNG for each CSS pixel, so that it can be printed. */
const SCALE = 2;

/** Beyond this many pixels browsers make no canvas. */
const MOST_PIXELS = 64_000_000;

/** The picture as an SVG file. */
export const svgFile = (drawing: Drawing, place: ShadowRoot): Blob =>
  new Blob([svgText(drawing, resolverAt(place))], { type: 'image/svg+xml' });

/** The picture as a PNG file. */
export function pngFile(drawing: Drawing, place: ShadowRoot): Promise<Blob> {
  const { width, height } = drawing;
  const scale = Math.min(SCALE, Math.sqrt(MOST_PIXELS / (width * height)), 16_000 / Math.max(width, height));
  const canvas = document.createElement('canvas');
  canvas.width = Math.ceil(width * scale);
  canvas.height = Math.ceil(height * scale);
  const context = canvas.getContext('2d')!;
  context.scale(scale, scale);
  paint(context, drawing, resolverAt(place));
  return new Promise((resolve, reject) =>
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error('no picture'))), 'image/png'),
  );
}

/** Numbers as a CSV file (RFC 4180), with a mark by which spreadsheets know the encoding. */
export const csvFile = (columns: readonly string[], rows: Iterable<readonly (string | number)[]>): Blob =>
  new Blob(['\ufeff', csvText(columns, rows)], { type: 'text/csv' });

/** The text of a CSV file. */
export function csvText(columns: readonly string[], rows: Iterable<readonly (string | number)[]>): string {
  const lines = [columns.map(field).join(',')];
  for (const row of rows) lines.push(row.map(field).join(','));
  return `${lines.join('\r\n')}\r\n`;
}

function field(value: string | number): string {
  if (typeof value === 'number') return Number.isFinite(value) ? String(value) : '';
  // Spreadsheets take some signs for the beginning of a formula.
  const safe = /^[=+\-@\t\r]./su.test(value) ? `'${value}` : value;
  return /[",\r\n]/u.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
