/** Runs from the page to the storage and back, on a core made of JavaScript. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { fakeCaches, type FakeCaches } from '../test-support/fake-cache.js';
import { fakeNavigator } from '../test-support/fake-navigator.js';
import { fakeOpfs, type FakeOpfs } from '../test-support/fake-opfs.js';
import { FakeTrainingWorker, fakeTraining, SETTINGS, type FakeTraining } from '../test-support/fake-training-core.js';
import { openHost } from './host.js';
import { forgetRunStore } from './storage/run-store.js';
import type { Run, RunEvent, TrainingHost } from './types.js';

const TEXT = 'It was the best of times, it was the worst of times.';

let disk: FakeOpfs;
let cache: FakeCaches;
let fake: FakeTraining;
let workers: FakeTrainingWorker[];
const hosts: TrainingHost[] = [];

/** The browser, with what is on its disk: anew after a tab was killed. */
function stubBrowser({ files = true } = {}): void {
  const getDirectory = files ? disk.getDirectory : () => Promise.reject(new DOMException('', 'SecurityError'));
  vi.stubGlobal('navigator', { ...fakeNavigator(), storage: { getDirectory } });
  vi.stubGlobal('caches', cache);
  vi.stubGlobal('location', { origin: 'https://page.example', href: 'https://page.example/' });
  vi.stubGlobal('Worker', class {});
  forgetRunStore();
}

beforeEach(() => {
  disk = fakeOpfs();
  cache = fakeCaches();
  fake = fakeTraining();
  workers = [];
  stubBrowser();
});
afterEach(async () => {
  await Promise.all(hosts.splice(0).map((host) => host.close()));
  vi.unstubAllGlobals();
});

async function openedHost(start?: () => Promise<void>): Promise<TrainingHost> {
  const host = await openHost({ build: 'simd128' }, () => {
    const worker = new FakeTrainingWorker(fake, start);
    workers.push(worker);
    return worker;
  });
  hosts.push(host);
  return host;
}

/** All events of a run, and how to wait for one. */
function heard(run: Run): { events: RunEvent[]; until: (type: RunEvent['type']) => Promise<RunEvent> } {
  const events: RunEvent[] = [];
  run.on_event((event) => events.push(event));
  const until = (type: RunEvent['type']): Promise<RunEvent> =>
    new Promise((resolve) => {
      const take = (event: RunEvent | undefined): void => void (event?.type === type && resolve(event));
      take(events.find((event) => event.type === type));
      run.on_event(take);
    });
  return { events, until };
}

const bitsOf = async (run: Run): Promise<string> => (await run.folder())[0]!.text();

/** The bits of a run that nobody disturbed. */
async function undisturbed(): Promise<string> {
  const host = await openedHost();
  const run = await host.run(SETTINGS, TEXT);
  const { until } = heard(run);
  await run.start();
  await until('over');
  const bits = await bitsOf(run);
  await run.close();
  await host.remove(run.id);
  return bits;
}

test('a run goes to its end, and tells what happens', async () => {
  const host = await openedHost();
  const run = await host.run(SETTINGS, TEXT, { name: 'First', evaluate_every: 8, sample_every: 10 });
  expect(run).toMatchObject({ name: 'First', state: 'paused', steps_done: 0, info: { weights: 7 } });
  const { events, until } = heard(run);
  await run.start();
  await until('over');
  expect(run.state).toBe('over');
  expect(run.history.steps.map(({ step }) => step)).toEqual([...Array(20).keys()]);
  expect(run.history.steps[0]).toMatchObject({ loss: 3, tokens: 8, ms: expect.any(Number) as number });
  expect(run.history.evaluations.map(({ step }) => step)).toEqual([1, 8, 16, 20]);
  expect(run.history.samples.map(({ step }) => step)).toEqual([1, 10, 20]);
  expect(run.history.samples[0]).toMatchObject({ kind: 'text', prompt: 'It was' });
  // The first step is told at once; the others are gathered.
  expect(events.filter(({ type }) => type === 'step').length).toBeLessThan(20);
  expect(events).toContainEqual({ type: 'saved', step: 20, bytes: expect.any(Number) as number });
  await run.close();
  expect(run.state).toBe('closed');
  expect(workers[0]!.terminated).toBe(true);
  expect(fake.alive).toBe(0);
});

