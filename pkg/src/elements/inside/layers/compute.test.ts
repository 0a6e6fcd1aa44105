import { expect, test } from 'vitest';
import { FAKE, fakeTokens } from '../../../test-support/fake-inspection.js';
import { fakeRunner } from '../../../test-support/runner.js';
import { inspection } from '../../../page/inspection.js';
import { defaults } from '../../state.js';
import { insideSchema, type InsideState } from '../schema.js';
import type { InsideModel } from '../view.js';
import { compute, finalAt, guessesAt } from './compute.js';
import { table } from './draw.js';

const state: InsideState = { ...defaults<InsideState>(insideSchema), text: 'It rained.' };

async function computed() {
  const { runner } = await fakeRunner();
  const model = { inspect: inspection(runner), info: { reads: 'both' } } as unknown as InsideModel;
  const told: string[] = [];
  const signal = new AbortController().signal;
  const asked = {
    state,
    chosen: 'bert',
    model: () => model,
    signal,
    build: undefined,
    tell: (text: string) => told.push(text),
  } as const;
  return { result: await compute(asked, (done, total) => `${done}/${total}`), told };
}

test('guesses and probabilities are read at their layer and place', async () => {
  const { result, told } = await computed();
  const places = fakeTokens(state.text).length;
  expect(told).toEqual([`${(FAKE.num_layers + 1) * places}/${(FAKE.num_layers + 1) * places}`]);
  const [first, second] = guessesAt(result, 1, 2);
  expect(first).toEqual({ token: 'w1', probability: Math.fround(2 / 5) });
  expect(second!.probability).toBeCloseTo(1 / 5);
  expect(guessesAt(result, FAKE.num_layers, 0)[0]!.token).toBe('w0');
  expect(finalAt(result, FAKE.num_layers, 2)).toBeCloseTo(4 / 5);
});

test('the picture has a cell for each place and layer, the first in which the answer leads in ink', async () => {
  const { result } = await computed();
  const heads = ['Input', '1', '2', '3'];
  const cells = table(result, [1, 2], heads, '').shapes.filter(({ kind }) => kind === 'rect');
  expect(cells).toHaveLength(2 * heads.length);
  expect(cells.filter((cell) => cell.kind === 'rect' && cell.stroke === 'var(--cloze-ink)')).toHaveLength(2);
});
