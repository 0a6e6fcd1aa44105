import { describe, expect, it } from 'vitest';
import { toFragment } from './links.js';
import { defaults, lines, merge, words, type Schema } from './state.js';

const schema: Schema = {
  text: { kind: 'text', default: 'Hello.' },
  top_k: { kind: 'number', default: 5, min: 1, max: 20, whole: true },
  sample: { kind: 'flag', default: true },
  joint: { kind: 'choice', default: 'no', of: ['no', 'yes'] },
  others: { kind: 'list', default: [], most: 3 },
  seed: { kind: 'seed', default: null },
};
const start = defaults<Record<string, unknown>>(schema);

describe('merge', () => {
  it('takes over known keys and names those that do not exist', () => {
    const { state, problems } = merge(schema, start, {
      text: 'Hi',
      txt: 'x',
      nonsense: 1,
      other: undefined,
      another: null,
    });
    expect(problems).toEqual([
      'txt does not exist; did you mean text?',
      'nonsense does not exist (there are text, top_k, sample, joint, others, seed)',
    ]);
    expect(state).toEqual({ ...start, text: 'Hi' });
  });
  it('brings numbers into their limits', () => {
    expect(merge(schema, start, { top_k: 900 }).state.top_k).toBe(20);
    expect(merge(schema, start, { top_k: 2.6 }).state.top_k).toBe(3);
  });
  it.each([
    [{ text: 1 }, 'text must be a text'],
    [{ top_k: '5' }, 'top_k must be a number'],
    [{ sample: 'true' }, 'sample must be true or false'],
    [{ joint: 'maybe' }, 'joint must be one of no, yes'],
    [{ others: 'a' }, 'others must be a list of texts'],
    [{ seed: -1 }, 'seed must be a whole number from 0'],
    ['x', 'a state is an object'],
  ])('refuses %j', (given, problem) => {
    const merged = merge(schema, start, given);
    expect(merged.problems).toEqual([problem]);
    expect(merged.state).toEqual(start);
  });
  it('null means the default', () =>
    expect(merge(schema, { ...start, text: 'x' }, { text: null }).state.text).toBe('Hello.'));
  it('is not fooled by inherited names', () => {
    expect(merge(schema, start, JSON.parse('{"__proto__": "x", "constructor": "y"}')).state).toEqual(start);
  });
});

describe('toFragment', () => {
  it('names the task and what differs from the default', () => {
    const state = { ...start, text: 'The [MASK] & I', others: ['a', 'b'], sample: false };
    expect(toFragment({ task: 'fill-mask', schema }, state)).toBe(
      '#task=fill-mask&text=The+[MASK]+%26+I&sample=false&others=a&others=b',
    );
  });
});

describe('texts that hold several things', () => {
  it('one per line', () => expect(lines('The End\n\\n\\n\n')).toEqual(['The End', '\n\n']));
  it('with commas', () => expect(words(' cat, dog ,cat,\nsea ')).toEqual(['cat', 'dog', 'sea']));
});

it('what is for nobody else is in no fragment', () => {
  const talk: Schema = {
    said: { kind: 'list', default: [], most: 9, unshared: true },
    text: { kind: 'text', default: '' },
  };
  expect(toFragment({ task: 'generate', schema: talk }, { said: ['a secret'], text: 'x' })).toBe(
    '#task=generate&text=x',
  );
});
