import { describe, expect, it } from 'vitest';
import type { ModelInfo, StoredModel } from '../../index.js';
import { MODEL_ROWS } from '../rows.js';
import { choiceAt, choiceFrom, choiceOf, fits, mayUse } from './model-choice.js';

const can = (info: Partial<ModelInfo>): string[] =>
  MODEL_ROWS.filter((screen) => fits({ heads: [], ...info } as ModelInfo, screen)).map(({ label }) => label);

describe('fits', () => {
  it.each<[string, Partial<ModelInfo>, string[]]>([
    ['BERT with both heads', { heads: ['mlm', 'nsp'] }, ['Fill mask', 'Next sentence', 'Inside']],
    ['DistilBERT', { heads: ['mlm'] }, ['Fill mask', 'Inside']],
    ['a BERT that answers questions', { heads: ['qa'] }, ['Inside', 'Answer']],
    ['a GPT-2 that classifies', { heads: ['sequence-classification'] }, ['Inside', 'Classify']],
    ['a RoBERTa that tags', { heads: ['token-classification'] }, ['Inside', 'Tag']],
    ['an encoder without heads', {}, ['Inside']],
    ['GPT-2', { heads: ['lm'] }, ['Generate', 'TL;DR', 'Inside']],
  ])('%s', (_, info, screens) => expect(can(info)).toEqual(screens));
});

const stored = (one: Partial<StoredModel>): StoredModel => ({
  id: 'a/b@main',
  name: 'a/b',
  source: 'hub',
  url: '',
  revision: 'main',
  model_type: 'bert',
  files: [],
  bytes: 1,
  kept_bytes: 1,
  complete: true,
  last_used: 1,
  ...one,
});

describe('mayUse, of models that were not loaded yet', () => {
  const offered = (model_type: string | null): string[] =>
    MODEL_ROWS.filter((screen) => mayUse({ ...choiceAt('x'), model_type }, screen)).map(({ label }) => label);
  it.each<[string | null, string[]]>([
    ['bert', ['Fill mask', 'Next sentence', 'Inside', 'Answer', 'Classify', 'Tag']],
    ['distilbert', ['Fill mask', 'Inside', 'Answer', 'Classify', 'Tag']],
    ['roberta', ['Fill mask', 'Inside', 'Answer', 'Classify', 'Tag']],
    ['gpt2', ['Generate', 'TL;DR', 'Inside', 'Classify']],
    ['llama', ['Generate', 'TL;DR', 'Inside']],
    [null, MODEL_ROWS.map(({ label }) => label)],
  ])('%s', (type, screens) => expect(offered(type)).toEqual(screens));
});

describe('choices', () => {
  it('a hub id keeps its revision, an address stays as it was typed', () => {
    expect(choiceOf(stored({})).model).toBe('a/b@main');
    expect(choiceOf(stored({ source: 'url', id: 'https://x.org/m/', name: 'https://x.org/m/model.gguf' })).model).toBe(
      'https://x.org/m/model.gguf',
    );
  });
  it('files are named after their folder, else after the weights, and are told apart', () => {
    const file = (name: string, path = ''): File => Object.assign(new File([], name), { webkitRelativePath: path });
    expect(choiceFrom([file('config.json', 'mine/config.json')]).name).toBe('mine');
    const two = [file('config.json'), file('model.gguf')];
    expect(choiceFrom(two).name).toBe('model.gguf');
    expect(choiceFrom(two).id).not.toBe(choiceFrom(two).id);
  });
});
