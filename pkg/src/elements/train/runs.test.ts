import { expect, test, vi } from 'vitest';
import { FakeHost, settings } from '../../test-support/training.js';
import type { TrainingHost } from '../../training/types.js';
import { TrainRuns } from './runs.js';

const TEXT = 'Once upon a time.';

test('the host is opened once, and again after a failure', async () => {
  const host = new FakeHost();
  const open = vi.fn().mockRejectedValueOnce(new Error('no network')).mockResolvedValue(host);
  const runs = new TrainRuns(open);
  await expect(runs.host()).rejects.toThrow('no network');
  expect(await runs.host()).toBe(host);
  expect(await runs.host()).toBe(host);
  expect(open).toHaveBeenCalledTimes(2);
});

test('one run is open: another one closes it, and it can be gone on with', async () => {
  const runs = new TrainRuns(() => Promise.resolve(new FakeHost() as unknown as TrainingHost));
  const first = await runs.begin(settings(), TEXT, { name: 'first' });
  await first.run.start();
  first.run.step();
  await runs.begin(settings(), TEXT, { name: 'second' });
  expect(first.run.state).toBe('closed');
  expect(runs.list.map(({ name, live }) => [name, live !== undefined])).toEqual([
    ['second', true],
    ['first', false],
  ]);
  // Its curve is still there to be compared with.
  expect(runs.list[1]!.history!.steps).toHaveLength(1);
  const again = await runs.resume(first.run.id);
  expect(again.run.steps_done).toBe(1);
  expect(runs.current).toBe(again);
});

test('a run that cannot be kept is not closed', async () => {
  const host = new FakeHost();
  host.keeps = false;
  const runs = new TrainRuns(() => Promise.resolve(host as unknown as TrainingHost));
  const first = await runs.begin(settings(), TEXT, { name: 'first' });
  await first.run.start();
  await runs.begin(settings(), TEXT, { name: 'second' });
  expect(first.run.state).toBe('paused');
  expect(runs.list).toHaveLength(2);
});

test('a removed run is gone', async () => {
  const runs = new TrainRuns(() => Promise.resolve(new FakeHost() as unknown as TrainingHost));
  const { run } = await runs.begin(settings(), TEXT, {});
  await runs.remove(run.id);
  expect(runs.list).toEqual([]);
  expect(runs.current).toBeUndefined();
});

test('whoever looks hears of steps, not of each one', async () => {
  vi.useFakeTimers();
  const runs = new TrainRuns(() => Promise.resolve(new FakeHost() as unknown as TrainingHost));
  const { run } = await runs.begin(settings(), TEXT, {});
  await vi.runAllTimersAsync();
  const heard = vi.fn();
  const stop = runs.subscribe(heard);
  for (let step = 0; step < 5; step++) await run.step();
  await vi.runAllTimersAsync();
  expect(heard).toHaveBeenCalledTimes(1);
  stop();
  vi.useRealTimers();
});

test('an error of a run is kept with it', async () => {
  const host = new FakeHost();
  const runs = new TrainRuns(() => Promise.resolve(host as unknown as TrainingHost));
  const live = await runs.begin(settings(), TEXT, {});
  host.fail(live.run.id, 'diverged');
  expect(live.error?.code).toBe('diverged');
});
