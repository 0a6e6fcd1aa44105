import { beforeEach, expect, test } from 'vitest';
import type { GeneratedToken } from '../../index.js';
import { FakeHost } from '../../test-support/fake-host.js';
import type { ScreenHost } from './screen-parts.js';
import { WritingController, type WritingScreen, type Written } from './writing.js';

const token = (text: string): GeneratedToken => ({ id: 1, token: text, logprob: -1, text, top: [] });

const result: Written = {
  text: 'a b.',
  tokens: [token('a'), token(' b')],
  finish_reason: 'length',
  seed: 7,
  prompt_tokens: 3,
  timing: { prefill_ms: 10, decode_ms: 20, tokens_per_second: 50 },
};

let status: string;
let screen: WritingScreen<Written>;
let writing: WritingController<Written>;
let draws: boolean;

beforeEach(() => {
  status = '';
  draws = true;
  screen = {
    host: new FakeHost().asHost as ScreenHost,
    pipe: undefined,
    answerer: undefined,
    result: undefined,
    announce: (text) => (status = text),
  };
  writing = new WritingController(screen, {
    draws: () => draws,
    canContinue: () => false,
    continueFrom: () => undefined,
  });
});

const plain = (text: string): string => text.replaceAll('\u00a0', ' ');

test('a new text takes the old result away', () => {
  screen.result = result;
  writing.begin('Once');
  expect([writing.begun, screen.result, writing.facts()]).toEqual([true, undefined, []]);
});

test('tokens add up; now and then the status line says how many', () => {
  writing.begin('');
  writing.onToken(token('a'));
  expect([writing.soFar, status]).toEqual(['a', '']);
  for (let more = 1; more < 50; more++) writing.onToken(token('b'));
  expect(status).toBe('Writing: 50 tokens so far.');
});

test('reading the prompt is told, then writing', () => {
  writing.onPrefill({ done: 1, total: 2 });
  expect(status).toBe('Reading the prompt: 1 of 2 tokens.');
  writing.onPrefill({ done: 2, total: 2 });
  expect(status).toBe('Writing.');
});

test('what is said of a text that ended', () => {
  screen.result = result;
  expect(plain(writing.summary(result))).toBe('Finished: 2 tokens in 30 ms; the length you set was reached.');
  expect(writing.facts().map(([name, value]) => `${name}: ${plain(value)}`)).toEqual([
    'Read: 3 tokens in 10 ms',
    'Written: 2 tokens in 20 ms',
    'Speed: 50.0 tokens/s',
    'Seed: 7',
  ]);
  draws = false;
  expect(writing.facts().map(([name]) => name)).not.toContain('Seed');
});

test('what is said of one that was stopped', () => {
  expect(writing.stoppedSummary()).toBe('Stopped.');
  writing.begin('');
  writing.interrupted();
  expect(writing.facts()).toEqual([]);
  writing.onToken(token('a'));
  writing.interrupted();
  expect(writing.stoppedSummary()).toBe('Stopped after 1 token.');
  expect(writing.facts().at(-1)).toEqual(['Written', '1 token, then stopped']);
});
