/** The page in Chinese: how it comes to be, the switch, each screen, what is said of a run and of errors, byte tokens. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { serveHub } from './hub.mjs';
import { bytesModel, chineseModel } from './seeded.mjs';
import {
  accessible,
  BLANK,
  box,
  button,
  cleanUp,
  element,
  examples,
  fragment,
  MODULES,
  open,
  openSite,
  resultOf,
  servingPackages,
  site,
  tab,
  until,
} from './support.mjs';

after(cleanUp);

/** @typedef {import('playwright-core').Page} Page */

/** @param {string} [hash] @param {Parameters<typeof openSite>[1]} [options] */
const openChinese = async (hash = '', options = {}) => openSite(hash, { at: `${await site()}?lang=zh`, ...options });

/** @param {Page} page */
const results = (page) => page.getByRole('region', { name: '结果', exact: true });
/** @param {Page} page @param {string} name */
const choose = (page, name) => page.getByRole('radio', { name, exact: true }).check({ force: true });
/** @param {Page} page */
const languageOf = (page) => page.evaluate(() => document.documentElement.lang);

/** Task, name of its tab, name of its button, a text box of it. @type {Array<[string, string, string, string]>} */
const SCREENS = [
  ['fill-mask', '掩码填空', '预测', '文本'],
  ['next-sentence', '下一句', '比较', '句子A'],
  ['generate', '文本生成', '生成', '提示词'],
  ['summarize', 'TL;DR摘要', '写摘要', '文章'],
  ['inside', '模型内部', '查看内部', '文本'],
  ['models', '模型', '加载', '模型'],
  ['answer', '问答', '回答', '问题'],
  ['classify', '分类', '分类', '文本'],
  ['tag', '标注', '标注', '文本'],
];

describe('the language', () => {
  test('is switched with nothing lost, and kept', async () => {
    const { page, close } = await openSite('task=fill-mask');
    await box(page, 'Text').fill('The dog [MASK] at the cat.');
    await until('the address', async () => page.url().includes('dog'));
    const address = page.url();
    await choose(page, '简体中文');
    await tab(page, '掩码填空').waitFor();
    assert.equal(await box(page, '文本').inputValue(), 'The dog [MASK] at the cat.');
    assert.equal(page.url(), address);
    assert.equal(await languageOf(page), 'zh-CN');
    assert.match(await page.title(), /在你自己的设备上/);
    await page.reload();
    await tab(page, '掩码填空').waitFor();
    assert.equal(await box(page, '文本').inputValue(), 'The dog [MASK] at the cat.');
    await choose(page, 'English');
    await tab(page, 'Fill mask').waitFor();
    assert.equal(await box(page, 'Text').inputValue(), 'The dog [MASK] at the cat.');
    assert.equal(await languageOf(page), 'en');
    assert.match(await page.title(), /on your own machine/);
    await page.getByRole('contentinfo').getByText('About this run').waitFor();
    await close();
  });

  test('is the browser’s, and the address has the last word', async () => {
    const chinese = await openSite('', { locale: 'zh-TW' });
    await tab(chinese.page, '掩码填空').waitFor();
    await chinese.close();
    const english = await openSite('', { locale: 'zh-CN', at: `${await site()}?lang=en` });
    await tab(english.page, 'Fill mask').waitFor();
    await choose(english.page, '简体中文');
    await until('the address', async () => new URL(english.page.url()).searchParams.get('lang') === 'zh');
    await english.close();
    const french = await openSite('', { locale: 'fr-FR' });
    await tab(french.page, 'Fill mask').waitFor();
    await french.close();
  });

  test('no Chinese words are fetched for a page in English', async () => {
    /** @type {string[]} */
    const fetched = [];
    const { page, close } = await openSite('task=fill-mask', {
      before: async (page) =>
        void page.on('response', async (response) => {
          if (/\.js$/.test(response.url())) fetched.push(await response.text().catch(() => ''));
        }),
    });
    await tab(page, 'Fill mask').waitFor();
    assert.ok(fetched.length > 0);
    assert.ok(!fetched.some((script) => script.includes('掩码语言模型')));
    await close();
  });
});

