import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { teachersPage } from './teachers';

const TEMPLATE = readFileSync(new URL('teachers.html', import.meta.url), 'utf8');
const step = { title: 'First', task: 'Press “Start” & wait', look: 'Is 1 < 2?', expect: 'Yes; $& more' };
const lesson = {
  name: 'gpt',
  minutes: 25,
  words: { title: 'GPT', aim: 'Aim.', question: 'Why?', answer: 'Data.', steps: [step] },
};

test('each lesson stands there with what to do, to ask and to expect', () => {
  const page = teachersPage(TEMPLATE, {
    lessons: [lesson],
    causes: [['data', 'What it read']],
    styles: ['a.css', 'b.css'],
  });
  expect(page).toContain('<li><a href="#lesson-gpt">GPT</a></li>');
  expect(page).toContain('<td data-name="Do">Press “Start” &amp; wait</td>');
  expect(page).toContain('Is 1 &lt; 2?');
  expect(page).toContain('Yes; $&amp; more');
  expect(page).toContain('<code>data</code></th><td>What it read</td>');
  expect(page).toContain('<link rel="stylesheet" href="./a.css" />\n<link rel="stylesheet" href="./b.css" />');
  expect(page).not.toMatch(/<!--/u);
});

test('a template without a place for them is an error', () => {
  expect(() => teachersPage('<main></main>', { lessons: [], causes: [], styles: [] })).toThrow('no place');
});