test('what is kept is listed, read, and gone on with', async () => {
  const host = await openedHost();
  const run = await host.run(SETTINGS, TEXT, { name: 'Kept', evaluate_every: 2 });
  expect((await host.runs())[0]).toMatchObject({ steps: 0, last_loss: null, open: true });
  for (let step = 0; step < 5; step++) await run.step();
  const { steps, evaluations, samples } = run.history;
  await run.close();
  const [saved] = await host.runs();
  expect(saved).toMatchObject({
    id: run.id,
    name: 'Kept',
    settings: SETTINGS,
    weights: 7,
    steps: 5,
    last_loss: steps[4]!.loss,
    last_evaluation: evaluations.at(-1)!.loss,
    text_length: TEXT.length,
    open: false,
  });
  expect(await host.history(run.id)).toEqual({ steps, evaluations, samples });
  expect(await host.text(run.id)).toBe(TEXT);
  const again = await host.resume(run.id);
  expect(again).toMatchObject({ steps_done: 5, plan: { evaluate_every: 2 }, history: { steps, evaluations, samples } });
  const { until } = heard(again);
  await again.start();
  await until('over');
  const bits = await bitsOf(again);
  const files = await host.folder(run.id);
  expect(await files[0]!.text()).toBe(bits);
  expect(files[0]!.webkitRelativePath).toBe('Kept/model.safetensors');
  await again.close();
  await host.remove(run.id);
  expect(await host.runs()).toEqual([]);
  expect(disk.names('cloze-runs')).toEqual([]);
  expect(bits).toBe(await undisturbed());
});

test('a pause rests between two steps, and what was told then is kept', async () => {
  const host = await openedHost();
  const run = await host.run({ ...SETTINGS, steps: 1e6 }, TEXT);
  const { until } = heard(run);
  await run.start();
  await until('step');
  await run.pause();
  const done = run.steps_done;
  expect(run.state).toBe('paused');
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(fake.steps).toBe(done);
  expect((await host.runs())[0]!.steps).toBe(done);
  expect(await run.step()).toMatchObject({ step: done });
});

test('started again while it comes to rest, it runs', async () => {
  const host = await openedHost();
  const run = await host.run({ ...SETTINGS, steps: 1e6 }, TEXT);
  await run.start();
  await Promise.all([run.pause(), run.start()]);
  expect(run.state).toBe('running');
  const { until } = heard(run);
  await until('step');
  await Promise.all([run.start(), run.pause()]);
  expect(run.state).toBe('paused');
});

test('one tab has a run; another is told so', async () => {
  const [here, there] = [await openedHost(), await openedHost()];
  const run = await here.run(SETTINGS, TEXT);
  const changed = vi.fn();
  const stop = there.on_change(changed);
  await expect(there.resume(run.id)).rejects.toMatchObject({ code: 'in_use' });
  await expect(there.remove(run.id)).rejects.toMatchObject({ code: 'in_use' });
  // It may be read all the same.
  expect((await there.history(run.id)).steps).toEqual([]);
  await run.close();
  await vi.waitFor(() => expect(changed).toHaveBeenCalled());
  stop();
  const again = await there.resume(run.id);
  expect(again.id).toBe(run.id);
});

test.each(['throws', 'writes less'] as const)(
  'a full disk (%s) costs the run nothing but its keeping',
  async (full) => {
    const host = await openedHost();
    const run = await host.run(SETTINGS, TEXT, { save_every: 0 });
    const { events, until } = heard(run);
    await run.step();
    Object.assign(disk.options, { quota: 1, full });
    await run.step();
    expect(await until('unsaved')).toMatchObject({ error: { code: 'storage_full' } });
    expect(run.state).toBe('paused');
    await expect(run.save()).rejects.toMatchObject({ code: 'storage_full' });
    // The last whole snapshot is there.
    expect((await host.runs())[0]!.steps).toBe(1);
    disk.options.quota = Infinity;
    events.length = 0;
    await run.step();
    await until('saved');
    expect((await host.runs())[0]!.steps).toBe(3);
    expect((await host.history(run.id)).steps).toHaveLength(3);
  },
);

