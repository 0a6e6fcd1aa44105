import { beforeEach, expect, test, vi } from 'vitest';
import type { PipelineOptions } from '../../index.js';
import { FakeHost } from '../../test-support/fake-host.js';
import { ModelController } from './model.js';

interface Fake {
  dispose: () => void;
}

let host: FakeHost;
/** Loads that were begun, with how to end them. */
let loads: { options: PipelineOptions; resolve: (model: Fake) => void; reject: (error: unknown) => void }[];
const heard = { began: vi.fn(), progressed: vi.fn(), ready: vi.fn(), stopped: vi.fn(), failed: vi.fn() };

beforeEach(() => {
  vi.clearAllMocks();
  vi.stubGlobal('requestAnimationFrame', (frame: () => void) => {
    frame();
    return 0;
  });
  host = new FakeHost();
  loads = [];
});

const make = (): ModelController<Fake> =>
  new ModelController<Fake>(host.asHost, {
    ...heard,
    open: (options) => new Promise((resolve, reject) => loads.push({ options, resolve, reject })),
  });

const fake = (): Fake => ({ dispose: vi.fn() });

test('loads once, whoever asks', async () => {
  const model = make();
  expect([model.state, model.wanted]).toEqual(['idle', false]);
  const both = Promise.all([model.load(), model.load()]);
  expect([model.state, model.wanted, loads.length]).toEqual(['loading', true, 1]);
  const one = fake();
  loads[0]!.resolve(one);
  expect(await both).toEqual([one, one]);
  expect([model.state, model.model]).toEqual(['ready', one]);
  expect(heard.ready).toHaveBeenCalledExactlyOnceWith(one);
});

test('progress and warnings are there while it goes on; a warning stays', async () => {
  const model = make();
  const load = model.load();
  const tell = loads[0]!.options.progress_callback!;
  tell({ status: 'progress', loaded: 5, message: 'Fetching x' });
  tell({ status: 'warning', code: 'quota', message: 'No room' });
  tell({ status: 'warning', code: 'quota', message: 'Still no room' });
  expect(model.progress?.loaded).toBe(5);
  expect(model.warnings).toEqual(['Still no room']);
  expect(heard.progressed).toHaveBeenCalledTimes(3);
  loads[0]!.resolve(fake());
  await load;
  expect(model.progress).toBeUndefined();
  expect(model.warnings).toEqual(['Still no room']);
});

test('pausing holds the control up that the load was given', () => {
  const model = make();
  void model.load();
  model.togglePause();
  expect([model.paused, loads[0]!.options.control!.paused]).toEqual([true, true]);
  model.togglePause();
  expect(model.paused).toBe(false);
});

test('stopped: no failure, and it can be loaded again', async () => {
  const model = make();
  const load = model.load();
  model.stop();
  expect(loads[0]!.options.signal!.aborted).toBe(true);
  loads[0]!.reject(new Error('whatever a stopped load ends with'));
  await expect(load).rejects.toMatchObject({ name: 'AbortError' });
  expect([model.state, model.wanted]).toEqual(['idle', false]);
  expect(heard.stopped).toHaveBeenCalledOnce();
  expect(heard.failed).not.toHaveBeenCalled();
  void model.load();
  expect(loads).toHaveLength(2);
});

test('a model that comes after it was stopped is let go', async () => {
  const model = make();
  const load = model.load();
  model.stop();
  const late = fake();
  loads[0]!.resolve(late);
  await expect(load).rejects.toMatchObject({ name: 'AbortError' });
  expect(late.dispose).toHaveBeenCalledOnce();
  expect(model.model).toBeUndefined();
});

test('a failure is told, and the next load begins anew', async () => {
  const model = make();
  const load = model.load();
  const error = new Error('no such model');
  loads[0]!.reject(error);
  await expect(load).rejects.toBe(error);
  expect([model.state, model.wanted]).toEqual(['failed', false]);
  expect(heard.failed).toHaveBeenCalledExactlyOnceWith(error);
});

test('released: the words of its load are nobody’s, and the model is let go', async () => {
  const model = make();
  const first = model.load();
  model.release();
  const second = model.load();
  loads[0]!.options.progress_callback!({ status: 'progress', loaded: 1, message: '' });
  expect(model.progress).toBeUndefined();
  loads[0]!.reject(new Error('old'));
  await expect(first).rejects.toMatchObject({ name: 'AbortError' });
  expect([model.state, heard.stopped.mock.calls.length]).toEqual(['loading', 0]);
  const one = fake();
  loads[1]!.resolve(one);
  await second;
  model.release();
  expect([model.state, model.model]).toEqual(['idle', undefined]);
  expect(one.dispose).toHaveBeenCalledOnce();
});

test('stop leaves a model that is there; taking the element away does not, moving it does', async () => {
  const model = make();
  const load = model.load();
  const one = fake();
  loads[0]!.resolve(one);
  await load;
  model.stop();
  await host.disconnect({ moved: true });
  expect(model.model).toBe(one);
  await host.disconnect();
  expect(model.model).toBeUndefined();
  expect(one.dispose).toHaveBeenCalledOnce();
});

test('an element without a model to load waits for one, and begins once it has one and is seen', async () => {
  const seen: ((entries: { isIntersecting: boolean }[]) => void)[] = [];
  vi.stubGlobal(
    'IntersectionObserver',
    class {
      constructor(private readonly tell: (entries: { isIntersecting: boolean }[]) => void) {}
      observe = (): unknown => seen.push(this.tell);
      disconnect = vi.fn();
    },
  );
  vi.stubGlobal('navigator', {});
  vi.stubGlobal('requestIdleCallback', (work: () => void) => work());
  let able = false;
  const model = new ModelController<Fake>(host.asHost, {
    ...heard,
    open: (options) => new Promise((resolve, reject) => loads.push({ options, resolve, reject })),
    eager: () => false,
    able: () => able,
  });
  model.hostConnected();
  seen[0]!([{ isIntersecting: true }]);
  expect([model.state, loads.length]).toEqual(['idle', 0]);
  able = true;
  model.watch();
  // An observer tells at once how it stands.
  seen[1]!([{ isIntersecting: true }]);
  expect([model.state, loads.length]).toEqual(['loading', 1]);
  vi.unstubAllGlobals();
});
