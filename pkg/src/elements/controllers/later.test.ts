import { expect, test, vi } from 'vitest';
import { Later } from './later.js';

test('a part is asked for once, and draws the screen again', async () => {
  const host = { requestUpdate: vi.fn() };
  const fetch = vi.fn(async () => ({ name: 'settings' }));
  const later = new Later(host, fetch);
  expect(later.there).toBeUndefined();
  expect(fetch).not.toHaveBeenCalled();
  expect(later.part).toBeUndefined();
  expect(later.part).toBeUndefined();
  await later.get();
  expect(later.part).toEqual({ name: 'settings' });
  expect(fetch).toHaveBeenCalledTimes(1);
  expect(host.requestUpdate).toHaveBeenCalledTimes(1);
});

test('what could not be fetched is asked for again', async () => {
  const fetch = vi.fn().mockRejectedValueOnce(new TypeError('offline')).mockResolvedValue('here');
  const later = new Later({ requestUpdate: vi.fn() }, fetch);
  await expect(later.get()).rejects.toThrow('offline');
  await expect(later.get()).resolves.toBe('here');
});
