import { describe, expect, test } from 'vitest';
import type { ClozeError } from '../../border/errors.js';
import { fakeRunner } from '../../test-support/runner.js';
import type { FakeWorker } from '../../test-support/fake-worker.js';
import type { GeneratedToken } from '../../border/types.js';
import { textGeneration, type TextGenerationPipeline } from './text-generation.js';

async function make(): Promise<{ generate: TextGenerationPipeline; worker: FakeWorker }> {
  const { runner, worker } = await fakeRunner();
  return { generate: textGeneration(runner), worker };
}

test('gives prompt and continuation, tokens, seed and timing', async () => {
  const { generate } = await make();
  const [result] = await generate('Once', { max_new_tokens: 2, seed: 7 });
  expect(result).toMatchObject({
    generated_text: 'Once w0 w1',
    text: ' w0 w1',
    finish_reason: 'length',
    seed: 7,
    prompt_tokens: 1,
  });
  expect(result.tokens.map(({ id }) => id)).toEqual([0, 1]);
  expect(result.timing.prefill_ms).toBeGreaterThanOrEqual(0);
  expect(Number.isFinite(result.timing.tokens_per_second)).toBe(true);
});

test('the continuation alone on request', async () => {
  const { generate } = await make();
  expect((await generate('Once', { max_new_tokens: 1, return_full_text: false }))[0].generated_text).toBe(' w0');
});

test('a seed is drawn, sent and reported where none is given', async () => {
  const { generate, worker } = await make();
  const [{ seed }] = await generate('Once');
  const sent = worker.received.find(({ call }) => call === 'generate') as { params: { options: { seed: number } } };
  expect(sent.params.options.seed).toBe(seed);
  expect(Number.isSafeInteger(seed)).toBe(true);
  expect((await generate('Once'))[0].seed).not.toBe(seed); // 1 in 4 billion
});

test('tells the reading of the prompt and each token', async () => {
  const { generate } = await make();
  const heard: unknown[] = [];
  await generate('Once', {
    max_new_tokens: 2,
    on_prefill: (progress) => heard.push(progress),
    on_token: ({ text }, index) => heard.push([index, text]),
  });
  expect(heard).toEqual(
    [{ done: 2, total: 2 }, [0, ' w0'], [1, ' w1']].map((one) => ('done' in one ? expect.objectContaining(one) : one)),
  );
});

test('a stopped text is in the error', async () => {
  const { generate } = await make();
  const stop = new AbortController();
  const error = await generate('Once', {
    max_new_tokens: 1_000_000,
    seed: 3,
    signal: stop.signal,
    on_token: (_, index) => index === 2 && stop.abort(),
  }).catch((error: unknown) => error);
  expect((error as ClozeError).code).toBe('aborted');
  expect((error as ClozeError).partial).toMatchObject({ text: ' w0 w1 w2', tokens: [{}, {}, {}], seed: 3 });
});

test('what was written before a crash is in the error', async () => {
  const { generate } = await make();
  await expect(generate('later trap', { max_new_tokens: 9 })).rejects.toMatchObject({
    code: 'worker_failed',
    partial: { text: ' w0' },
  });
});

