import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { inOrderOf, KeptList } from './kept-list.js';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function source() {
  const made = { looks: 0, change: (): void => undefined, heard: false };
  const list = new KeptList({
    list: async () => {
      made.looks++;
      return [];
    },
    on_change: (listener) => {
      made.change = listener;
      made.heard = true;
      return () => void (made.heard = false);
    },
  });
  return { made, list };
}

test('news that come often are looked at now and then, once for all, and the last is not missed', async () => {
  const { made, list } = source();
  const heard = [0, 0];
  const stops = heard.map((_, index) => list.watch({ kept: () => heard[index]!++ }));
  await vi.advanceTimersByTimeAsync(0);
  const first = made.looks;
  for (let time = 0; time < 20; time++) {
    made.change();
    await vi.advanceTimersByTimeAsync(500);
  }
  expect(made.looks - first).toBeLessThanOrEqual(5);
  const before = made.looks;
  made.change();
  await vi.advanceTimersByTimeAsync(2000);
  expect(made.looks).toBeGreaterThan(before);
  expect(heard[0]).toBe(heard[1]);
  stops.forEach((stop) => stop());
  expect(made.heard).toBe(false);
});

test('who asks is not answered by a look that began before', async () => {
  const { made, list } = source();
  const earlier = list.look();
  const asked = list.look();
  expect(list.look()).toBe(asked);
  await Promise.all([earlier, asked]);
  expect(made.looks).toBe(2);
});

test('what was in a list stays where it stood', () => {
  const list = (ids: string) => [...ids].map((id) => ({ id }));
  expect(inOrderOf(list('abc'), list('cxby'))).toEqual(list('bcxy'));
});
