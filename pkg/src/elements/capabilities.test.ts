import { expect, test } from 'vitest';
import { capabilitiesOf, capabilitiesOfType, type Capabilities } from './capabilities.js';

const can = (able: Partial<Capabilities>): Capabilities => ({ ...capabilitiesOf({ heads: [] }), ...able });
const FINE_TUNED = { answers: true, classifies: true, tags: true };

test('of a loaded model', () => {
  expect(Object.values(can({})).some(Boolean)).toBe(false);
  expect(capabilitiesOf({ heads: ['mlm'] })).toEqual(can({ mlm: true }));
  expect(capabilitiesOf({ heads: ['lm'] })).toEqual(can({ writes: true }));
  expect(capabilitiesOf({ heads: ['qa'] })).toEqual(can({ answers: true }));
  expect(capabilitiesOf({ heads: ['sequence-classification'] })).toEqual(can({ classifies: true }));
  expect(capabilitiesOf({ heads: ['token-classification'] })).toEqual(can({ tags: true }));
});

test.each([
  ['bert', { mlm: true, nsp: true, ...FINE_TUNED }],
  ['distilbert', { mlm: true, ...FINE_TUNED }],
  ['albert', { mlm: true, ...FINE_TUNED }],
  ['gpt2', { writes: true, classifies: true }],
  ['llama', { writes: true }],
])('of a configuration that says %s', (type, able) => expect(capabilitiesOfType(type)).toEqual(can(able)));