test('a run that could not be kept from its beginning is kept once there is room', async () => {
  disk.options.quota = 10;
  const host = await openedHost();
  const run = await host.run(SETTINGS, TEXT, { save_every: 0 });
  expect(await host.runs()).toEqual([]);
  await run.step();
  disk.options.quota = Infinity;
  await run.step();
  expect((await host.history(run.id)).steps).toHaveLength(2);
  expect(await host.text(run.id)).toBe(TEXT);
});

test('without a file system runs are kept in the cache, and without that not at all', async () => {
  stubBrowser({ files: false });
  const host = await openedHost();
  const run = await host.run(SETTINGS, TEXT, { save_every: 0 });
  for (let step = 0; step < 7; step++) await run.step();
  await run.close();
  expect(await host.runs()).toMatchObject([{ id: run.id, steps: 7 }]);
  const again = await host.resume(run.id);
  expect(again.history.steps).toHaveLength(7);
  await again.close();
  await host.remove(run.id);
  expect(cache.entries.size).toBe(0);
  cache.refuses = true;
  stubBrowser({ files: false });
  const lost = await host.run(SETTINGS, TEXT);
  await expect(lost.save()).rejects.toMatchObject({ code: 'not_kept' });
  expect(await lost.step()).toMatchObject({ step: 0 });
  expect(await host.runs()).toEqual([]);
  await expect(host.history('none')).rejects.toMatchObject({ code: 'not_found' });
});

test.each(['tab', 'machine'] as const)(
  'a killed %s goes on from what was whole, with the same bits',
  async (of) => {
    const bits = await undisturbed();
    for (let round = 0; round < 20; round++) {
      disk = fakeOpfs();
      stubBrowser();
      const first = await openedHost();
      const run = await first.run(SETTINGS, TEXT, { save_every: 0, evaluate_every: 3 });
      // Killed at some change of some file, in the middle of a snapshot as well as between two.
      let left = 1 + ((round * 17) % 97);
      disk.options.before = () => {
        left -= 1;
        if (left === 0) disk.kill(of);
      };
      const { until } = heard(run);
      await run.start();
      await Promise.race([until('over'), vi.waitFor(() => expect(left).toBeLessThanOrEqual(0))]);
      if (left > 0) disk.kill(of);
      delete disk.options.before;
      // What the killed tab still writes goes nowhere; its locks are free.
      stubBrowser();
      const host = await openedHost();
      const again = await host.resume(run.id);
      expect(again.history.steps.map(({ step }) => step)).toEqual([...Array(again.steps_done).keys()]);
      const { until: next } = heard(again);
      await again.start();
      await next('over');
      expect(await bitsOf(again)).toBe(bits);
      expect(again.history.steps).toHaveLength(20);
      expect(again.history.evaluations.map(({ step }) => step)).toEqual([1, 3, 6, 9, 12, 15, 18, 20]);
      expect(await host.history(run.id)).toEqual(again.history);
    }
  },
  60_000,
);

test('a damaged snapshot is passed over for the one before it', async () => {
  const host = await openedHost();
  const run = await host.run(SETTINGS, TEXT, { save_every: 0 });
  for (let step = 0; step < 3; step++) await run.step();
  await run.close();
  const slots = ['a', 'b'].map((slot) => disk.content('cloze-runs', `${run.id}.${slot}`)!);
  const newest = slots.findIndex((bytes) => new TextDecoder().decode(bytes).includes('"steps":3'));
  slots[newest]![slots[newest]!.length - 2]! ^= 1;
  const again = await host.resume(run.id);
  expect(again.steps_done).toBe(2);
  expect(again.history.steps).toHaveLength(2);
  await again.step();
  await again.close();
  for (const slot of ['a', 'b']) {
    const bytes = disk.content('cloze-runs', `${run.id}.${slot}`)!;
    bytes[bytes.length - 2]! ^= 1;
  }
  await expect(host.resume(run.id)).rejects.toMatchObject({ code: 'invalid_checkpoint' });
  await host.remove(run.id);
});

test('what the core refuses is an error of its code, and the worker serves on', async () => {
  const host = await openedHost();
  await expect(host.run({ ...SETTINGS, num_layers: 0 }, TEXT)).rejects.toMatchObject({
    code: 'invalid_setting',
    details: { setting: 'num_layers' },
  });
  await expect(host.run(SETTINGS, 'short')).rejects.toMatchObject({ code: 'text_too_short' });
  await host.run(SETTINGS, TEXT);
  expect(workers).toHaveLength(1);
  await expect(host.resume('none')).rejects.toMatchObject({ code: 'not_found' });
});

