import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { searching } from '../../src/docs/search';
import { strangeCode, withCode } from './code';
import { shared, tables, without, type Element } from './elements';
import { highlighted } from './highlight';
import { rendered } from './markdown';
import { CHINESE_PAGES } from './pages';
import { withParts } from './parts';

const PLACES = {
  page: (file: string) => (file === 'docs/two.md' ? './two.html' : undefined),
  picture: (file: string) => `./pictures/${file}`,
};
const html = (source: string): string => rendered(source, 'docs/one.md', PLACES).html;

describe('Markdown', () => {
  test('headings have the anchors that GitHub gives them, each once', () => {
    const { title, sections } = rendered(
      '# The `page`\n\nFirst.\n\n## A & b, c\n\nText.\n\n## A & b, c\n',
      'a.md',
      PLACES,
    );
    expect(title).toBe('The page');
    expect(sections).toEqual([
      { level: 1, title: 'The page', anchor: '', text: 'First.' },
      { level: 2, title: 'A & b, c', anchor: 'a--b-c', text: 'Text.' },
      { level: 2, title: 'A & b, c', anchor: 'a--b-c-1', text: '' },
    ]);
  });

  test('links lead to pages; to a file that no page shows there is none', () => {
    expect(
      html('# T\n[two](two.md#x) [up](../docs/two.md) [web](https://a.b/) [no `code`](../xtask/layers.txt)'),
    ).toContain(
      '<a href="./two.html#x">two</a> <a href="./two.html">up</a> <a href="https://a.b/">web</a> no <code>code</code>',
    );
    expect(html('# T\n![curve](../models/c.svg)')).toContain('<img src="./pictures/models/c.svg" alt="curve">');
  });

  test('no style stands in the HTML, and an empty head is none', () => {
    const table = html('# T\n\n| | n |\n|---|--:|\n| a | 1 |');
    expect(table).toContain('<td></td>\n<th class="number">n</th>');
    expect(table).toContain('role="group" aria-label="Table: T"');
    expect(table).not.toContain('style=');
  });

  test('a page without a title is an error', () => {
    expect(() => html('Only text.')).toThrow('docs/one.md has no heading');
  });
});

test('code keeps its text whatever is coloured', () => {
  const code = `// a "comment"\nconst x = \`a < ${'${b}'} \\\` & c\`; for (;;) 'it\\'s';`;
  const text = highlighted(code, 'js').replace(/<[^>]*>/gu, '');
  expect(text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&quot;', '"').replaceAll('&amp;', '&')).toBe(
    code,
  );
  expect(highlighted('<b>', 'unknown')).toBe('&lt;b&gt;');
});

describe('parts of other files', () => {
  const FILE =
    '# F\n\n## One `x`\n\nText.\n\n### In it\n\n```\n# no heading\n```\n\n## Two\n\n- **A**: a\n  more\n- **B**: b\n';
  const fill = (place: string): string => withParts(place, () => FILE);

  test('a section, with its headings moved up', () => {
    expect(fill('<!-- part: f.md#one-x -->')).toBe('Text.\n\n## In it\n\n```\n# no heading\n```');
  });

  test('items of a list', () => {
    expect(fill('<!-- part: f.md#two: B, A -->')).toBe('- **B**: b\n- **A**: a\n  more');
  });

  test('what is not there is an error', () => {
    expect(() => fill('<!-- part: f.md#three -->')).toThrow('f.md has no heading #three');
    expect(() => fill('<!-- part: f.md#two: C -->')).toThrow('no item "C"');
  });
});

