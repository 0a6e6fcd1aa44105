import { expect, test, vi } from 'vitest';
import { ClozeError } from '../../../border/errors.js';
import { FakeTune } from '../../../test-support/tuning.js';
import type { TuneData } from '../../../training/core-types.js';
import type { TrainingHost } from '../../../training/types.js';
import { valuesOf } from '../values.js';
import { languagePlot, lossPlot, summary, taskLoss } from './result-part.js';
import { evaluateEvery, TuneSession, type TuneOrder } from './session.js';
import { FIELDS, settingsFor } from './settings.js';

const DATA: TuneData = {
  labels: ['a', 'b'],
  examples: Array.from({ length: 40 }, (_, at) => ({ text: `text ${at}`, label: 'ab'[at % 2]! })),
};
const VALUES = valuesOf(FIELDS, 'epochs-3');

function session(settings = [settingsFor('sentence', VALUES, false)], fine_tune?: TrainingHost['fine_tune'], ms = 1) {
  const made: FakeTune[] = [];
  const heard: string[] = [];
  const host = {
    fine_tune:
      fine_tune ??
      (async (_: unknown, data: TuneData, of: (typeof settings)[0]) => {
        made.push(new FakeTune(ms, data, of));
        return made.at(-1)!;
      }),
  } as unknown as TrainingHost;
  const order: TuneOrder = {
    open: (on, of, options) => on.fine_tune('bert', DATA, of, options),
    settings,
  };
  return {
    made,
    heard,
    it: new TuneSession(
      order,
      async () => host,
      (what) => heard.push(what),
    ),
  };
}

test('it is opened, prepared, trained and evaluated', async () => {
  const { it, heard, made } = session();
  await it.run();
  expect(it.state).toBe('over');
  expect([...new Set(heard)]).toEqual(['opening', 'preparing', 'running', 'step', 'evaluation', 'over']);
  expect(it.prepared).toMatchObject({ done: 40, total: 40 });
  expect(it.main.steps).toHaveLength(12);
  expect(it.main.evaluations.at(-1)!.step).toBe(12);
  expect(it.asks).toBe(true);
  expect(summary(it.main.evaluation!, it.main)).toBe('62.5\u00a0% right on examples it never saw: 5 of 8.');
  expect(await it.predict({ text: 'x' })).toMatchObject({ labels: [{ label: 'a' }, { label: 'b' }] });
  it.close();
  await vi.waitFor(() => expect(made[0]!.state).toBe('closed'));
});

test('it rests and goes on', async () => {
  const { it } = session(undefined, undefined, 25);
  const run = it.run();
  await vi.waitFor(() => expect(it.main.steps.length).toBeGreaterThan(1));
  await it.stop();
  expect(it.state).toBe('paused');
  const before = it.main.steps.length;
  await it.resume();
  await run;
  expect(it.state).toBe('over');
  expect(it.main.steps.length).toBeGreaterThan(before);
});

test('a GPT learns a second time without the auxiliary loss, which does not count where both are compared', async () => {
  const { it, made } = session([0.5, 0].map((lambda) => settingsFor('sentence', VALUES, true, lambda)));
  await it.run();
  expect(made.map(({ settings }) => settings.lm_weight)).toEqual([0.5, 0]);
  const [with_, without] = it.legs;
  expect(taskLoss(with_!.steps[3]!)).toBe(taskLoss(without!.steps[3]!));
  expect(lossPlot(it.legs, 600).series.map(({ name }) => name)).toEqual([
    'λ = 0.5, learnt from',
    'λ = 0.5, held back',
    'λ = 0, learnt from',
    'λ = 0, held back',
  ]);
  expect(languagePlot(with_!, 600)!.series[0]!.points).toHaveLength(12);
  expect(languagePlot(without!, 600)).toBeUndefined();
});

test('what goes wrong is kept, at the opening and on the way; a stop is no failure', async () => {
  const refused = session(undefined, () => Promise.reject(new ClozeError('out_of_memory', 'no memory')));
  await refused.it.run();
  expect([refused.it.state, (refused.it.error as ClozeError).code]).toEqual(['failed', 'out_of_memory']);

  const stopped = session(
    undefined,
    (_, __, ___, options) =>
      new Promise((_resolve, reject) =>
        options!.signal!.addEventListener('abort', () => reject(new ClozeError('aborted', 'stopped'))),
      ),
  );
  const run = stopped.it.run();
  await vi.waitFor(() => expect(stopped.it.state).toBe('opening'));
  await Promise.resolve();
  await stopped.it.stop();
  await run;
  expect(stopped.it.state).toBe('stopped');

  const { it, made } = session(undefined, undefined, 25);
  const failing = it.run();
  await vi.waitFor(() => expect(it.main.steps.length).toBeGreaterThan(1));
  made[0]!.fail(new ClozeError('internal', 'diverged'));
  await failing;
  expect([it.state, (it.error as ClozeError).message]).toEqual(['failed', 'diverged']);
});

test('many examples held back are not evaluated on each epoch', () => {
  const info = { weights: 1, trained_weights: 1, cut: 0, labels: [], steps_done: 0 };
  expect(evaluateEvery({ ...info, examples: 32, held_out: 8, steps: 40 }, 10)).toBe(4);
  expect(evaluateEvery({ ...info, examples: 40, held_out: 200, steps: 50 }, 10)).toBe(25);
  expect(evaluateEvery({ ...info, examples: 40, held_out: 0, steps: 50 }, 10)).toBe(5);
});
