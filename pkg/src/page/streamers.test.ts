import { expect, test } from 'vitest';
import { fakeRunner } from '../test-support/runner.js';
import { BaseStreamer, endText, hand, TextStreamer } from './streamers.js';
import { summarization } from './tasks/summarization.js';
import { textGeneration, type TextGenerationPipeline } from './tasks/text-generation.js';
import type { TextStreamerOptions } from '../border/streaming.js';

const make = async (): Promise<TextGenerationPipeline> => textGeneration((await fakeRunner()).runner);

/** A streamer that is not fed by a pipeline, and what it gave out. */
async function streamer(options: TextStreamerOptions): Promise<{ pieces: string[]; streamer: TextStreamer }> {
  const pieces: string[] = [];
  const { tokenizer } = await make();
  return { pieces, streamer: new TextStreamer(tokenizer, { ...options, callback_function: (t) => pieces.push(t) }) };
}

const said = (text: string): { text: string; full_text: string } => ({ text, full_text: text });

test('a text comes in whole words, and all of it', async () => {
  const { pieces, streamer: it } = await streamer({ skip_prompt: true });
  hand(it, [1], said('Once'));
  for (const text of [' up', 'on', ' a', ' ti', 'me,\n', '猫', 'の']) hand(it, [2], said(text));
  endText(it, ' en');
  expect(pieces).toEqual([' ', 'upon ', 'a ', 'time,\n', '猫', 'の', ' en']);
  // The next text begins with a prompt again.
  hand(it, [1], said('Twice'));
  hand(it, [2], said(' so'));
  endText(it, '');
  expect(pieces.slice(7)).toEqual([' ', 'so']);
});

test('special tokens are shown on request', async () => {
  const shown = await streamer({ skip_special_tokens: false });
  hand(shown.streamer, [90], { text: '', full_text: '[CLS]' });
  expect(shown.pieces).toEqual(['[CLS]']);
  const nested = await streamer({ decode_kwargs: { skip_special_tokens: false } });
  hand(nested.streamer, [90], { text: '', full_text: '[CLS]' });
  expect(nested.pieces).toEqual(['[CLS]']);
});

test('generation feeds it: the prompt, each token, the end', async () => {
  const generate = await make();
  const [tokens, text]: [bigint[][], string[]] = [[], []];
  const it = new TextStreamer(generate.tokenizer, {
    callback_function: (piece) => text.push(piece),
    token_callback_function: (ids) => tokens.push(ids),
  });
  await generate('Once', { max_new_tokens: 2, streamer: it });
  expect(tokens).toEqual([[7n], [0n], [1n]]);
  expect(text.join('')).toBe('t7 w0 w1');
});

test('an object of one’s own is fed as well, once for each text', async () => {
  class Counter extends BaseStreamer {
    rows: bigint[][] = [];
    ends = 0;
    put(value: bigint[][]): void {
      this.rows.push(...value);
    }
    end(): void {
      this.ends++;
    }
  }
  const generate = await make();
  const counter = new Counter();
  const texts = await generate(['a', 'b'], { max_new_tokens: 1, num_return_sequences: 2, streamer: counter });
  expect(texts.map((list) => list.length)).toEqual([2, 2]);
  expect(counter).toMatchObject({ ends: 4, rows: { length: 8 } });
  const summarize = summarization((await fakeRunner()).runner);
  await summarize('a', { max_new_tokens: 2, streamer: counter });
  expect(counter).toMatchObject({ ends: 5, rows: { length: 11 } });
});

test('a text that is stopped ends, too', async () => {
  const { pieces, streamer: it } = await streamer({ skip_prompt: true });
  const stop = new AbortController();
  const generate = await make();
  const on_token = (_: unknown, index: number): void => void (index === 1 && stop.abort());
  await expect(
    generate('a', { max_new_tokens: 1e6, streamer: it, signal: stop.signal, on_token }),
  ).rejects.toMatchObject({ code: 'aborted' });
  expect(pieces.join('')).toBe(' w0 w1');
});

test('callback_function hears of prompt and text, as in transformers.js 2', async () => {
  const generate = await make();
  const heard: unknown[] = [];
  await generate('a', { max_new_tokens: 2, callback_function: ([beam]) => heard.push(beam) });
  expect(heard).toEqual([
    { output_token_ids: [7, 0], score: -1 },
    { output_token_ids: [7, 0, 1], score: -2 },
  ]);
});

test('refuses tokens that no pipeline handed over, several rows, and what is no streamer', async () => {
  const { streamer: it } = await streamer({});
  const refused = expect.objectContaining({ code: 'invalid_option', details: { option: 'value' } }) as Error;
  expect(() => it.put([[1n]])).toThrow(refused);
  expect(() => it.put([[1n], [2n]])).toThrow(refused);
  const generate = await make();
  await expect(generate('a', { streamer: {} as never })).rejects.toMatchObject({ details: { option: 'streamer' } });
  expect(() => new TextStreamer(generate.tokenizer, { skip_prompts: true } as never)).toThrow('skip_prompt');
});
