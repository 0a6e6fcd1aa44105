/** The documentation: links, search, what runs in it, use without a network, and for everybody. */
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { after, describe, test } from 'node:test';
import { serveFolder } from '../server/client.mjs';
import { accessible, button, cleanUp, DIST, open, ROOT, site, until } from './support.mjs';

after(cleanUp);

/** @typedef {import('playwright-core').Page} Page */

const DOCS = join(DIST, 'docs');
const pages = readdirSync(DOCS).filter((name) => name.endsWith('.html'));
/** @param {Page} page */
const search = (page) => page.getByRole('searchbox', { name: 'Search the docs' });
/** @param {Page} page */
const found = (page) => page.locator('#found-list a');
/** @param {string} name @param {Parameters<typeof open>[1]} [options] */
const openDocs = async (name, options) => open(`${await site()}docs/${name}`, options);

describe('pages', () => {
  test('every link leads to a file and a place in it, and no file is from elsewhere', () => {
    const files = [...pages.map((name) => join(DOCS, name)), join(DIST, 'index.html'), join(DIST, 'teachers.html')];
    /** @type {Map<string, Set<string | undefined>>} */
    const places = new Map();
    const placesOf = (/** @type {string} */ file) => {
      const known = places.get(file);
      if (known) return known;
      const ids = new Set([...readFileSync(file, 'utf8').matchAll(/\s(?:id|name)="([^"]*)"/g)].map(([, id]) => id));
      places.set(file, ids);
      return ids;
    };
    const lost = [];
    let links = 0;
    for (const file of files)
      for (const [, name, target = ''] of readFileSync(file, 'utf8').matchAll(/\s(href|src)="([^"]*)"/g)) {
        links += 1;
        // A link to the web may be followed; nothing is fetched from there.
        if (name === 'href' && /^https:\/\//.test(target)) continue;
        const [path = '', anchor] = target.replaceAll('&amp;', '&').split('#', 2);
        const to = path === '' ? file : resolve(dirname(file), path.endsWith('/') ? `${path}index.html` : path);
        // The playground's fragment is its state.
        const place =
          anchor === undefined || to === join(DIST, 'index.html') || placesOf(to).has(decodeURIComponent(anchor));
        if (target === '' || !existsSync(to) || !place) lost.push(`${file}: ${target}`);
      }
    assert.deepEqual(lost, []);
    assert.ok(links > 1000);
  });

  test('each has one first heading, a title of its own, its place in the list, and no id twice', () => {
    const titles = new Set();
    for (const name of pages) {
      const html = readFileSync(join(DOCS, name), 'utf8');
      assert.equal([...html.matchAll(/<h1\b/g)].length, 1, name);
      assert.match(html, new RegExp(`<a href="./${name}" aria-current="page">`), name);
      titles.add(/<title>(.*)<\/title>/.exec(html)?.[1]);
      const ids = [...html.matchAll(/\sid="([^"]*)"/g)].map(([, id]) => id);
      assert.deepEqual(
        ids.filter((id, at) => ids.indexOf(id) !== at),
        [],
        name,
      );
      assert.doesNotMatch(html, /<script(?![^>]*(src=|type="application\/json"))|\sstyle="/, `${name}: inline`);
    }
    assert.equal(titles.size, pages.length);
  });

  test('the reference has every export of the package, and the page of the elements every element', () => {
    const api = readFileSync(join(DOCS, 'api.html'), 'utf8');
    const { modules } = JSON.parse(readFileSync(join(ROOT, 'pkg/dist/custom-elements.json'), 'utf8'));
    const declared = readFileSync(new URL('../../pkg/dist/index.d.ts', import.meta.url), 'utf8');
    const names = [...declared.matchAll(/export (?:type )?\{([^}]*)\}/g)]
      .flatMap(([, list = '']) => list.split(','))
      .map((one) =>
        one
          .trim()
          .replace(/^type /, '')
          .replace(/^.* as /, ''),
      );
    assert.ok(names.length > 100);
    for (const name of names)
      assert.match(api, new RegExp(`<h3 id="[^"]*">(<code>abstract</code> )?${name}(\\(\\))?</h3>`));
    const elements = readFileSync(join(DOCS, 'elements.html'), 'utf8');
    for (const { declarations } of modules)
      for (const { tagName, events, attributes } of declarations) {
        if (tagName === 'cloze-kept-models') continue;
        assert.ok(elements.includes(`<summary>What <code>&lt;${tagName}&gt;</code> has</summary>`), tagName);
        for (const { name } of [...events, ...attributes])
          assert.ok(elements.includes(`<th scope="row"><code>${name}</code></th>`), `${tagName} ${name}`);
      }
  });

  for (const [name, options] of /** @type {const} */ ([
    ['index.html', {}],
    ['headers.html', { viewport: { width: 360, height: 740 }, colorScheme: 'dark' }],
    ['api-lessons.html', { colorScheme: 'dark' }],
    ['performance.html', { viewport: { width: 360, height: 740 } }],
  ]))
    test(`${name} is for everybody, and as wide as the window`, async () => {
      const { page, close } = await openDocs(name, options);
      await search(page).waitFor();
      await accessible(page, name);
      assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth));
      await page.keyboard.press('Tab');
      await page.keyboard.press('Enter');
      assert.equal(await page.evaluate(() => document.activeElement?.id), 'content', 'the list of pages is skipped');
      await close();
    });

  test('a theme that was chosen here is the playground’s', async () => {
    const { page, close } = await openDocs('index.html');
    await page.getByRole('radio', { name: 'Dark' }).check();
    await page.getByRole('link', { name: 'Cloze', exact: true }).click();
    await page.getByRole('tab', { name: 'Fill mask' }).waitFor();
    assert.equal(await page.evaluate(() => document.documentElement.dataset.theme), 'dark');
    await page.getByRole('link', { name: 'Documentation' }).first().click();
    await page.getByRole('heading', { name: 'Documentation', level: 1 }).waitFor();
    await close();
  });
});

