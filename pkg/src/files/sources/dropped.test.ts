import { expect, test } from 'vitest';
import { droppedFiles } from './dropped.js';

type Tree = { [name: string]: string | Tree };

/** An entry of a drop, as browsers give it. */
const entryOf = (name: string, what: string | Tree): object =>
  typeof what === 'string'
    ? { name, isDirectory: false, file: (resolve: (file: File) => void) => resolve(new File([what], name)) }
    : {
        name,
        isDirectory: true,
        createReader() {
          const all = [Object.entries(what).map(([inside, content]) => entryOf(inside, content)), []];
          return { readEntries: (resolve: (entries: object[]) => void) => resolve(all.shift()!) };
        },
      };

test('of two files with one name the upper one comes first, and hidden folders are passed by', async () => {
  const folder = {
    '1_Pooling': { 'config.json': 'lower' },
    '.cache': { 'config.json': 'hidden' },
    'config.json': 'upper',
  };
  const item = { kind: 'file', webkitGetAsEntry: () => entryOf('model', folder), getAsFile: () => null };
  const files = await droppedFiles({ items: [item] } as never);
  expect(await Promise.all(files.map((file) => file.text()))).toEqual(['upper', 'lower']);
});
