import { expect, test } from 'vitest';
import { LESSONS } from '../../../lessons';
import type { ListedRun } from '../runs';
import { noticed } from './notice';
import { Progress } from './progress';

/** A browser's storage. */
function memory(): Storage {
  const kept = new Map<string, string>();
  return {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
  } as Storage;
}

test('answers are kept on the device, and the first one counts', () => {
  const storage = memory();
  const progress = new Progress(() => storage);
  progress.answer({ lesson: 'gpt', when: 'before', text: 'It is lying.', cause: 'person' });
  progress.answer({ lesson: 'gpt', when: 'before', text: 'Later thought', cause: 'data' });
  progress.setDone('gpt', 2, true);
  progress.setDone('gpt', 0, true);
  progress.setDone('gpt', 2, false);
  progress.setCode('A7');

  const again = new Progress(() => storage);
  expect(again.answerTo('gpt', 'before')).toMatchObject({ text: 'It is lying.', cause: 'person' });
  expect(again.answerTo('gpt', 'after')).toBeUndefined();
  expect([again.code, again.doneOf('gpt'), again.nextOf('gpt'), again.nextOf('bert')]).toEqual(['A7', 1, 1, 0]);
  again.removeAll();
  expect(new Progress(() => storage).answers).toEqual([]);
});

test('two tabs lose none of each other’s answers', () => {
  const storage = memory();
  const [one, other] = [new Progress(() => storage), new Progress(() => storage)];
  one.answer({ lesson: 'gpt', when: 'before', text: 'a', cause: 'data' });
  other.answer({ lesson: 'bert', when: 'before', text: 'b', cause: 'data' });
  expect(new Progress(() => storage).answers.map(({ lesson }) => lesson)).toEqual(['gpt', 'bert']);
});

test('they are given out as a table and as JSON; no text becomes a formula', () => {
  const progress = new Progress(memory);
  progress.answer({ lesson: 'elmo', when: 'after', text: '=1+1, "so"\nand on', cause: 'data' });
  const [head, ...rest] = progress.csv().split('\r\n');
  expect(head).toBe('code,lesson,when,question,answer,cause,time,steps done');
  expect(rest.join('\n')).toContain(`"'=1+1, ""so""\nand on",data,`);
  const json = JSON.parse(progress.json());
  expect(json.answers[0]).toMatchObject({ lesson: 'elmo', when: 'after', cause: 'data' });
  expect(Object.keys(json.questions)).toEqual(LESSONS.map(({ name }) => name));
});

test('without a storage, or with what another page left there, it goes on', () => {
  const none = new Progress(() => {
    throw new DOMException('', 'SecurityError');
  });
  expect(none.keeps).toBe(false);
  none.answer({ lesson: 'gpt', when: 'before', text: 'a', cause: 'data' });
  expect(none.answers.length).toBe(1);
  for (const left of [
    '{',
    '7',
    'null',
    '{"answers":[{"lesson":"latin"}, null],"done":{"gpt":[0,9,"x"],"latin":[1],"bert":1}}',
  ]) {
    const storage = memory();
    storage.setItem('cloze-lessons', left);
    const progress = new Progress(() => storage);
    expect(progress.answers, left).toEqual([]);
    expect(progress.doneOf('gpt'), left).toBe(left.includes('gpt') ? 1 : 0);
  }
});

test('steps are noticed by the runs', () => {
  const run = (architecture: string, steps: number): ListedRun =>
    ({ settings: { architecture, steps: 1000 }, steps }) as ListedRun;
  expect(noticed('gpt', [])).toEqual([]);
  expect(noticed('gpt', [run('bert', 500)])).toEqual([]);
  expect(noticed('gpt', [run('gpt', 5)])).toEqual([0]);
  expect(noticed('gpt', [run('gpt', 300), run('gpt', 301)])).toEqual([0, 1, 3]);
  expect(noticed('bert', [run('bert', 300), run('bert', 100)])).toEqual([0, 1]);
  expect(noticed('bert', [run('bert', 300), run('bert', 300)])).toEqual([0, 1, 3]);
  expect(noticed('xlnet', [run('xlnet', 300), run('bert', 300)])).toEqual([0, 2]);
  expect(noticed('chat', [run('gpt', 300)])).toEqual([]);
});

test('a loss below the bigram level is noticed', () => {
  const info = { levels: { uniform: 7, unigram: 5, bigram: 4 } };
  const at = (loss: number): ListedRun =>
    ({
      settings: { architecture: 'gpt', steps: 1000, bert: {} },
      steps: 100,
      info,
      history: {
        steps: [],
        samples: [],
        evaluations: [{ step: 100, loss, parts: [{ name: 'lm', loss, predictions: 9, accuracy: null }] }],
      },
    }) as unknown as ListedRun;
  expect(noticed('gpt', [at(4.2)])).toEqual([0]);
  expect(noticed('gpt', [at(3.9)])).toEqual([0, 2]);
});
