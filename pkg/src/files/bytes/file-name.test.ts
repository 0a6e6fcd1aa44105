import { expect, test } from 'vitest';
import { fileName, inFolder } from './file-name.js';

test.each([
  ['https://a.example/b/model.gguf?x=1#y', 'model.gguf'],
  ['https://a.example/b/my%20model.gguf', 'my model.gguf'],
  ['https://a.example/100%zz.gguf', '100%zz.gguf'],
  ['https://a.example/b/', ''],
])('the name in %s', (url, name) => expect(fileName(new URL(url))).toBe(name));

test.each([
  ['config.json', 'https://a.example/b/config.json'],
  ['gguf/q8 #1?.gguf', 'https://a.example/b/gguf/q8%20%231%3F.gguf'],
  ['100%.gguf', 'https://a.example/b/100%25.gguf'],
])('the address of %s', (name, url) => expect(inFolder(name, 'https://a.example/b/')).toBe(url));