test('a run that diverges says so, and is kept as it was before', async () => {
  const host = await openedHost();
  fake.diverges = 4;
  const run = await host.run(SETTINGS, TEXT, { save_every: 0 });
  const { until } = heard(run);
  await run.start();
  expect(await until('error')).toMatchObject({ error: { code: 'diverged', details: { step: 4 } } });
  expect(run.state).toBe('failed');
  expect(run.history.steps).toHaveLength(4);
  expect((await host.runs())[0]!.steps).toBe(4);
});

test('a trap ends the worker; the run can be resumed', async () => {
  const host = await openedHost();
  fake.traps = 4;
  const run = await host.run(SETTINGS, TEXT, { save_every: 0 });
  const { until } = heard(run);
  await run.start();
  expect(await until('error')).toMatchObject({ error: { code: 'worker_failed' } });
  expect(workers[0]!.terminated).toBe(true);
  await expect(run.step()).rejects.toMatchObject({ code: 'worker_failed' });
  await run.close();
  // A terminated worker holds no lock and no file; the fake's must be freed by hand.
  disk.kill('tab');
  stubBrowser();
  delete fake.traps;
  expect((await host.resume(run.id)).steps_done).toBe(4);
});

test('a script that cannot be loaded, and a worker that fails', async () => {
  const opening = openHost({ build: 'simd128' }, () => {
    const worker = new FakeTrainingWorker(fake);
    setImmediate(() => worker.fail());
    return worker;
  });
  await expect(opening).rejects.toMatchObject({ code: 'worker_failed' });
  const host = await openedHost();
  const run = await host.run(SETTINGS, TEXT);
  const { until } = heard(run);
  workers.at(-1)!.fail('boom');
  expect(await until('error')).toMatchObject({ error: { code: 'worker_failed' } });
});

test('the plan can be changed on the way', async () => {
  const host = await openedHost();
  const run = await host.run(SETTINGS, TEXT, { sample: { prompt: '' }, sample_every: 1 });
  const { events } = heard(run);
  await run.step();
  await run.step();
  // Refused once, and not asked for again.
  expect(events.filter(({ type }) => type === 'unsampled')).toMatchObject([{ error: { code: 'empty_input' } }]);
  await run.change_plan({ sample: { prompt: 'A' }, evaluate_every: 0 });
  expect(run.plan).toMatchObject({ sample: { prompt: 'A' }, evaluate_every: 0 });
  await run.step();
  await vi.waitFor(() => expect(run.history.samples).toMatchObject([{ prompt: 'A', step: 3 }]));
  expect(run.history.evaluations.map(({ step }) => step)).toEqual([1]);
});

test('events are an iterator that ends with the run', async () => {
  const host = await openedHost();
  const run = await host.run(SETTINGS, TEXT);
  const types = new Set<string>();
  const reading = (async () => {
    for await (const event of run.events()) {
      types.add(event.type);
      if (event.type === 'over') void run.close();
    }
  })();
  await run.start();
  await reading;
  expect([...types]).toEqual(expect.arrayContaining(['state', 'step', 'evaluation', 'sample', 'saved', 'over']));
  await expect(run.start()).rejects.toMatchObject({ code: 'disposed' });
});

test('a tab that is left saves, or rests until it is seen again', async () => {
  const page = Object.assign(new EventTarget(), { visibilityState: 'visible' });
  vi.stubGlobal('document', page);
  const see = (state: string): void => {
    page.visibilityState = state;
    page.dispatchEvent(new Event('visibilitychange'));
  };
  const host = await openedHost();
  const run = await host.run({ ...SETTINGS, steps: 1e6 }, TEXT, { save_every: 1000 });
  const { events, until } = heard(run);
  await run.start();
  await until('step');
  see('hidden');
  await until('saved');
  expect(run.state).toBe('running');
  see('visible');
  await run.change_plan({ when_hidden: 'pause' });
  see('hidden');
  await vi.waitFor(() => expect(run.state).toBe('paused'));
  see('visible');
  await vi.waitFor(() => expect(run.state).toBe('running'));
  await run.pause();
  see('hidden');
  see('visible');
  expect(run.state).toBe('paused');
  expect(events.some(({ type }) => type === 'error')).toBe(false);
});