describe('in Chinese', () => {
  for (const [task, name, verb, label] of SCREENS) {
    test(`${task} has its names, can be used by everybody, and fits a phone`, async () => {
      const { page, close } = await openChinese(fragment({ task }), { viewport: { width: 360, height: 800 } });
      await tab(page, name).waitFor();
      assert.equal(await tab(page, name).getAttribute('aria-selected'), 'true');
      await button(page, verb).first().waitFor();
      await page.getByRole('textbox', { name: label, exact: true }).first().waitFor();
      const width = await page.evaluate(() => document.documentElement.scrollWidth);
      assert.ok(width <= 360, `${width} px`);
      await accessible(page, task);
      await close();
    });
  }

  test('train: each view has its name', async () => {
    const { page, close } = await openChinese('task=train', { viewport: { width: 360, height: 800 } });
    for (const name of ['从零开始', '微调', 'ChatGPT的三步', '课程'])
      await page.getByText(name, { exact: true }).first().waitFor();
    const width = await page.evaluate(() => document.documentElement.scrollWidth);
    assert.ok(width <= 360, `${width} px`);
    await accessible(page, 'train');
    await close();
  });

  test('a run says what it did, and an error what to do', async () => {
    const { page, close } = await openChinese(fragment({ task: 'fill-mask', text: 'She drank a cup of [MASK].' }));
    assert.ok(await resultOf(page, 'fill-mask', () => button(page, '预测').click()));
    assert.match(await page.getByRole('status').innerText(), /预测了1个掩码，用时/);
    assert.match(await results(page).innerText(), /掩码[\s\S]*概率[\s\S]*%/);
    await element(page, 'fill-mask').evaluate((node) => {
      /** @type {any} */ (node).state = { targets: 'xqzzyq' };
    });
    await button(page, '预测').click();
    await page
      .getByText(/“xqzzyq”/)
      .first()
      .waitFor();
    await close();
  });

  test('the status of a run is said again in the other language', async () => {
    const { page, close } = await openChinese(fragment({ task: 'next-sentence', a: 'It rained.', b: 'I got wet.' }));
    assert.ok(await resultOf(page, 'next-sentence', () => button(page, '比较').click()));
    assert.match(await page.getByRole('status').innerText(), /B接在A后面的概率为/);
    await choose(page, 'English');
    await until('the status', async () => /B follows A with/.test(await page.getByRole('status').innerText()));
    await close();
  });

  test('byte tokens are bytes and the character that they join to', async () => {
    const state = { task: 'inside', view: 'tokenizer', text: '東京 is 漢', at: 0, cut: 1 };
    const { page, close } = await openChinese(fragment(state));
    await button(page, '查看内部').click();
    const cut = page.locator('[data-tokens="gpt"]');
    await cut.waitFor();
    const text = await cut.innerText();
    assert.match(text, /⟨[0-9A-F]{2}/);
    assert.match(text, /→\s*東/);
    assert.ok(!(await results(page).innerText()).includes('\ufffd'));
    await accessible(page, 'the tokenizer');
    await close();
  });

  test('the teacher’s page', async () => {
    const { page, close } = await openSite('', { at: `${await site()}teachers.zh.html` });
    await page.getByRole('heading', { name: 'Cloze教师专页' }).waitFor();
    assert.equal(await languageOf(page), 'zh-CN');
    assert.equal(await page.getByRole('heading', { name: 'GPT：接下来是什么' }).count(), 1);
    await accessible(page, 'the teacher’s page');
    await page.getByRole('link', { name: 'English' }).click();
    await page.getByRole('heading', { name: 'Cloze for teachers' }).waitFor();
    await close();
  });
});