describe('search', () => {
  test('by keyboard, from the box to the place that is found', async () => {
    /** @type {string[]} */
    const asked = [];
    const { page, close } = await openDocs('index.html', {
      before: async (fresh) => fresh.on('request', (request) => asked.push(request.url())),
    });
    await search(page).waitFor();
    assert.equal(asked.filter((url) => url.endsWith('search.json')).length, 0, 'nothing is fetched before it is used');
    await page.keyboard.press('Control+k');
    await page.keyboard.type('coop head');
    await page.getByRole('status').filter({ hasText: 'found' }).waitFor();
    await accessible(page, 'what is found');
    await search(page).fill('clozeerror');
    await found(page).first().filter({ hasText: 'ClozeError' }).waitFor();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowUp');
    assert.equal(await page.evaluate(() => document.activeElement?.getAttribute('href')), './api.html#clozeerror');
    await page.keyboard.press('Escape');
    assert.ok(await page.locator('#found').isHidden());
    assert.ok(await search(page).evaluate((box) => box === document.activeElement));
    await search(page).fill('zzzz');
    await page.getByText('Nothing is found for “zzzz”.').waitFor();
    await search(page).fill('clozeerror');
    await found(page).first().waitFor();
    await page.keyboard.press('Enter');
    await page.waitForURL('**/docs/api.html#clozeerror');
    await close();
  });
});

describe('in Chinese', () => {
  test('the start, the guides and the elements; the search finds both languages; the choice is the playground’s', async () => {
    const { page, close } = await openDocs('index.html', { viewport: { width: 360, height: 740 }, locale: 'en-US' });
    await page.getByRole('link', { name: '中文' }).click();
    await page.getByRole('heading', { name: '文档', level: 1 }).waitFor();
    await accessible(page, 'the Chinese start page');
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth));
    const box = page.getByRole('searchbox', { name: '搜索文档' });
    await box.fill('多线程');
    await found(page).filter({ hasText: '线程、响应头与CSP' }).first().waitFor();
    await page
      .getByRole('status')
      .filter({ hasText: /找到|最相关/ })
      .waitFor();
    await box.fill('clozeerror');
    await found(page).filter({ hasText: 'ClozeError' }).first().waitFor();
    await page.goto(`${await site()}docs/elements.zh.html`);
    await page.locator('.stage cloze-fill-mask').first().getByRole('button', { name: '预测' }).waitFor();
    await page.getByRole('link', { name: 'Cloze', exact: true }).click();
    await page.getByRole('tab', { name: '掩码填空' }).waitFor();
    await page.getByRole('link', { name: '文档' }).first().click();
    await page.getByRole('heading', { name: '文档', level: 1 }).waitFor();
    // A page that is in English alone leads to the start.
    await page.goto(`${await site()}docs/api.html`);
    assert.equal(await page.getByRole('link', { name: '中文' }).getAttribute('href'), './index.zh.html');
    await page.goto(`${await site()}docs/headers.zh.html`);
    assert.equal(await page.getByRole('link', { name: 'English' }).getAttribute('href'), './headers.html');
    await close();
  });
});

describe('elements', () => {
  test('run in the page, with what the page says of them', async () => {
    const { page, close } = await openDocs('elements.html');
    await page.locator('.stage cloze-fill-mask').first().scrollIntoViewIfNeeded();
    await page.waitForFunction(() => customElements.get('cloze-fill-mask'));
    const first = page.locator('.stage > cloze-fill-mask').first();
    const best = await first.evaluate(async (node) => {
      const element = /** @type {any} */ (node);
      await element.run();
      return element.result.masks[0].candidates[0].token_str;
    });
    assert.match(best, /^[a-z]+$/);
    await page.getByText('What <cloze-fill-mask> has').click();
    await page.getByRole('rowheader', { name: 'top-k' }).first().waitFor();
    await accessible(page, 'the elements');
    await close();
  });
});

describe('without a network', () => {
  test('pages that were read, and after the button all of them', async () => {
    const server = await serveFolder(DIST);
    const { page, close } = await open(server.url, {
      serviceWorkers: 'allow',
      expected: /ERR_CONNECTION_REFUSED|Failed to load resource|service worker/i,
    });
    const says = (/** @type {RegExp} */ text) => page.locator('#fact-offline').filter({ hasText: text }).waitFor();
    await says(/The documentation \(\d+\.\d MB\) is not kept yet\./);
    const kept = () =>
      page.evaluate(async () => {
        const names = await caches.keys();
        const keys = await Promise.all(names.map(async (name) => (await caches.open(name)).keys()));
        return keys.flat().filter(({ url }) => url.includes('/docs/')).length;
      });
    assert.equal(await kept(), 0, 'who reads nothing fetches nothing of it');
    await page.goto(`${server.url}docs/`);
    await until('the page is kept', async () => (await kept()) >= 2);
    await page.goto(server.url);
    await button(page, /^Keep for offline/).click();
    await says(/^Ready: this page/);
    await page.locator('#fact-offline').filter({ hasNotText: 'documentation' }).waitFor();
    await server.close();
    await page.goto(`${server.url}docs/`);
    await search(page).fill('relaxed');
    await found(page).first().waitFor();
    await page.goto(`${server.url}docs/elements.html`);
    const fillMask = page.locator('.stage > cloze-fill-mask').first();
    await fillMask.evaluate((node) => /** @type {any} */ (node).run());
    assert.ok(await page.evaluate(() => crossOriginIsolated));
    await close();
  });
});
