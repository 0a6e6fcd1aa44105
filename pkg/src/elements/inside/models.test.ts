import { expect, test } from 'vitest';
import { identityOf } from './models.js';

test('two picked folders of one name are two models; one that is asked again is the same', () => {
  const [one, other] = [[new File([], 'model.safetensors')], [new File([], 'model.safetensors')]];
  const of = (model: File[] | string): string => identityOf({ model, dtype: 'q8' });
  expect(of(one)).toBe(of(one));
  expect(of(one)).not.toBe(of(other));
  expect(of('owner/name')).toBe(of('owner/name'));
  expect(identityOf({ model: one, dtype: 'fp32' })).not.toBe(of(one));
});
