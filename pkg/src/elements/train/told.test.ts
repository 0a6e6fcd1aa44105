import { expect, test } from 'vitest';
import { LESSONS } from '../../lessons.js';
import { TEXTS } from '../../training/data.js';
import { ARCHITECTURES, NUMBERS, SIZES } from './scratch/settings.js';
import { NAMES, stateAfter, stateOf, TOLD, viewsOf } from './told.js';

test('the names and limits are those of what they name', () => {
  expect(NAMES.architecture).toEqual(ARCHITECTURES);
  expect(NAMES.size).toEqual(SIZES);
  expect(NAMES.text).toEqual(TEXTS.map(({ name }) => name));
  expect(NAMES.lesson).toEqual(LESSONS.map(({ name }) => name));
  for (const key of ['steps', 'seed'] as const) {
    const { min, max } = NUMBERS[key];
    expect(TOLD[key]).toMatchObject({ min, max, whole: true });
  }
});

test.each([
  [{}, {}],
  [{ architecture: 'bert', size: 'small' }, { set: 'architecture-bert size-small' }],
  [{ set: 'size-large learning_rate-0.01', size: 'small', seed: 7 }, { set: 'size-small learning_rate-0.01 seed-7' }],
  [
    { view: 'tune', set: 'epochs-3', size: 'small' },
    { view: 'tune', set: 'epochs-3' },
  ],
  [{ lesson: 'elmo' }, { view: 'lessons', set: 'lesson-elmo' }],
  [
    { views: ['lessons'], lesson: 'gpt' },
    { view: 'lessons', set: 'lesson-gpt' },
  ],
  [{ views: ['chat', 'tune'] }, { view: 'tune' }],
])('%j is the state %j', (told, state) => expect(stateOf(told)).toEqual(state));

test.each([
  // What the reader has set beside it stays.
  [{ seed: 1 }, { seed: 2 }, { view: 'scratch', set: 'architecture-bert seed-2' }],
  [{ seed: 1 }, {}, { view: 'scratch', set: 'architecture-bert' }],
  [
    { view: 'tune', set: 'epochs-3' },
    { view: 'tune', set: 'epochs-4' },
    { view: 'tune', set: 'epochs-4' },
  ],
  [{ seed: 1 }, { seed: 1, view: 'tune' }, { view: 'tune', set: 'epochs-3' }],
  [{ seed: 1 }, { seed: 1, views: ['scratch', 'tune'] }, { view: 'scratch', set: 'architecture-bert seed-1' }],
  [{ views: ['tune', 'chat'] }, { views: ['tune', 'lessons'] }, {}],
])('from %j to %j the state changes by %j', (before, now, state) => {
  const sets: Record<string, string> = { scratch: 'architecture-bert seed-1', tune: 'epochs-3' };
  expect(stateAfter(before, now, (view) => sets[view] ?? '')).toEqual(state);
});

test('all views are offered, unless some are named', () => {
  expect(viewsOf({})).toHaveLength(4);
  expect(viewsOf({ views: ['tune', 'scratch'] })).toEqual(['scratch', 'tune']);
});
