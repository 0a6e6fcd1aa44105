import { expect, test } from 'vitest';
import { PARTS, shows } from './appearance.js';

const compact = { full: false, compact: false };
const full = { full: true, compact: false };

test('an element alone has none of the parts, a full one all', () => {
  expect(PARTS.filter((part) => shows(compact, part))).toEqual([]);
  expect(PARTS.filter((part) => shows(full, part))).toEqual(PARTS);
  expect(PARTS.filter((part) => shows({ full: true, compact: true }, part))).toEqual([]);
});

test('each part can be had and hidden by itself', () => {
  for (const said of ['', 'show', true] as const) expect(shows({ ...compact, heading: said }, 'heading')).toBe(true);
  for (const said of ['none', false] as const) expect(shows({ ...full, heading: said }, 'heading')).toBe(false);
  expect(shows({ ...full, explain: 'none' }, 'heading')).toBe(true);
});

test('examples of the page’s own are shown', () => {
  expect(shows({ ...compact, examples: [] }, 'examples')).toBe(true);
});

test('what is neither changes nothing', () => {
  expect(shows({ ...full, facts: 'maybe' as never }, 'facts')).toBe(true);
  expect(shows({ ...compact, facts: 'maybe' as never }, 'facts')).toBe(false);
});
