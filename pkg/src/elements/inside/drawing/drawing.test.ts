import { describe, expect, test } from 'vitest';
import { between, hex, type Resolve } from './colours.js';
import { fit, shade, textWidth, type Drawing } from './drawing.js';
import { joined } from './join.js';
import { svgText } from './render.js';
import { csvText } from './save.js';

const resolve: Resolve = (css) => (css === 'var(--cloze-paper)' ? [255, 255, 255] : [0, 16, 255]);
const rect = { kind: 'rect', x: 1, y: 2, width: 3, height: 4, fill: shade('bert', 0.5) } as const;

test('a text fits its width', () => {
  expect(fit('short', 100, 10)).toBe('short');
  const cut = fit('a very long token', 50, 10);
  expect(cut).toMatch(/^a very …$/u);
  expect(textWidth(cut, 10)).toBeLessThanOrEqual(50);
  expect(textWidth('漢字', 10)).toBe(20);
  expect(textWidth('（，', 10)).toBe(20);
});

test('shades run from the paper to the hue', () => {
  expect(shade('gpt', 0)).toBe('var(--cloze-paper)');
  expect(shade('gpt', 0.254)).toContain('var(--cloze-gpt) 25%');
  expect(shade('gpt', 7)).toContain('100%');
  expect(between([0, 0, 0], [255, 100, 10], 0.5)).toEqual([128, 50, 5]);
  expect(hex([0, 16, 255])).toBe('#0010ff');
});

describe('an SVG file', () => {
  const drawing: Drawing = {
    width: 10,
    height: 20,
    title: 'a < b & "c"',
    shapes: [
      rect,
      { kind: 'path', d: 'M0,0L1,1', stroke: 'red', opacity: 0.5, move: [3, 4] },
      { kind: 'text', x: 1, y: 2, text: '<s>\u0001', fill: 'red', size: 12, turn: -90 },
    ],
  };
  const svg = svgText(drawing, resolve);
  test('has its size, its title and colours that need no page', () => {
    expect(svg).toContain('width="10" height="20" viewBox="0 0 10 20"');
    expect(svg).toContain('<title>a &lt; b &amp; &quot;c&quot;</title>');
    expect(svg).toContain('<rect x="1" y="2" width="3" height="4" fill="#0010ff"/>');
    expect(svg).not.toMatch(/var\(|color-mix/u);
  });
  test('moves and turns what is moved and turned, and holds no character that XML does not have', () => {
    expect(svg).toContain('transform="translate(3 4)"');
    expect(svg).toContain('transform="rotate(-90 1 2)"');
    expect(svg).toContain('&lt;s&gt;\ufffd');
  });
});

test('drawings are joined below or beside each other', () => {
  const one: Drawing = { width: 100, height: 50, title: '', shapes: [rect] };
  const parts = [
    { caption: 'A', drawing: one },
    { caption: 'B', drawing: one },
  ];
  const below = joined(parts, 'both');
  expect([below.width, below.height]).toEqual([100, 2 * (50 + 24) + 32]);
  const beside = joined(parts, 'both', 'row');
  expect([beside.width, beside.height]).toEqual([232, 74]);
  expect(beside.shapes.at(-1)).toMatchObject({ x: 133, y: 26 });
});

test('CSV as RFC 4180 has it, with no formula for a spreadsheet', () => {
  const rows = [
    ['a,b', 1.5, 'say "x"'],
    ['=SUM(A1)', Number.NaN, '-'],
    ['two\nlines', 0, '##ing'],
  ];
  expect(csvText(['one', 'two', 'three'], rows)).toBe(
    'one,two,three\r\n"a,b",1.5,"say ""x"""\r\n\'=SUM(A1),,-\r\n"two\nlines",0,##ing\r\n',
  );
});
