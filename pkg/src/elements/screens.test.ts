import { expect, test } from 'vitest';
import { readFragment, toFragment } from '../screens.js';
import { words } from '../words/index.js';
import { summarizeWords } from '../words/screens/summarize.js';
import { capabilitiesOf, type Capabilities } from './capabilities.js';
import { MODEL_SCREENS, screenOf, SCREENS } from './screens.js';
import { defaults } from './state.js';

test('each screen has a name, an element and a label of its own', () => {
  for (const key of ['task', 'tag', 'label'] as const) {
    expect(new Set(SCREENS.map((row) => row[key])).size).toBe(SCREENS.length);
  }
  for (const { task, tag, label } of SCREENS) {
    expect(tag).toBe(`cloze-${task}`);
    expect(label).toBe(words.labels[task]);
    expect(screenOf(task).tag).toBe(tag);
  }
});

test('the screens that run a model are all but Train and Models', () => {
  expect(MODEL_SCREENS.map(({ task }) => task)).toEqual([
    'fill-mask',
    'next-sentence',
    'generate',
    'summarize',
    'inside',
    'answer',
    'classify',
    'tag',
  ]);
});

test('the screens for which no model comes with the package say what they do', () => {
  const brought = SCREENS.filter((row) => 'brought' in row);
  expect(brought.map(({ task }) => task)).toEqual(['answer', 'classify', 'tag']);
  // Their tabs stand behind all others.
  expect(SCREENS.slice(-brought.length)).toEqual(brought);
});

test('a model suits the screens that ask for what it can do', () => {
  const none = capabilitiesOf({ heads: [] });
  const suited = (able: Partial<Capabilities>): string[] =>
    MODEL_SCREENS.filter(({ suits }) => suits({ ...none, ...able })).map(({ task }) => task);
  expect(suited({})).toEqual(['inside']);
  expect(suited({ mlm: true })).toEqual(['fill-mask', 'inside']);
  expect(suited({ mlm: true, nsp: true })).toEqual(['fill-mask', 'next-sentence', 'inside']);
  expect(suited({ writes: true })).toEqual(['generate', 'summarize', 'inside']);
  expect(suited({ answers: true })).toEqual(['inside', 'answer']);
  expect(suited({ classifies: true, tags: true })).toEqual(['inside', 'classify', 'tag']);
});

test('every screen at its defaults goes through a link and back, with and without them written', () => {
  for (const { task, schema } of SCREENS) {
    const state = defaults<Record<string, unknown>>(schema);
    expect(toFragment(task, state)).toBe(`#task=${task}`);
    const { screen, problems } = readFragment(toFragment(task, state, { defaults: true, run: true }));
    expect(problems).toEqual([]);
    expect(screen?.run).toBe(true);
    for (const [key, value] of Object.entries(screen!.state)) expect(value).toEqual(state[key]);
  }
});

test('what a link may not have is not read from one either', () => {
  expect(readFragment('#task=generate&said=a+secret').problems).toEqual(['“said” is not a setting of this tab']);
});

test('a setting’s words are there for each number of a schema', () => {
  for (const key of ['sentences', 'num_beams', 'top_k', 'max_new_tokens'] as const) {
    expect(screenOf('summarize').schema).toHaveProperty(key);
    expect(summarizeWords[key].label).not.toBe('');
  }
});