describe('a conversation', () => {
  const messages = [
    { role: 'system', content: 'Be short.' },
    { role: 'user', content: 'Hello?' },
  ];

  test('comes back with the answer', async () => {
    const { generate, worker } = await make();
    const [result] = await generate(messages, { max_new_tokens: 2, seed: 7 });
    expect(result.generated_text).toEqual([...messages, { role: 'assistant', content: ' w0 w1' }]);
    expect(result).toMatchObject({ text: ' w0 w1', seed: 7, finish_reason: 'length' });
    expect(worker.core.calls).toContain('chat <system>Be short.<user>Hello?');
  });

  test('the answer alone on request', async () => {
    const { generate } = await make();
    const [result] = await generate(messages, { max_new_tokens: 1, return_full_text: false });
    expect(result.generated_text).toEqual([{ role: 'assistant', content: ' w0' }]);
  });

  test('streams as a text does', async () => {
    const { generate } = await make();
    const stream = generate.stream(messages, { max_new_tokens: 2 });
    let text = '';
    for (let next = await stream.next(); ; next = await stream.next()) {
      if (next.done) {
        expect(next.value.generated_text.at(-1)).toEqual({ role: 'assistant', content: text });
        break;
      }
      text += next.value.text;
    }
    expect(text).toBe(' w0 w1');
  });

  test('what is stopped is in the error', async () => {
    const { generate } = await make();
    const stop = new AbortController();
    const reply = generate(messages, {
      max_new_tokens: 1_000_000,
      signal: stop.signal,
      on_token: (_, index) => index === 1 && stop.abort(),
    });
    await expect(reply).rejects.toMatchObject({ code: 'aborted', partial: { text: ' w0 w1' } });
  });

  test('a last message of the assistant is continued, and the answer joined to it', async () => {
    const { generate, worker } = await make();
    const begun = [...messages, { role: 'assistant', content: 'Sure:', name: 'Ann' }];
    const [{ generated_text }] = await generate(begun, { max_new_tokens: 2 });
    expect(generated_text).toEqual([...messages, { role: 'assistant', content: 'Sure: w0 w1' }]);
    const [{ generated_text: alone }] = await generate(begun, { max_new_tokens: 1, return_full_text: false });
    expect(alone).toEqual([{ role: 'assistant', content: ' w0' }]);
    const [{ generated_text: answered }] = await generate(begun, { max_new_tokens: 1, continue_final_message: false });
    expect(answered).toEqual([...begun, { role: 'assistant', content: ' w0' }]);
    const sent = worker.received.filter(({ call }) => call === 'chat').at(-1) as { params: unknown };
    expect(sent.params).toMatchObject({ conversation: { messages: begun, continue_final_message: false } });
  });

  test('calls of tools without a text are answered, not continued', async () => {
    const { generate } = await make();
    for (const content of [null, [], [{ type: 'image' }]]) {
      const called = [...messages, { role: 'assistant', content, tool_calls: [{ name: 'now' }] }];
      const [{ generated_text }] = await generate(called, { max_new_tokens: 1 });
      expect(generated_text).toEqual([...called, { role: 'assistant', content: ' w0' }]);
    }
  });

  test('of parts is continued in the last of them', async () => {
    const { generate } = await make();
    const parts = [{ type: 'text', text: 'I ' }, { type: 'image' }];
    const [{ generated_text }] = await generate([{ role: 'assistant', content: parts }], { max_new_tokens: 1 });
    const joined = [{ type: 'text', text: 'I  w0' }, { type: 'image' }];
    expect(generated_text).toEqual([{ role: 'assistant', content: joined }]);
  });

  test('goes to the template with all its fields, in their order, as JSON', async () => {
    const { generate, worker } = await make();
    const odd = { content: null, role: 'user', z: 1, a: { b: [undefined, () => 1], at: new Date(0) }, gone: undefined };
    const options = { tools: [{ name: 'f' }], documents: [{ text: 'd' }], tokenizer_encode_kwargs: { deep: true } };
    await generate([new Proxy(odd, {})], { max_new_tokens: 1, ...options });
    const { params } = worker.received.find(({ call }) => call === 'chat') as { params: { conversation: unknown } };
    const { tools, documents, tokenizer_encode_kwargs: variables } = options;
    const seen = { content: null, role: 'user', z: 1, a: { b: [null, null], at: '1970-01-01T00:00:00.000Z' } };
    expect(JSON.stringify(params.conversation)).toBe(JSON.stringify({ messages: [seen], tools, documents, variables }));
  });

  test.each<[string, object]>([
    ['tools', { tools: 'f' }],
    ['tools', { tools: ['f'] }],
    ['documents', { documents: {} }],
    ['tokenizer_encode_kwargs', { tokenizer_encode_kwargs: [] }],
    ['tokenizer_encode_kwargs', { tokenizer_encode_kwargs: { n: 1n } }],
    ['continue_final_message', { continue_final_message: 'yes' }],
  ])('refuses %s of %o', async (option, options) => {
    const { generate } = await make();
    await expect(generate(messages, options)).rejects.toMatchObject({ code: 'invalid_option', details: { option } });
  });

  test('its options say nothing of a text', async () => {
    const { generate } = await make();
    const error = { code: 'invalid_option', details: { option: 'tools' } };
    await expect(generate('Once', { tools: [] })).rejects.toMatchObject(error);
  });

  test.each<[unknown[]]>([
    [[{ role: 'user' }]],
    [[{ role: 'user', content: 'x' }, 'Hello?']],
    [[{ role: 1, content: 'x' }]],
    [[null]],
  ])('of %o is refused', async (wrong) => {
    const { generate } = await make();
    await expect(generate(wrong as never)).rejects.toMatchObject({
      code: 'invalid_option',
      details: { option: 'messages' },
    });
  });
});

describe('stream', () => {
  test('yields the tokens and returns the result', async () => {
    const { generate } = await make();
    const stream = generate.stream('Once', { max_new_tokens: 3, seed: 1 });
    const tokens: GeneratedToken[] = [];
    for (let next = await stream.next(); ; next = await stream.next()) {
      if (next.done) {
        expect(next.value.tokens).toEqual(tokens);
        break;
      }
      tokens.push(next.value);
    }
    expect(tokens.map(({ text }) => text)).toEqual([' w0', ' w1', ' w2']);
  });

  test('leaving the loop stops the writing', async () => {
    const { generate, worker } = await make();
    for await (const _ of generate.stream('Once', { max_new_tokens: 1_000_000 })) break;
    expect((await generate('next', { max_new_tokens: 1 }))[0].text).toBe(' w0');
    expect(worker.core.alive).toBe(0);
  });

  test('its signal stops it', async () => {
    const { generate } = await make();
    const stop = new AbortController();
    const read = async (): Promise<void> => {
      for await (const _ of generate.stream('Once', { max_new_tokens: 1_000_000, signal: stop.signal })) stop.abort();
    };
    await expect(read()).rejects.toMatchObject({ code: 'aborted' });
    await expect(generate.stream('Once', { signal: AbortSignal.abort() }).next()).rejects.toMatchObject({
      code: 'aborted',
    });
  });

  test('rejects what the call rejects', async () => {
    const { generate } = await make();
    await expect(generate.stream('refuse').next()).rejects.toMatchObject({ code: 'empty_input' });
    await expect(generate.stream('x', { top_p: 2 }).next()).rejects.toMatchObject({ code: 'invalid_option' });
  });
});

test.each<[string, object]>([
  ['max_new_tokens', { max_new_tokens: 0 }],
  ['temperature', { temperature: -1 }],
  ['temperature', { temperature: '1' }],
  ['temperature', { temperature: Number.NaN }],
  ['do_sample', { do_sample: 'yes' }],
  ['top_k', { top_k: -1 }],
  ['top_p', { top_p: 1.1 }],
  ['min_p', { min_p: -0.1 }],
  ['seed', { seed: 0.5 }],
  ['seed', { seed: 2 ** 53 }],
  ['stop', { stop: 'end' }],
])('refuses a wrong %s: %o', async (option, options) => {
  const { generate } = await make();
  await expect(generate('x', options as never)).rejects.toMatchObject({ code: 'invalid_option', details: { option } });
});
