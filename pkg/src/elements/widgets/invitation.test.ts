import { expect, test } from 'vitest';
import type { ModelInfo } from '../../index.js';
import { FINE_TUNED, isFineTuned } from '../../page/fine-tuned.js';
import { classesOf, invitationFor } from './invitation.js';

test('each head has models of the hub to offer, with their sizes', () => {
  for (const models of Object.values(FINE_TUNED))
    for (const { id, megabytes } of models) {
      expect(id).toMatch(/^[\w-]+\/[\w.-]+$/u);
      expect(megabytes).toBeGreaterThan(10);
    }
  expect([isFineTuned('qa'), isFineTuned('mlm')]).toEqual([true, false]);
  const { offers } = invitationFor('qa', 'A BERT', ['first', 'second']);
  expect(offers[0]).toMatchObject({
    model: FINE_TUNED.qa[0].id,
    bytes: FINE_TUNED.qa[0].megabytes * 1e6,
    about: 'first',
  });
});

test('what a model tells apart is said, of many classes the first', () => {
  const of = (labels: string[] | null): string[] => classesOf({ labels } as ModelInfo);
  expect(classesOf(undefined)).toEqual([]);
  expect(of(null)).toEqual([]);
  expect(of(['BAD', 'GOOD'])).toEqual(['This model tells 2 classes apart: \u2068BAD\u2069, \u2068GOOD\u2069.']);
  expect(of(Array.from({ length: 20 }, (_, at) => `c${at}`))[0]).toMatch(
    /20 classes apart: \u2068c0\u2069, .* \u2068c11\u2069 and 8 more\.$/u,
  );
});
