import { expect, test } from 'vitest';
import type { ModelInfo } from '../index.js';
import { capabilitiesOf, capabilitiesOfType } from './capabilities.js';

test('of a loaded model', () => {
  const info = { kind: 'encoder', has_mlm_head: true, has_nsp_head: false } as ModelInfo;
  expect(capabilitiesOf(info)).toEqual({ mlm: true, nsp: false, writes: false });
});

test.each([
  ['bert', { mlm: true, nsp: true, writes: false }],
  ['distilbert', { mlm: true, nsp: false, writes: false }],
  ['albert', { mlm: true, nsp: false, writes: false }],
  ['llama', { mlm: false, nsp: false, writes: true }],
])('of a configuration that says %s', (type, able) => expect(capabilitiesOfType(type)).toEqual(able));