describe('models of other vocabularies', () => {
  const { fixture, files } = chineseModel();
  /** @type {import('./hub.mjs').Hub} */
  let hub;
  before(async () => {
    hub = await serveHub({ 'acme/chinese': { files }, 'acme/bytes': { files: bytesModel() } });
  });
  after(() => hub.close());

  /** A page with an element that asks this hub. @param {string} html */
  async function show(html) {
    const opened = await open(`${await servingPackages()}${BLANK}`, { expected: /favicon|elsewhere/ });
    await opened.page.evaluate(async ([host, modules, html]) => {
      const { env } = await import(`/${modules}index.js`);
      env.remote_host = host;
      await import(`/${modules}elements.js`);
      document.documentElement.lang = 'en';
      document.title = 'Test';
      const main = document.createElement('main');
      main.innerHTML = `<h1>Test</h1>${html}`;
      document.body.replaceChildren(main);
    }, /** @type {const} */ ([hub.url, MODULES, html]));
    return opened;
  }

  test('one that has read Chinese is offered examples in Chinese, and fills a word of two characters jointly', async () => {
    const { page, close } = await show('<cloze-fill-mask full dtype="fp32"></cloze-fill-mask>');
    // The model of the package has read English, whatever the language of the page.
    assert.match(await box(page, 'Text').inputValue(), /cake/);
    await element(page, 'fill-mask').evaluate((node) => node.setAttribute('model', 'acme/chinese'));
    const [{ text, joint }] = fixture.fill_mask;
    await until('the example', async () => (await box(page, 'Text').inputValue()) === text);
    assert.equal(await examples(page).first().innerText(), 'A word of two characters');
    const result = await resultOf(page, 'fill-mask', () => button(page, 'Predict').click());
    const expected = joint.find((/** @type {any} */ one) => one.order === 'left-to-right').steps;
    assert.deepEqual(
      result.joint.steps.map((/** @type {any} */ { token, mask }) => ({ token, mask })),
      expected.map((/** @type {any} */ { token, mask }) => ({ token, mask })),
    );
    await accessible(page, 'the Chinese example');
    // Another model that has not: its own examples, also where the first one stood.
    await element(page, 'fill-mask').evaluate((node) => node.removeAttribute('model'));
    await until('the English example', async () => /cake/.test(await box(page, 'Text').inputValue()));
    await close();
  });

  test('one that writes bytes shows them, and never U+FFFD', async () => {
    const { page, close } = await show('<cloze-generate full model="acme/bytes"></cloze-generate>');
    await element(page, 'generate').evaluate((node) => {
      const watched = /** @type {any} */ (node);
      watched.seen = [];
      const look = () => {
        const stream = watched.shadowRoot.querySelector('cloze-token-stream');
        watched.seen.push(watched.shadowRoot.textContent, stream?.shadowRoot.textContent ?? '');
      };
      new MutationObserver(look).observe(watched.shadowRoot, { subtree: true, childList: true, characterData: true });
      watched.addEventListener('cloze-result', () => setTimeout(look));
    });
    await box(page, 'Prompt').fill('我爱北京');
    const { text, tokens } = await resultOf(page, 'generate', () => button(page, 'Generate').click());
    assert.ok(text.includes('\ufffd') && tokens.some((/** @type {any} */ { token }) => token.includes('<0x')));
    const written = page.getByRole('group', { name: 'Generated tokens' });
    await until('bytes', async () => /⟨[0-9A-F]{2}/u.test(await written.innerText()));
    const seen = await element(page, 'generate').evaluate((node) => /** @type {any} */ (node).seen);
    assert.ok(!seen.some((/** @type {string} */ one) => one.includes('\ufffd')));
    await written.getByRole('button').filter({ hasText: '⟨' }).first().click();
    await page.getByRole('group', { name: /^Alternatives to/u }).waitFor();
    assert.ok(!(await page.getByRole('main').innerText()).includes('\ufffd'));
    await close();
  });
});
