import { expect, test } from 'vitest';
import { columnOf } from './dependence.js';

test('the guess that is made second knows the first one', () => {
  const guess = (token: string) => [{ token, probability: 0.5 }];
  const probe = {
    tokens: [],
    masks: [
      { index: 1, turn: 1, candidates: guess('king') },
      { index: 4, turn: 0, candidates: guess('queen') },
    ],
  };
  const { head, masks } = columnOf(probe);
  expect(head).toContain('mask 2 first');
  expect(masks.map(({ knows }) => knows)).toEqual(['queen', undefined]);
});
