import { expect, test } from 'vitest';
import { fakeRunner } from '../test-support/runner.js';
import { AutoTokenizer } from './auto-tokenizer.js';
import { env } from './env.js';
import { languageInspection } from './inspection/language.js';
import { given, type Place } from './options.js';
import { openModel, pipeline } from './pipeline.js';
import { models } from './stored-models.js';
import { openTokenizer } from './text-tokenizer.js';
import { fillMask } from './tasks/fill-mask.js';
import { nextSentence } from './tasks/next-sentence.js';
import { featureExtraction } from './tasks/feature-extraction.js';
import { questionAnswering } from './tasks/question-answering.js';
import { summarization } from './tasks/summarization.js';
import { textClassification } from './tasks/text-classification.js';
import { textGeneration } from './tasks/text-generation.js';
import { tokenClassification } from './tasks/token-classification.js';

const { runner } = await fakeRunner();
const inspect = languageInspection(runner);
const unmask = fillMask(runner);
const compare = nextSentence(runner);
const summarize = summarization(runner);
const generate = textGeneration(runner);
const answer = questionAnswering(runner);
const classify = textClassification(runner);
const tag = tokenClassification(runner);
const extract = featureExtraction(runner);

type Calls = Record<string, (options: never) => Promise<unknown>>;
const CALLS: Calls = {
  'pipeline()': (options) => pipeline('fill-mask', null, options),
  'openModel()': (options) => openModel(null, options),
  'openTokenizer()': (options) => openTokenizer(null, options),
  'AutoTokenizer.from_pretrained()': (options) => AutoTokenizer.from_pretrained(null, options),
  'inspect.surprisal()': (options) => inspect.surprisal('a', options),
  'inspect.next_token()': (options) => inspect.next_token('a', options),
  'inspect.mask_for_training()': (options) => inspect.mask_for_training('a', options),
  'inspect.tokenization_steps()': (options) => inspect.tokenization_steps('a', options),
  'models.verify()': (options) => models.verify('x', options),
  'fill-mask': (options) => unmask('[MASK]', options),
  'fill-mask, several': (options) => unmask(['[MASK]'], options),
  'masks()': (options) => unmask.masks('[MASK]', options),
  'predict()': (options) => unmask.predict('[MASK]', options),
  'pseudo_perplexity()': (options) => unmask.pseudo_perplexity('a', options),
  'next-sentence-prediction': (options) => compare('a', 'b', options),
  'text-generation': (options) => generate('a', options),
  'text-generation, chat': (options) => generate([{ role: 'user', content: 'a' }], options),
  'text-generation, several': (options) => generate(['a', 'b'], options),
  'stream()': (options) => generate.stream('a', options).next(),
  summarization: (options) => summarize('a', options),
  'plan()': (options) => summarize.plan('a', options),
  'question-answering': (options) => answer('a', 'b', options),
  'question-answering, several': (options) => answer(['a'], 'b', options),
  'text-classification': (options) => classify('a', options),
  'text-classification, several': (options) => classify(['a'], options),
  'token-classification': (options) => tag('a', options),
  'feature-extraction': (options) => extract('a', options),
};

test.each(Object.entries(CALLS))('%s refuses what does not exist', async (_, call) => {
  const refused = async (options: unknown, option: string): Promise<void> =>
    expect(call(options as never)).rejects.toMatchObject({
      name: 'ClozeError',
      code: 'invalid_option',
      details: { option },
      message: expect.stringContaining(`Option "${option}"`) as string,
    });
  await refused({ nonsense: 1 }, 'nonsense');
  await refused({ nonsense: false }, 'nonsense');
  await refused({ constructor: 1 }, 'constructor');
  await refused({ signal: 'no' }, 'signal');
  await refused('no object', 'options');
  await refused([1], 'options');
});

test.each<[Place, string, string]>([
  ['text-generation', 'max_tokens', 'max_new_tokens'],
  ['summarization', 'maxLength', 'max_length'],
  ['text-generation', 'stopping_criteria', 'stop'],
  ['text-generation', 'num_return_sequence', 'num_return_sequences'],
  ['tokenizer()', 'addSpecialTokens', 'add_special_tokens'],
  ['tokenizer()', 'return_tensors', 'return_tensor'],
  ['tokenizer.decode()', 'skip_special_token', 'skip_special_tokens'],
  ['TextStreamer', 'callback', 'callback_function'],
  ['AutoTokenizer.from_pretrained()', 'revison', 'revision'],
  ['fill-mask', 'topk', 'top_k'],
  ['fill-mask', 'target', 'targets'],
  ['next-sentence-prediction', 'onCandidate', 'on_candidate'],
  ['question-answering', 'max_answer_length', 'max_answer_len'],
  ['question-answering', 'topk', 'top_k'],
  ['text-classification', 'return_all_scores', 'top_k'],
  ['token-classification', 'grouped_entities', 'aggregation_strategy'],
  ['feature-extraction', 'normalize_embeddings', 'normalize'],
  ['pipeline()', 'dType', 'dtype'],
  ['pipeline()', 'quantized', 'dtype'],
  ['openModel()', 'defaultModel', 'default_model'],
])('of %s, %s is perhaps %s', (place, name, near) => {
  expect(() => given(place, { [name]: 1 })).toThrow(
    expect.objectContaining({
      message: `Option "${name}": does not exist in ${place}. Did you mean "${near}"?`,
      details: { option: name, nearest: near },
    }),
  );
});

test('an option of another place says where it belongs, and what there is', () => {
  const said =
    'Option "temperature": belongs to text-generation, summarization and not to fill-mask, which has signal, ';
  expect(() => given('fill-mask', { temperature: 1 })).toThrow(said);
  expect(() => given('text-generation', { typical_p: 0.9 })).toThrow(/exist in text-generation, which has .*top_k/u);
});

test('what is undefined or null is not there, whatever its name', async () => {
  expect(given('fill-mask', { nonsense: undefined, other: null, top_k: undefined, signal: null })).toEqual({});
  expect(given('fill-mask', null)).toEqual({});
  expect(await unmask('[MASK]', { top_k: undefined, targets: null } as never)).toHaveLength(5);
});

test('defaults may be inherited', () => {
  expect(given('fill-mask', Object.create({ top_k: 2 }) as object)).toEqual({ top_k: 2 });
});

test.each<[Place, string]>([
  ['text-generation', 'on_token'],
  ['fill-mask', 'on_step'],
  ['pipeline()', 'progress_callback'],
  ['models.verify()', 'on_progress'],
])('%s: %s is a function', (place, name) =>
  expect(() => given(place, { [name]: 'no' })).toThrow(`Option "${name}": must be a function, not string`),
);

test('misspelt settings throw', () => {
  const loose = env as unknown as Record<string, unknown>;
  expect(() => (loose['remoteHost'] = 'https://x/')).toThrow(
    'Option "remoteHost": does not exist in env. Did you mean "remote_host"?',
  );
  expect(() => (loose['allowLocalModels'] = false)).toThrow(/exist in env, which has remote_host, /u);
  expect(() => Object.assign(env, { use_browser_cache: false, usebrowsercache: 1 })).toThrow(/use_browser_cache/u);
  expect(env.use_browser_cache).toBe(false);
  env.use_browser_cache = true;
  expect(Object.isSealed(env)).toBe(true);
});
