import { expect, test } from 'vitest';
import { fillIn } from './screens';

const PAGE = `<div><!-- tabs --></div><ul><!-- more --></ul>
<!-- starting --><p>Starting.</p>
<!-- panels -->`;
const ROWS = [
  { task: 'one', tag: 'x-one', label: 'One' },
  { task: 'two', tag: 'x-two', label: 'Two; $& more' },
  { task: 'three', tag: 'x-three', label: 'Three', brought: 'counts further' },
];

test('a tab and a panel for each row, of which the first is shown', () => {
  const page = fillIn(PAGE, ROWS);
  expect(page).toContain('id="tab-one" data-task="one" aria-controls="panel-one" aria-selected="true">One</button>');
  expect(page).toContain('aria-controls="panel-two" aria-selected="false" tabindex="-1">Two; $& more</button>');
  expect(page).toMatch(/id="panel-one" aria-labelledby="tab-one">\s*<x-one full><p>Starting.<\/p><\/x-one>/u);
  expect(page).toMatch(/id="panel-two" aria-labelledby="tab-two" hidden>\s*<x-two full><\/x-two>/u);
  expect(page).toContain('tabindex="-1" hidden>Three</button>');
  expect(page).toContain('<ul><li><a href="#task=three">Three</a> <span>counts further</span></li></ul>');
  expect(page).not.toContain('<!--');
});

test('a page without a place for them is an error', () => {
  expect(() => fillIn('<main></main>', ROWS)).toThrow('no place');
});
