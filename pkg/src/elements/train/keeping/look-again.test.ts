import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { LookAgain } from './look-again.js';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('looks until nothing is open elsewhere', () => {
  let open = 3;
  const again = new LookAgain(() => again.after(--open > 0));
  again.after(true);
  vi.runAllTimers();
  expect(open).toBe(0);
  expect(vi.getTimerCount()).toBe(0);
});

test('gives up where another tab keeps it, and begins anew after it was closed', () => {
  const look = vi.fn(() => again.after(true));
  const again: LookAgain = new LookAgain(look);
  again.after(true);
  vi.runAllTimers();
  const looks = look.mock.calls.length;
  expect(looks).toBeGreaterThan(3);
  again.after(true);
  vi.runAllTimers();
  expect(look).toHaveBeenCalledTimes(looks);
  again.after(false);
  again.after(true);
  vi.advanceTimersByTime(500);
  expect(look).toHaveBeenCalledTimes(looks + 1);
  again.stop();
  vi.runAllTimers();
  expect(look).toHaveBeenCalledTimes(looks + 1);
});
