import { expect, test } from 'vitest';
import { ClozeError } from '../../border/errors.js';
import { Interrupted } from './interrupted.js';
import { Patience, PACE, retryAfter } from './retry.js';

const failure = (after?: number): Interrupted =>
  new Interrupted('connection', new ClozeError('network', 'broken'), after);

test.each([
  [null, undefined],
  ['3', 3000],
  ['Wed, 21 Oct 2015 07:28:10 GMT', 10_000],
  ['Wed, 21 Oct 2015 07:27:00 GMT', 0],
  ['soon', undefined],
])('Retry-After: %s', (header, ms) => expect(retryAfter(header, Date.parse('2015-10-21T07:28:00Z'))).toBe(ms));

test('waits twice as long each time, then gives up with the error itself', () => {
  const patience = new Patience({ ...PACE, tries: 4, delay: 100 }, () => 0.5);
  expect([1, 2, 3].map(() => patience.after(failure()))).toEqual([100, 200, 400]);
  expect(() => patience.after(failure())).toThrow(expect.objectContaining({ code: 'network' }));
});

test('begins anew once bytes came', () => {
  const patience = new Patience({ ...PACE, tries: 2, delay: 100 }, () => 0.5);
  for (let i = 0; i < 5; i++) {
    expect(patience.after(failure())).toBe(100);
    patience.progress();
  }
});

test('waits as long as the server asks, but not for ever', () => {
  expect(new Patience(PACE).after(failure(60_000))).toBe(60_000);
  expect(() => new Patience(PACE).after(failure(3_600_000))).toThrow(ClozeError);
});

test('does not wait for what stays', () => {
  const error = new ClozeError('not_found', 'gone');
  expect(() => new Patience(PACE).after(error)).toThrow(error);
});