describe('elements', () => {
  const element = (tagName: string, ...names: string[]): Element => ({
    name: tagName,
    tagName,
    path: `dist/${tagName}.js`,
    attributes: names.map((name) => ({ name, description: `of <${name}>`, type: { text: 'string' } })),
    members: [],
    events: [],
  });
  const [one, two] = [element('x-one', 'model', 'text'), element('x-two', 'model', 'prompt')];

  test('what all have is told once', () => {
    const all = shared([one, two]);
    expect(all.attributes.map(({ name }) => name)).toEqual(['model']);
    expect(without(two, all).attributes.map(({ name }) => name)).toEqual(['prompt']);
  });

  test('a table says what an attribute takes', () => {
    const table = tables(one, '<x-one>', (name) => (name === 'text' ? { takes: 'text', first: 'Hi' } : undefined));
    expect(table).toContain(
      '<tr><th scope="row"><code>text</code></th><td>text</td><td><code>Hi</code></td><td>of &lt;text&gt;</td></tr>',
    );
    expect(table).not.toContain('Methods');
  });
});

describe('search', () => {
  const section = (title: string, text: string) => ({ page: 'Page', title, address: `./p.html#${title}`, text });
  const find = searching([
    section('Threads', 'Two headers let it compute on several threads.'),
    section('Privacy', 'No header is needed, and nothing leaves the page. '.repeat(5)),
    section('pipeline()', 'Loads a model for a task.'),
  ]);
  const titles = (asked: string): string[] => find(asked, 9).map(({ title }) => title);

  test('titles first, beginnings of words, slips of the finger', () => {
    expect(titles('threads')[0]).toBe('Threads');
    expect(titles('pipel')).toEqual(['pipeline()']);
    expect(titles('privcay')).toEqual(['Privacy']);
    expect(titles('zebra')).toEqual([]);
  });

  test('all words where one section has them, else any of them', () => {
    expect(titles('header threads')).toEqual(['Threads']);
    expect(titles('model zebra')).toEqual(['pipeline()']);
  });

  test('a piece of the text around the word', () => {
    const [hit] = find('several', 1);
    expect([hit?.before, hit?.match, hit?.after]).toEqual(['Two headers let it compute on ', 'several', ' threads.']);
  });
});

describe('pages in Chinese', () => {
  const read = (file: string): string => readFileSync(new URL(`../../../${file}`, import.meta.url), 'utf8');

  test.each(CHINESE_PAGES.map(({ source, of }) => [source!, of!] as const))(
    '%s is true to its original',
    (source, of) => {
      const original = withParts(read(of.source ?? `web/docs/${of.name}.md`), read);
      const text = read(source);
      // The same code, block by block, and none within sentences that the original does not have.
      expect(withCode(text, original, source)).not.toContain('<!-- code -->');
      expect(strangeCode(text, original)).toEqual([]);
      // The same elements, and as many sections where nothing comes from another file.
      const places = (one: string): string[] => one.match(/^<!-- element: .*$/gmu) ?? [];
      expect(places(text)).toEqual(places(original));
    },
  );

  test('code has its place, block by block', () => {
    expect(
      withCode('a\n<!-- code -->\nb\n  <!-- code -->', 'x\n```js\n1\n```\n\n- y\n\n  ```sh\n  2\n  ```', 'a.md'),
    ).toBe('a\n```js\n1\n```\nb\n  ```sh\n  2\n  ```');
    expect(() => withCode('', '```\n1\n```', 'a.md')).toThrow('a.md has 0 places for code, and its original 1 blocks');
    expect(() => withCode('```\n1\n```', '', 'a.md')).toThrow('code stands in the original alone');
    expect(strangeCode('`a` and `b`', 'only `a`')).toEqual(['b']);
  });

  test('words without blanks are found by their pairs of characters', () => {
    const find = searching([
      { page: '线程', title: '多线程', address: './a', text: '两个响应头让它用多线程计算。' },
      { page: '隐私', title: '发送什么', address: './b', text: '输入的内容不会离开页面。' },
    ]);
    expect(find('响应头', 9).map(({ title }) => title)).toEqual(['多线程']);
    expect(find('离开 页面', 9).map(({ title }) => title)).toEqual(['发送什么']);
    expect(find('响应头', 9)[0]).toMatchObject({ match: '响应' });
  });
});
