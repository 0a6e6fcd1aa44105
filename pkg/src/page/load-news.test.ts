import { expect, test } from 'vitest';
import type { ProgressInfo } from '../border/types.js';
import { loadNews } from './load-news.js';

test('news have the fields of transformers.js', () => {
  const heard: ProgressInfo[] = [];
  const tell = loadNews((progress) => heard.push(progress), { name: 'owner/model', task: 'fill-mask' });
  const about = { file: 'a.json', message: '' };
  tell({ status: 'initiate', ...about });
  tell({ status: 'download', ...about });
  tell({ status: 'progress', ...about, loaded: 10, total: 40 });
  tell({ status: 'progress', ...about, file: 'b.bin', loaded: 30, total: 60 });
  tell({ status: 'done', ...about });
  tell({ status: 'ready', message: 'The model is ready' });
  expect(heard.map(({ status }) => status)).toEqual([
    'initiate',
    'download',
    'progress_total',
    'progress',
    'progress_total',
    'progress',
    'done',
    'ready',
  ]);
  expect(heard.every(({ name }) => name === 'owner/model')).toBe(true);
  expect(heard[3]).toMatchObject({ file: 'a.json', loaded: 10, total: 40, progress: 25 });
  expect(heard[4]).toMatchObject({
    loaded: 40,
    total: 100,
    progress: 40,
    files: { 'a.json': { loaded: 10, total: 40 }, 'b.bin': { loaded: 30, total: 60 } },
  });
  expect(heard[7]).toMatchObject({ task: 'fill-mask', model: 'owner/model' });
});

test('where the whole load is known, it is what the sum is', () => {
  const heard: ProgressInfo[] = [];
  const tell = loadNews((progress) => heard.push(progress), {});
  tell({ status: 'progress', file: 'a', message: '', loaded: 5, whole: { loaded: 20, total: 80 } });
  expect(heard[0]).toMatchObject({ status: 'progress_total', loaded: 20, total: 80, progress: 25 });
  // The server did not say how long the file is.
  expect(heard[1]).not.toHaveProperty('progress');
});
