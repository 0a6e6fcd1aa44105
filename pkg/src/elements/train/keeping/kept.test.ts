import { expect, test, vi } from 'vitest';
import { setOf, valuesOf } from '../values.js';
import { FIELDS } from '../fine-tune/settings.js';
import { Kept } from './kept.js';

function memory(): Storage {
  const items = new Map<string, string>();
  return {
    getItem: (key: string) => items.get(key) ?? null,
    setItem: (key: string, value: string) => void items.set(key, value),
  } as Storage;
}

const INITIAL = { text: '', list: [] as string[] };

test('what is typed is kept after a pause, or when the page is left', () => {
  vi.useFakeTimers();
  const storage = memory();
  const told: string[] = [];
  const make = (): Kept<typeof INITIAL> =>
    new Kept(
      'k',
      INITIAL,
      (what) => told.push(what),
      () => storage,
    );
  const kept = make();
  kept.change({ text: 'a' });
  expect(make().value.text).toBe('');
  vi.advanceTimersByTime(300);
  expect(make().value).toEqual({ text: 'a', list: [] });
  kept.change({ list: ['b'] });
  kept.flush();
  expect(make().value).toEqual({ text: 'a', list: ['b'] });
  vi.useRealTimers();
});

test('another tab is heard, but does not take away what is being typed', () => {
  const storage = memory();
  const told: string[] = [];
  const [one, other] = [0, 1].map(
    () =>
      new Kept(
        'k',
        INITIAL,
        (what) => told.push(what),
        () => storage,
      ),
  ) as [Kept<typeof INITIAL>, Kept<typeof INITIAL>];
  one.change({ text: 'a' });
  one.flush();
  other.heard({ key: 'k' });
  expect([other.value.text, told]).toEqual(['a', ['changed']]);
  other.change({ text: 'ab' });
  other.heard({ key: 'k' });
  expect(other.value.text).toBe('ab');
});

test('a storage that is full or spoiled', () => {
  const told: string[] = [];
  const spoiled = {
    getItem: () => '{"text": 1, "list": ["x"], "more": 2}',
    setItem: () => {
      throw new Error('full');
    },
  };
  const kept = new Kept(
    'k',
    INITIAL,
    (what) => told.push(what),
    () => spoiled as unknown as Storage,
  );
  expect(kept.value).toEqual({ text: '', list: ['x'] });
  kept.change({ text: 'a' });
  kept.flush();
  expect([kept.value.text, told]).toEqual(['a', ['full']]);
  const refused = (): Storage => {
    throw new Error('denied');
  };
  expect(new Kept('k', INITIAL, () => undefined, refused).value).toEqual(INITIAL);
});

test('settings stand in links where they are not at their default, within their limits', () => {
  const values = valuesOf(FIELDS, 'model-gpt epochs-3 batch_size-900 lm_weight-x seed-1.6');
  expect(values).toMatchObject({ model: 'gpt', epochs: 3, batch_size: 64, lm_weight: 0.5, seed: 2 });
  expect(setOf(FIELDS, values)).toBe('model-gpt epochs-3 batch_size-64 seed-2');
  expect(setOf(FIELDS, valuesOf(FIELDS, ''))).toBe('');
});
