import { afterEach, expect, test, vi } from 'vitest';
import { fakeNavigator } from '../../test-support/fake-navigator.js';
import { lockFile, tryLockFile } from './lock.js';

afterEach(() => void vi.unstubAllGlobals());

test('one holds a file at a time, and the next one waits', async () => {
  vi.stubGlobal('navigator', fakeNavigator());
  const waited: string[] = [];
  const first = await lockFile('k', () => waited.push('first'));
  expect(await tryLockFile('k')).toBeUndefined();
  const second = lockFile('k', () => waited.push('second'));
  const other = await lockFile('other', () => waited.push('other'));
  await vi.waitFor(() => expect(waited).toEqual(['second']));
  first.release();
  (await second).release();
  other.release();
  await vi.waitFor(async () => expect(await tryLockFile('k')).toBeDefined());
});

test('a lock that the browser refuses is an error', async () => {
  const request = () => Promise.reject(new DOMException('', 'SecurityError'));
  vi.stubGlobal('navigator', { locks: { request } });
  await expect(lockFile('k', () => undefined)).rejects.toMatchObject({ name: 'SecurityError' });
});

test('where there are no locks, nobody waits', async () => {
  vi.stubGlobal('navigator', {});
  (await lockFile('k', () => expect.unreachable())).release();
  expect(await tryLockFile('k')).toBeDefined();
});
