import { expect, test } from 'vitest';
import { FakeChat } from '../../../test-support/tuning.js';
import type { TrainingHost } from '../../../training/types.js';
import { valuesOf } from '../values.js';
import { examplesOf, FIELDS, fileText, heldBack, START, withFile, type ChatDraft } from './draft.js';
import { lossPlot } from './result-part.js';
import { ChatSession } from './session.js';

const CHOICES = Array.from({ length: 10 }, (_, at) => ({
  prompt: `What is ${at}?`,
  // The judge of the fake likes what is short, as does the reader, but once.
  chosen: at === 7 ? 'a long, long answer' : 'short',
  rejected: 'not so short',
}));
const PROMPTS = ['How are you?', 'Who is it?'];

function session() {
  const chat = new FakeChat(1);
  const host = { chat: async () => chat } as unknown as TrainingHost;
  const values = valuesOf(FIELDS, 'batch_size-4 epochs-2');
  return {
    chat,
    it: new ChatSession(
      { model: async () => 'gpt', values: () => values },
      async () => host,
      () => undefined,
    ),
  };
}

test('the list to start from is whole', () => {
  expect(examplesOf(START.examples)).toMatchObject({ wrong: undefined });
  expect(examplesOf(START.examples).examples.length).toBeGreaterThanOrEqual(20);
  expect(examplesOf('a | b\nc\nd | e | f')).toEqual({ examples: [{ prompt: 'a', response: 'b' }], wrong: 2 });
});

test('the three steps, with samples before and after', async () => {
  const { chat, it } = session();
  await it.supervise(examplesOf(START.examples).examples, PROMPTS);
  expect(it.state).toBe('idle');
  expect(it.logs.get('supervised')!.steps).toHaveLength(10);
  expect(it.samples.get('base')!.map(({ text }) => text)).toEqual(['you? are after nothing.', 'it? is after nothing.']);
  expect(it.samples.get('supervised')![0]).toMatchObject({ text: 'you? are after supervised.', score: undefined });

  const { learnt, held } = heldBack(CHOICES);
  expect([learnt.length, held.length]).toEqual([8, 2]);
  await it.judge(CHOICES);
  expect(chat.given.at(-1)).toEqual(['reward', learnt]);
  expect(it.logs.get('reward')!.checked).toEqual({ right: 1, of: 2 });
  expect(it.samples.get('base')![0]!.score).toBe(10 - 'you? are after nothing.'.length);
  expect(await it.score('x', 'abc')).toBe(7);

  await it.prefer(CHOICES, PROMPTS);
  expect(chat.given.at(-1)).toEqual(['preference', CHOICES]);
  expect(it.samples.get('preference')![1]!.text).toBe('it? is after preference.');
  expect(lossPlot('preference', it.logs.get('preference')!, 600).levels).toEqual([{ name: 'a coin', y: Math.log(2) }]);
});

test('a step that is begun again stands behind itself', async () => {
  const { it } = session();
  await it.judge(CHOICES);
  await it.judge(CHOICES);
  const { steps, total } = it.logs.get('reward')!;
  expect([steps.length, total]).toEqual([8, 8]);
  expect(steps.map(({ step }) => step)).toEqual([...steps.keys()]);
});

test('two answers differ, or there are none', async () => {
  const { chat, it } = session();
  const [a, b] = (await it.twoAnswers('one two three', 1))!;
  expect(a).not.toBe(b);
  chat.sample = async () => 'the same';
  expect(await it.twoAnswers('one two three', 1)).toBeUndefined();
});

test('files bring examples and choices, and take nothing away', () => {
  const draft: ChatDraft = { ...START, examples: 'a | b', choices: CHOICES.slice(0, 2) };
  expect(withFile(draft, fileText(draft))).toEqual(draft);
  const more = withFile({ ...draft, examples: 'c | d', choices: [] }, fileText(draft))!;
  expect([more.examples, more.choices.length]).toEqual(['c | d\na | b', 2]);
  for (const text of ['', '{}', '[]', 'null', '{"examples": [{"prompt": "a"}]}'])
    expect(withFile(draft, text)).toBeUndefined();
});
