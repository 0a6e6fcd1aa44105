import { expect, test } from 'vitest';
import { generateWords } from '../words/screens/generate.js';
import { examplesOf } from './examples.js';
import { withoutExample } from './told-examples.js';
import { generateSchema, type GenerateState } from './generate/schema.js';
import { defaults } from './state.js';

const STORIES = examplesOf<GenerateState, 'generate'>('generate', generateWords.text.examples);
const first = defaults<GenerateState>(generateSchema);
const leaving = (state: GenerateState): Partial<GenerateState> =>
  withoutExample(state, STORIES, 'prompt', generateSchema);

test('every example has a name', () => {
  for (const { name } of STORIES) expect(name).toMatch(/\w/u);
});

test('what an example has set goes with its text', () => {
  const greedy = { ...first, ...STORIES.at(-1)!.state };
  expect(greedy.do_sample).toBe(false);
  expect({ ...greedy, ...leaving(greedy), prompt: '' }).toEqual({ ...first, prompt: '' });
  expect(leaving({ ...first, ...STORIES[0]!.state })).toMatchObject({ seed: null });
});

test('what the reader has set stays', () => {
  expect(leaving({ ...first, ...STORIES[0]!.state, seed: 5 })).toEqual({});
  expect(leaving({ ...first, prompt: 'My own', do_sample: false })).toEqual({});
});
