import { afterEach, expect, test } from 'vitest';
import { en } from './en.js';
import { inside as enInside } from './en/inside.js';
import { lessons as enLessons } from './en/lessons.js';
import { ownData as enOwnData } from './en/own-data.js';
import { train as enTrain } from './en/train.js';
import * as enFiles from './files/en.js';
import * as zhFiles from './files/zh.js';
import { words, type Words } from './index.js';
import { language, languageOf, onLanguage, setLanguage, translated } from './language.js';
import * as enPage from './page/en.js';
import * as zhPage from './page/zh.js';
import { answer } from './en/answer.js';
import { bring } from './en/bring.js';
import { chineseExamples } from './en/chinese-examples.js';
import { classify } from './en/classify.js';
import { fillMask } from './en/fill-mask.js';
import { generate } from './en/generate.js';
import { models } from './en/models.js';
import { nextSentence } from './en/next-sentence.js';
import { offer } from './en/offer.js';
import { summarize } from './en/summarize.js';
import { tag } from './en/tag.js';
import { writing } from './en/writing.js';
import * as enTraining from './training/en.js';
import * as zhTraining from './training/zh.js';
import { en as enWorker } from './worker/en.js';
import { zh as zhWorker } from './worker/zh.js';
import { screens as zhScreens, zh } from './zh.js';
import { inside as zhInside } from './zh/inside.js';
import { lessons as zhLessons } from './zh/lessons.js';
import { ownData as zhOwnData } from './zh/own-data.js';
import { train as zhTrain } from './zh/train.js';

/** All words of a language. The architectures' names are nobody's language, and the core says its errors itself in English. */
const { architectures: _, coreErrors: __, ...page } = enPage;
const { coreErrors: zhCoreErrors, ...zhPageOthers } = zhPage;
const enScreens = {
  ...{ answer, bring, chineseExamples, classify, fillMask, generate, models },
  ...{ nextSentence, offer, summarize, tag, writing },
};
const ENGLISH = {
  ...{ screens: { ...en, ...enScreens }, inside: enInside, train: enTrain, lessons: enLessons, ownData: enOwnData },
  ...{ files: { ...enFiles }, page, training: { ...enTraining }, worker: enWorker },
};
const CHINESE = {
  ...{ screens: { ...zh, ...zhScreens }, inside: zhInside, train: zhTrain, lessons: zhLessons, ownData: zhOwnData },
  ...{ files: { ...zhFiles }, page: zhPageOthers, training: { ...zhTraining }, worker: zhWorker },
};

/** A sentence, or a function that makes one. */
type Leaf = string | ((...values: never[]) => unknown);

/** All sentences of a language by the paths of their keys. */
function* leaves(part: unknown, path = ''): Generator<[string, Leaf]> {
  if (typeof part === 'string' || typeof part === 'function') yield [path, part as Leaf];
  else if (typeof part === 'object' && part !== null)
    for (const [key, value] of Object.entries(part)) yield* leaves(value, path === '' ? key : `${path}.${key}`);
}

/** Values that can be found again in what a sentence makes of them; odd ones where a number, a list or an object is wanted. */
const MARKS = Array.from({ length: 8 }, (_, at) => `⟦${at}⟧`);
/** What a sentence makes of the marks, as one text; undefined where it wants other values. */
function said(leaf: Leaf): string | undefined {
  if (typeof leaf === 'string') return leaf;
  const attempts = [MARKS, MARKS.map((mark, at) => (at === 0 ? (text: string) => text : mark))];
  for (const values of attempts) {
    try {
      const text = (leaf as (...values: unknown[]) => unknown)(...values);
      return Array.isArray(text) ? text.join('') : typeof text === 'string' ? text : undefined;
    } catch {
      // It wants a list, or an object.
    }
  }
  return undefined;
}
const marksIn = (text: string): string[] => MARKS.filter((mark) => text.includes(mark));

/** What is the same in Chinese: names, terms, file names, examples for models that have read English alone. */
const SAME =
  /(?:^|\.)(?:locale|scratch\.runName|marks\.\w+|own\.cloze.*|examplePrompts\.\d+|train\.chatSteps\.examples\.\d+|textsStart\.\d+|wordStart|defaultName|author|svg|png|csv|files|sha256|lengthOf|pair|between|colours)$/u;
/** Words of the field that Chinese texts write as they are. */
const TERMS =
  /^[\s\d%.,:;·→±‹›‖()|β，。：；（）、/“”&~+=γ…-]*(?:(?:Top-k|Top-p|Min-p|Softmax|Sigmoid|GPT-2|GPT-1|GPT|BERT|BPE|WordPiece|Unigram|ELMo|XLNet|DPO|AdamW|Muon|Dropout|Hub|LM|λ|A|B|x|y|Start|Delim|Extract|MB|kB|sha256)[\s\d%.,:;·→±‹›‖()|β，。：；（）、/“”&~+=γ…-]*)*$/u;
const HAN = /\p{Script=Han}/u;

afterEach(() => setLanguage('en'));

