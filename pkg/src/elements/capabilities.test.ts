import { expect, test } from 'vitest';
import { capabilitiesOf, capabilitiesOfType } from './capabilities.js';

test('of a loaded model', () => {
  expect(capabilitiesOf({ heads: ['mlm'] })).toEqual({ mlm: true, nsp: false, writes: false });
  expect(capabilitiesOf({ heads: ['lm'] })).toEqual({ mlm: false, nsp: false, writes: true });
});

test.each([
  ['bert', { mlm: true, nsp: true, writes: false }],
  ['distilbert', { mlm: true, nsp: false, writes: false }],
  ['albert', { mlm: true, nsp: false, writes: false }],
  ['llama', { mlm: false, nsp: false, writes: true }],
])('of a configuration that says %s', (type, able) => expect(capabilitiesOfType(type)).toEqual(able));
