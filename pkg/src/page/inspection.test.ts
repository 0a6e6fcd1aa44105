import { expect, test } from 'vitest';
import { FAKE, fakeTokens } from '../test-support/fake-inspection.js';
import { fakeRunner } from '../test-support/runner.js';
import { inspection } from './inspection.js';

const TEXT = 'The cat sat.';

async function inspected() {
  const { runner, worker } = await fakeRunner();
  const sent = () => worker.received.at(-1) as { call: string; params: unknown };
  return { inspect: inspection(runner), worker, sent };
}

test('attention of one layer comes as one array, with its shape', async () => {
  const { inspect, sent } = await inspected();
  const { tokens, num_heads, layer, attentions } = await inspect.attentions(TEXT, { layer: 2, pair: 'It slept.' });
  expect(sent()).toMatchObject({
    call: 'attentions',
    params: { text: TEXT, pair: 'It slept.', options: { layer: 2 } },
  });
  expect(tokens.map(({ token }) => token)).toEqual(fakeTokens(TEXT, 'It slept.').map(({ token }) => token));
  expect([num_heads, layer]).toEqual([FAKE.num_heads, 2]);
  expect(attentions).toBeInstanceOf(Float32Array);
  expect(attentions).toHaveLength(num_heads * tokens.length ** 2);
});

test('what is left out stays out: the core has its defaults', async () => {
  const { inspect, sent } = await inspected();
  for (const call of ['attentions', 'attention_heads', 'attention_rollout', 'logit_lens'] as const) {
    await inspect[call](TEXT);
    expect(sent()).toMatchObject({ call, params: { text: TEXT, options: {} } });
    expect(sent().params).not.toHaveProperty('pair');
  }
  await inspect.nearest_tokens([5, 7]);
  expect(sent().params).toEqual({ ids: [5, 7] });
});

test('the lens tells how far it is, and is let go', async () => {
  const { inspect, worker } = await inspected();
  const told: unknown[] = [];
  const { tokens, num_layers, top_k, ids } = await inspect.logit_lens(TEXT, {
    top_k: 2,
    on_progress: (progress) => told.push(progress),
  });
  const total = (num_layers + 1) * tokens.length;
  expect(told).toEqual([{ done: total, total }]);
  expect([top_k, ids.length]).toEqual([2, 2 * total]);
  expect(worker.core.alive).toBe(0);
});

test('states, embeddings, neighbours and tokens', async () => {
  const { inspect } = await inspected();
  const { length } = fakeTokens(TEXT);
  const { hidden_states } = await inspect.hidden_states(TEXT);
  expect(hidden_states).toHaveLength((FAKE.num_layers + 1) * length * FAKE.hidden_size);
  const { token, sum } = await inspect.input_embeddings(TEXT);
  expect([token.length, sum.length]).toEqual([length * FAKE.hidden_size, length * FAKE.hidden_size]);
  const [near] = await inspect.nearest_tokens([3], { count: 2 });
  expect(near).toHaveLength(2);
  expect((await inspect.tokenize(TEXT)).map(({ token }) => token)).toEqual(['[CLS]', 'The', 'cat', 'sat.', '[SEP]']);
});

test.each<[string, (inspect: ReturnType<typeof inspection>) => Promise<unknown>, RegExp]>([
  ['a text that is none', (inspect) => inspect.attentions(7 as never), /text/u],
  ['an option of another call', (inspect) => inspect.hidden_states(TEXT, { layer: 1 } as never), /layer/u],
  ['a layer below 0', (inspect) => inspect.attentions(TEXT, { layer: -1 }), /layer/u],
  ['a picture of no size', (inspect) => inspect.attention_heads(TEXT, { size: 0 }), /size/u],
  ['a pair that is no text', (inspect) => inspect.logit_lens(TEXT, { pair: 1 as never }), /pair/u],
  ['an id outside of a list', (inspect) => inspect.nearest_tokens(5 as never), /ids/u],
  ['an id that is none', (inspect) => inspect.nearest_tokens([1, '2' as never]), /ids/u],
  ['half a neighbour', (inspect) => inspect.nearest_tokens([1], { count: 0.5 }), /count/u],
])('%s is refused', async (_, act, says) => {
  const { inspect } = await inspected();
  await expect(act(inspect)).rejects.toMatchObject({ code: 'invalid_option', message: expect.stringMatching(says) });
});

test('a call that is stopped ends', async () => {
  const { inspect } = await inspected();
  const abort = new AbortController();
  const stopped = inspect.attentions(TEXT, { signal: abort.signal });
  abort.abort();
  await expect(stopped).rejects.toMatchObject({ code: 'aborted' });
});
