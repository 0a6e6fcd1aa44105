import { describe, expect, test } from 'vitest';
import { complete, formatFragment, parseFragment, TASKS } from './fragment';

describe('parseFragment', () => {
  test('nothing is nothing, and no problem', () => {
    expect(parseFragment('')).toEqual({ screen: undefined, problems: [] });
    expect(parseFragment('#')).toEqual({ screen: undefined, problems: [] });
  });

  test('a link typed by hand', () => {
    expect(parseFragment('#task=fill-mask&text=The [MASK] sat.')).toEqual({
      screen: { task: 'fill-mask', state: { text: 'The [MASK] sat.' }, run: false },
      problems: [],
    });
  });

  test('numbers, booleans and lists', () => {
    expect(parseFragment('#task=generate&prompt=Once&temperature=0.7&do_sample=false&seed=7').screen?.state).toEqual({
      prompt: 'Once',
      temperature: 0.7,
      do_sample: false,
      seed: 7,
    });
    expect(parseFragment('#task=next-sentence&a=x&candidates=one&candidates=two').screen?.state).toEqual({
      a: 'x',
      candidates: ['one', 'two'],
    });
  });

  test.each([
    ['#hello', 'it names no task'],
    ['#task=', 'it names no task'],
    ['#task=paint&text=x', 'there is no task “paint”'],
    ['#task=__proto__', 'there is no task “__proto__”'],
  ])('%s is ignored with a note', (fragment, problem) => {
    expect(parseFragment(fragment)).toEqual({ screen: undefined, problems: [problem] });
  });

  test('what cannot be read is left out, the rest is kept', () => {
    const { screen, problems } = parseFragment(
      '#task=generate&prompt=Once&temperature=hot&do_sample=yes&colour=red&constructor=1',
    );
    expect(screen?.state).toEqual({ prompt: 'Once' });
    expect(problems).toEqual([
      '“temperature” is not a number',
      '“do_sample” is not a true or false',
      '“colour” is not a setting of this tab',
      '“constructor” is not a setting of this tab',
    ]);
  });

  test.each(['%', '%E0%A4%A', '%zz', '&&&=', 'task=fill-mask&text=%FF'])('never throws on %s', (fragment) => {
    expect(() => parseFragment(fragment)).not.toThrow();
  });
});

describe('formatFragment', () => {
  test('is the inverse of parseFragment', () => {
    const states: Record<(typeof TASKS)[number], Record<string, unknown>> = {
      'fill-mask': { text: 'A [MASK] & a 100 % #1 “quote”\nnew line 👩‍👩‍👧 漢字', top_k: 5, joint: 'best-first' },
      'next-sentence': { a: 'It is raining.', b: '', candidates: ['a=b&c', 'x+y'] },
      generate: { prompt: ' two  spaces ', temperature: 0, do_sample: true, seed: 4294967295, stop: '\n\n' },
      summarize: { document: 'x', cue: '\nTL;DR:', truncation: 'middle', sentences: 3, model: 'a/b@v1' },
      inside: { view: 'attention', text: 'The cat sat.', pair: 'It was “tired” & wide.' },
      train: { view: 'lessons', set: 'lesson-bert seed-7' },
      models: { model: 'https://example.org/models/small/' },
      answer: { question: 'Who?', context: 'Ada\n& Bea', top_k: 2, handle_impossible_answer: true },
      classify: { text: 'x', text_pair: 'y', function_to_apply: 'sigmoid', model: 'a/b' },
      tag: { text: 'Ada', aggregation_strategy: 'max' },
    };
    for (const task of TASKS) {
      const state = states[task];
      expect(parseFragment(formatFragment(task, state))).toEqual({ screen: { task, state, run: false }, problems: [] });
      expect(parseFragment(formatFragment(task, state, true)).screen?.run).toBe(true);
    }
  });

  test('keeps brackets readable and leaves out what is unset or unknown', () => {
    expect(formatFragment('fill-mask', { text: '[MASK]', joint: undefined, top_k: null, other: 1 })).toBe(
      '#task=fill-mask&text=[MASK]',
    );
  });
});

test('a conversation: the mode, what the model is told and what is being typed, not what was said', () => {
  const state = { mode: 'chat', message: 'And then?', system: 'Be short.', said: ['Who?', 'Me.'], temperature: 0.2 };
  expect(formatFragment('generate', state)).toBe(
    '#task=generate&mode=chat&message=And+then%3F&system=Be+short.&temperature=0.2',
  );
  expect(formatFragment('generate', { mode: undefined, message: '', system: '', prompt: '' })).toBe(
    '#task=generate&prompt=',
  );
});

test('complete unsets what a link leaves out', () => {
  expect(complete('next-sentence', { a: 'x' })).toEqual({ model: null, a: 'x', b: null, candidates: null });
});
