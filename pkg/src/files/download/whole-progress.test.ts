import { expect, test } from 'vitest';
import type { ModelSource } from '../../border/load-request.js';
import { expected, WholeProgress } from './whole-progress.js';

const file = (size: number): { url: string; size: number } => ({ url: 'https://x.example/', size });
const OWN: ModelSource = {
  kind: 'default',
  id: 'bert',
  files: { 'config.json': file(10), 'tokenizer.json': file(90), 'model.gguf': file(900) },
};
const FOLDER: ModelSource = { kind: 'folder', name: 'm', base: 'https://x.example/m/' };

test('of the package’s own models all is known from the start', () => {
  expect(expected(OWN)).toEqual({ loaded: 0, total: 1000 });
  expect(expected(FOLDER)).toBeUndefined();
  expect(new WholeProgress(OWN).with({ status: 'initiate', message: '' }).whole).toEqual({ loaded: 0, total: 1000 });
});

test('files are added up, and so are the rates of those that come', () => {
  const whole = new WholeProgress(OWN);
  whole.with({ status: 'done', file: 'config.json', loaded: 10, total: 10, message: '' });
  whole.with({ status: 'progress', file: 'tokenizer.json', loaded: 40, total: 90, rate: 20, message: '' });
  const told = whole.with({ status: 'progress', file: 'model.gguf', loaded: 100, total: 900, rate: 30, message: '' });
  expect(told).toMatchObject({ loaded: 100, whole: { loaded: 150, total: 1000, rate: 50, seconds_left: 17 } });
  whole.with({ status: 'done', file: 'tokenizer.json', loaded: 90, total: 90, message: '' });
  const paused = whole.with({ status: 'paused', file: 'model.gguf', loaded: 100, total: 900, message: '' });
  expect(paused.whole).toEqual({ loaded: 200, total: 1000 });
});

test('the program is there at once when it is there', () => {
  const whole = new WholeProgress(OWN);
  whole.expect('/cloze.wasm', 500);
  expect(whole.with({ status: 'initiate', message: '' }).whole).toEqual({ loaded: 0, total: 1500 });
  whole.arrived('/cloze.wasm');
  whole.arrived('/of-unknown-length.wasm');
  expect(whole.with({ status: 'initiate', message: '' }).whole).toEqual({ loaded: 500, total: 1500 });
});

test('of a folder nothing is said of all before the weights’ length is known; a packed file counts as it comes', () => {
  const whole = new WholeProgress(FOLDER);
  expect(whole.with({ status: 'initiate', file: 'model.safetensors', message: '' }).whole).toBeUndefined();
  const small = whole.with({ status: 'progress', file: 'tokenizer.json', loaded: 40, message: '' });
  expect(small.whole).toEqual({ loaded: 40 });
  const weights = whole.with({ status: 'download', file: 'model.gguf', total: 900, message: '' });
  expect(weights.whole).toEqual({ loaded: 40, total: 940 });
  const more = whole.with({ status: 'done', file: 'tokenizer.json', loaded: 90, total: 90, message: '' });
  expect(more.whole).toEqual({ loaded: 90, total: 990 });
});
