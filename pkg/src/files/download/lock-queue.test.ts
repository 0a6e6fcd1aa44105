import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { downloadContext, FILE } from '../../test-support/download-context.js';
import { fakeNavigator } from '../../test-support/fake-navigator.js';
import { announceChange } from '../storage/changes.js';
import { lockFile } from '../storage/lock.js';
import { queueForLock } from './lock-queue.js';

beforeEach(() => void vi.stubGlobal('navigator', fakeNavigator()));
afterEach(() => void vi.unstubAllGlobals());

test('a file that no tab fetches is free at once', async () => {
  const context = downloadContext();
  (await queueForLock(FILE, context)).release();
  expect(context.told).toEqual([]);
});

test('who waits hears how far the other tab is, and nothing of other files', async () => {
  const context = downloadContext();
  const first = await lockFile(FILE.key, () => undefined);
  const waiting = queueForLock(FILE, context);
  await vi.waitFor(() => expect(context.told).toHaveLength(1));
  announceChange({ key: 'other', loaded: 1 });
  announceChange({ key: FILE.key });
  announceChange({ key: FILE.key, loaded: 5, total: 10 });
  announceChange({ key: FILE.key, loaded: 6, paused: true });
  await vi.waitFor(() => expect(context.told).toHaveLength(3));
  expect(context.told.every(({ status, file }) => status === 'waiting' && file === FILE.name)).toBe(true);
  expect(context.told[1]).toMatchObject({ loaded: 5, total: 10 });
  expect(context.told[2]).toMatchObject({ loaded: 6, message: expect.stringMatching(/has paused/u) });
  first.release();
  (await waiting).release();
  announceChange({ key: FILE.key, loaded: 7 });
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(context.told).toHaveLength(3);
});