test('every key has words in both languages', () => {
  const paths = (all: unknown): string[] => [...leaves(all)].map(([path]) => path).sort();
  expect(paths(CHINESE)).toEqual(paths(ENGLISH));
  for (const [path, leaf] of [...leaves(ENGLISH), ...leaves(CHINESE)])
    if (typeof leaf === 'string' && !path.endsWith('marks.between')) expect(leaf.trim(), path).not.toBe('');
});

test('no sentence is left in English', () => {
  for (const [path, leaf] of leaves(CHINESE)) {
    if (SAME.test(path)) continue;
    const text = said(leaf);
    if (text === undefined) continue;
    const own = MARKS.reduce((rest, mark) => rest.replaceAll(mark, ''), text).replaceAll(/[\u2068\u2069\u00a0]/gu, '');
    if (!TERMS.test(own)) expect(own, path).toMatch(HAN);
  }
});

test('a sentence says in Chinese all that it says in English', () => {
  const chinese = new Map(leaves(CHINESE));
  let compared = 0;
  for (const [path, leaf] of leaves(ENGLISH)) {
    const other = chinese.get(path)!;
    expect(typeof other, path).toBe(typeof leaf);
    const [ours, theirs] = [said(leaf), said(other)];
    if (typeof leaf === 'string' || ours === undefined || theirs === undefined) continue;
    expect(marksIn(theirs), path).toEqual(marksIn(ours));
    compared += 1;
  }
  expect(compared).toBeGreaterThan(200);
});

test('Chinese has marks of its own between words of its own, and sets no blank beside them', () => {
  for (const [path, leaf] of leaves(CHINESE)) {
    const text = said(leaf) ?? '';
    if (SAME.test(path) || !HAN.test(text)) continue;
    expect(text, path).not.toMatch(/\p{Script=Han}[,;:!?]|[,;!?]\p{Script=Han}|\p{Script=Han}\.(?![\w/])| {2}|\n/u);
    expect(text, path).not.toMatch(/\p{Script=Han} \p{Script=Han}|[，。；：！？、] | [，。；：！？、]/u);
  }
});

test('no English sentence has straight apostrophes, or blanks that are lost', () => {
  const { files: _, page: __, training: ___, worker: ____, ...screens } = ENGLISH;
  for (const [path, text] of leaves(screens)) {
    if (typeof text !== 'string' || /examples/u.test(path)) continue;
    expect(text, path).not.toMatch(/\w'\w| {2}|\n/u);
  }
});

test('errors of the core are told in Chinese by their facts', () => {
  const details = { input: 'prompt', tokens: 1030, max: 1023 };
  expect(zhCoreErrors['input_too_long']!(details)).toBe('提示词有1030个词元；这个模型最多读1023个。请缩短约7个词元。');
  expect(zhCoreErrors['no_mlm_head']!({ has: ['lm'] })).toContain('它可以用于下一个词元');
  // An error of the package of the same code says itself what is wrong.
  expect(zhCoreErrors['worker_failed']!({})).toBeUndefined();
});

test('a sentence keeps what is set apart where it stands', () => {
  const [before, token, after] = words.frame.nowWith({ name: 'x' });
  expect([before, token, after]).toEqual(['Now with the model ', { name: 'x' }, '.']);
});

test('a language that lacks a key is a type error', () => {
  const { stop: _, ...lacking } = words.frame;
  // @ts-expect-error: `stop` is not there
  const other: Words = { ...words, frame: lacking };
  expect(Object.keys(other.frame)).not.toContain('stop');
});

test('the words of a page change in place, and back', async () => {
  const say = words.frame;
  let heard = 0;
  const stop = onLanguage(() => (heard += 1));
  await setLanguage('zh');
  expect([language(), say.stop, say.facts.time, words.labels.generate]).toEqual(['zh', '停止', '用时', '文本生成']);
  await setLanguage('en');
  expect([language(), say.stop, say.facts.time]).toEqual(['en', 'Stop', 'Time']);
  stop();
  await setLanguage('zh');
  expect(heard).toBe(2);
});

test('the language that was asked for last is spoken', async () => {
  await Promise.all([setLanguage('zh'), setLanguage('en')]);
  expect(language()).toBe('en');
  await Promise.all([setLanguage('en'), setLanguage('zh')]);
  expect([language(), words.frame.stop]).toEqual(['zh', '停止']);
});

test('words that come late, and words that do not come', async () => {
  await setLanguage('zh');
  const late = translated({ deep: { word: 'word' } }, { zh: async () => ({ deep: { word: '词' } }) });
  await expect.poll(() => late.deep.word).toBe('词');
  await setLanguage('en');
  let fails = true;
  const failing = translated(
    { word: 'word' },
    { zh: async () => (fails ? Promise.reject(new Error('gone')) : { word: '词' }) },
  );
  await expect(setLanguage('zh')).rejects.toThrow('gone');
  expect([language(), failing.word, words.frame.stop]).toEqual(['en', 'word', 'Stop']);
  fails = false;
  await setLanguage('zh');
  expect(failing.word).toBe('词');
});

test('tags of languages', () => {
  expect(['zh-Hant-TW', 'ZH', 'en-GB', 'fr', 'zhx', ''].map(languageOf)).toEqual([
    'zh',
    'zh',
    'en',
    undefined,
    undefined,
    undefined,
  ]);
});
