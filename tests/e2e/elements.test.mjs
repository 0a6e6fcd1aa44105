/** The elements on somebody else's page: compact unless asked, set by attributes, in a form, in frames, from another origin. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import {
  accessible,
  box,
  button,
  cleanUp,
  examples,
  launch,
  LONG,
  MODULES,
  open,
  packages,
  results,
  servingPlainly,
} from './support.mjs';

/** Both packages, beside each other. */
const PACKAGES = packages();

after(cleanUp);

/** A page with elements. @param {string} body @param {string} [script] where they come from */
const pageOf = (body, script = `/${MODULES}elements.js`) =>
  `<!doctype html><html lang="en"><head><title>An article</title><link rel="icon" href="data:," /><meta name="viewport" content="width=device-width" />
   <style>:root { color-scheme: light dark; background: Canvas; }</style>
   <script type="module" src="${script}"></script></head>
   <body><main><h1>An article</h1>${body}</main></body></html>`;

const TALL = '<div style="height: 3000px"></div>';
const FILL = '<cloze-fill-mask text="She opened the [MASK] and went in."></cloze-fill-mask>';

const PAGES = {
  compact: FILL,
  full: '<cloze-fill-mask full></cloze-fill-mask>',
  parts:
    '<cloze-fill-mask full explain="none" examples="none" settings="none" heading="none"></cloze-fill-mask><cloze-fill-mask id="some" heading examples></cloze-fill-mask>',
  set: `<cloze-fill-mask top-k="3" text="A [MASK]."></cloze-fill-mask>
    <cloze-next-sentence a="It began to rain." b="She opened her umbrella." candidates='["Gold is heavy."]'></cloze-next-sentence>
    <cloze-generate max-new-tokens="7" prompt="Once upon a time" seed="1" temperature="0.5" stop-strings="end"></cloze-generate>
    <cloze-summarize document="The king had three sons." sentences="2"></cloze-summarize>
    <cloze-answer question="Who?" context="The fox." top-k="2"></cloze-answer>
    <cloze-inside view="layers" text="A cat." token-index="2"></cloze-inside>`,
  wrong: '<cloze-fill-mask top-k="500" topk="3" explain="no" theme="drak" text="A [MASK]."></cloze-fill-mask>',
  tools: `<h2>Tools</h2><cloze-train architecture="bert" size="small" text="countries" steps="4" seed="3" views="scratch" heading="none" autorun></cloze-train>
    <cloze-models model="acme/tiny" models="acme/tiny acme/other" tasks="fill-mask" kept="none"></cloze-models>`,
  'wrong-tools': '<cloze-train size="huge" step="3"></cloze-train><cloze-models tasks="fill-mask sing"></cloze-models>',
  own: `<cloze-fill-mask examples>
      <h2 slot="heading">Which word?</h2><p slot="empty">Guess first.</p><p slot="footer">A lesson.</p>
      <script type="application/json">[{"name": "Tea", "state": {"text": "A cup of [MASK]."}}]</script>
    </cloze-fill-mask>`,
  form: `<form><fieldset><label for="field">Word</label>
    <cloze-fill-mask id="field" name="word" required text="She opened the [MASK] and went in."></cloze-fill-mask></fieldset></form>`,
  autorun: `<cloze-fill-mask id="first" autorun text="She opened the [MASK] and went in."></cloze-fill-mask>
    <cloze-fill-mask id="second" autorun text="The dog [MASK] at the cat."></cloze-fill-mask>
    ${TALL}<cloze-fill-mask id="third" autorun text="The sky is [MASK]."></cloze-fill-mask>`,
};

/** @param {import('playwright-core').Page} page @param {string} [selector] @returns {Promise<any>} */
const run = (page, selector = 'cloze-fill-mask') =>
  page.locator(selector).evaluate((element) => /** @type {any} */ (element).run());

/** What the first mask is filled with. @param {any} result */
const word = ({ masks }) => masks[0].candidates[0].token_str;

describe('elements on a page', () => {
  /** @type {string} */
  let site;
  before(async () => {
    const pages = Object.entries(PAGES).map(([name, body]) => [`/${name}.html`, pageOf(body)]);
    site = await servingPlainly(PACKAGES, { pages: Object.fromEntries(pages) });
  });

  for (const [width, colorScheme] of /** @type {Array<[number, 'light' | 'dark']>} */ ([
    [640, 'light'],
    [360, 'dark'],
  ])) {
    test(`compact at ${width} px: input, button and result, nothing else`, async () => {
      const { page, close } = await open(`${site}compact.html`, { viewport: { width, height: 720 }, colorScheme });
      assert.equal(word(await run(page)), 'door');
      await results(page).getByRole('table').waitFor();
      assert.equal(await box(page, 'Text').inputValue(), 'She opened the [MASK] and went in.');
      assert.ok(await button(page, 'Predict').isVisible());
      assert.deepEqual(await page.getByRole('heading').allInnerTexts(), ['An article']);
      for (const name of ['Copy', 'Share link', 'The empty box'])
        assert.equal(await button(page, name).isVisible(), false, name);
      for (const text of ['Settings', 'that comes with', 'Click a word', 'Build', 'Answered by'])
        assert.equal(await page.getByText(text).filter({ visible: true }).count(), 0, text);
      const { height } = /** @type {{ height: number }} */ (await page.locator('cloze-fill-mask').boundingBox());
      if (width === 640) assert.ok(height <= 330, `${height} px high`);
      assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), 'it fits');
      await accessible(page, 'a compact element');
      await close();
    });
  }

  test('full: the whole screen, but no link where the page says none', async () => {
    const { page, close } = await open(`${site}full.html`);
    await page.getByRole('heading', { name: 'Fill mask' }).waitFor();
    assert.equal(await examples(page).count(), 5);
    assert.equal(await button(page, 'Share link').count(), 0);
    await page.locator('cloze-fill-mask').evaluate((element) => element.setAttribute('share-url', 'lesson.html'));
    assert.ok(await button(page, 'Share link').isVisible());
    await page.locator('cloze-fill-mask').evaluate((element) => element.toggleAttribute('full', false));
    await page.getByRole('heading', { name: 'Fill mask' }).waitFor({ state: 'detached' });
    await close();
  });

  test('each part can be had or hidden by itself', async () => {
    const { page, close } = await open(`${site}parts.html`);
    const [whole, some] = [page.locator('cloze-fill-mask').first(), page.locator('#some')];
    await some.getByRole('heading', { name: 'Fill mask' }).waitFor();
    assert.equal(await some.getByRole('group', { name: 'Examples' }).getByRole('button').count(), 5);
    assert.equal(await some.getByText('Settings').count(), 0);
    assert.deepEqual(await whole.getByRole('heading').allInnerTexts(), ['Results']);
    assert.equal(await whole.getByRole('group', { name: 'Examples' }).count(), 0);
    assert.equal(await whole.getByText('Settings').count(), 0);
    await close();
  });

  test('attributes set what is typed and set, whatever stands first; properties go with them', async () => {
    const { page, close } = await open(`${site}set.html`);
    await page.waitForFunction(() => customElements.get('cloze-fill-mask'));
    const state = (/** @type {string} */ name) =>
      page.locator(`cloze-${name}`).evaluate((element) => /** @type {any} */ (element).state);
    assert.deepEqual(await state('fill-mask'), { text: 'A [MASK].', top_k: 3, joint: 'independent', targets: '' });
    assert.deepEqual(await state('next-sentence'), {
      a: 'It began to rain.',
      b: 'She opened her umbrella.',
      candidates: ['Gold is heavy.'],
    });
    const { prompt, max_new_tokens, seed, temperature, stop } = await state('generate');
    assert.deepEqual([prompt, max_new_tokens, seed, temperature, stop], ['Once upon a time', 7, 1, 0.5, 'end']);
    assert.equal((await state('summarize')).document, 'The king had three sons.');
    assert.equal((await state('answer')).context, 'The fox.');
    const { view, token, layer } = await state('inside');
    // The example's layer went with its text.
    assert.deepEqual([view, token, layer], ['layers', 2, 1]);
    const later = await page.locator('cloze-fill-mask').evaluate((element) => {
      const field = /** @type {any} */ (element);
      field.topK = 7;
      field.setAttribute('text', 'Another [MASK].');
      field.removeAttribute('top-k');
      let code = '';
      try {
        field.state = { txt: 'x' };
      } catch (error) {
        code = /** @type {any} */ (error).message;
      }
      return [field.text, field.topK, field.state.text, code];
    });
    assert.deepEqual(later, [
      'Another [MASK].',
      5,
      'Another [MASK].',
      'cloze-fill-mask: txt does not exist; did you mean text?',
    ]);
    await close();
  });

  test('what an attribute may not be is said on the page and in the console', async () => {
    const { page, close } = await open(`${site}wrong.html`, { expected: /cloze-fill-mask: / });
    const alerts = page.getByRole('alert').filter({ hasText: 'must be' });
    await alerts.nth(2).waitFor();
    assert.deepEqual((await alerts.allInnerTexts()).map((text) => text.trim()).sort(), [
      'cloze-fill-mask: explain must be one of show, none, not “no”.',
      'cloze-fill-mask: theme must be one of auto, light, dark, not “drak”.',
      'cloze-fill-mask: top-k must be a whole number from 1 to 50, not “500”.',
    ]);
    const console = await page.consoleMessages();
    assert.ok(console.some((one) => one.text() === 'cloze-fill-mask: there is no attribute topk; did you mean top-k?'));
    await page.locator('cloze-fill-mask').evaluate((element) => element.setAttribute('top-k', '5'));
    await alerts.nth(2).waitFor({ state: 'detached' });
    await close();
  });

  test('examples and words of the page’s own', async () => {
    const { page, close } = await open(`${site}own.html`);
    await page.getByRole('heading', { name: 'Which word?' }).waitFor();
    assert.ok(await page.getByText('Guess first.').isVisible());
    assert.ok(await page.getByText('A lesson.').isVisible());
    assert.equal(await box(page, 'Text').inputValue(), 'A cup of [MASK].');
    await button(page, 'Tea').click();
    await results(page).getByRole('table').waitFor();
    assert.equal(await page.getByText('Guess first.').isVisible(), false);
    await accessible(page, 'an element with slots');
    await close();
  });

  test('the word in the sentence is the value of a form', async () => {
    const { page, close } = await open(`${site}form.html`);
    const field = page.locator('#field');
    const form = (/** @type {string} */ expression) =>
      field.evaluate(
        (element, code) => new Function('field', 'form', `return ${code}`)(element, /** @type {any} */ (element).form),
        expression,
      );
    await field.waitFor();
    assert.deepEqual(await form('[form.checkValidity(), field.validity.valueMissing, [...new FormData(form)]]'), [
      false,
      true,
      [],
    ]);
    await page.getByText('Word', { exact: true }).click();
    assert.equal(await page.evaluate(() => document.activeElement?.id), 'field');
    await run(page, '#field');
    await results(page).getByRole('table').waitFor();
    assert.deepEqual(await form('[form.checkValidity(), field.value, [...new FormData(form)]]'), [
      true,
      'door',
      [['word', 'door']],
    ]);
    const second = results(page).getByRole('table').getByRole('button').nth(1);
    await second.click();
    const chosen = (await second.innerText()).trim();
    assert.deepEqual(await form('[...new FormData(form)]'), [['word', chosen]]);
    await box(page, 'Text').fill('Another [MASK].');
    await form('form.reset()');
    assert.deepEqual(await form('[field.value, field.text, field.result === undefined]'), [
      '',
      'She opened the [MASK] and went in.',
      true,
    ]);
    await page.locator('form > fieldset').evaluate((fieldset) => fieldset.toggleAttribute('disabled', true));
    assert.ok(await box(page, 'Text').isDisabled());
    assert.ok(await button(page, 'Predict').isDisabled());
    await close();
  });

  test('a restored page has its word again', async () => {
    const { page, close } = await open(`${site}form.html`);
    await page.locator('#field').waitFor();
    await run(page, '#field');
    await page.locator('#field').evaluate((element) => /** @type {any} */ (element).updateComplete);
    await page.goto('about:blank');
    await page.goBack();
    await page.waitForFunction(() => /** @type {any} */ (document.querySelector('#field'))?.value === 'door');
    await close();
  });

  test('tools are set by attributes, too', async () => {
    const { page, close } = await open(`${site}tools.html`);
    const train = page.locator('cloze-train');
    // It begins by itself, and ends after the steps that were set.
    await train
      .getByText(/All 4 steps are done/)
      .first()
      .waitFor({ timeout: 4 * LONG });
    assert.deepEqual(await train.evaluate((node) => /** @type {any} */ (node).state), {
      view: 'scratch',
      set: 'architecture-bert size-small text-countries seed-3 steps-4',
    });
    assert.equal(await train.getByRole('radio', { name: 'Lessons' }).count(), 0);
    assert.equal(await train.getByRole('heading', { name: 'Train', exact: true }).count(), 0);
    assert.equal(await page.evaluate(() => document.activeElement === document.body), true, 'the reader is left alone');
    const models = page.locator('cloze-models');
    assert.equal(await models.getByRole('textbox', { name: 'Model' }).inputValue(), 'acme/tiny');
    await models.getByRole('button', { name: 'acme/other' }).click();
    assert.equal(await models.getByRole('textbox', { name: 'Model' }).inputValue(), 'acme/other');
    assert.deepEqual(await models.locator('select').evaluateAll((all) => all.map(({ id }) => id)), ['use-fill-mask']);
    assert.equal(await models.locator('cloze-kept-models').count(), 0);
    await accessible(page, 'tools that are set by attributes');
    await close();
  });

  test('what a tool cannot use is said', async () => {
    const { page, close } = await open(`${site}wrong-tools.html`, { expected: /cloze-(train|models): / });
    await page.getByText('size must be one of small, medium, large, not “huge”').waitFor();
    await page.getByText('tasks must be names out of fill-mask, next-sentence,').waitFor();
    await close();
  });

  test('several share the program and the model; each runs by itself once it is seen', async () => {
    const context = await (await launch()).newContext({ viewport: { width: 1280, height: 900 } });
    context.setDefaultTimeout(LONG);
    const page = await context.newPage();
    /** @type {string[]} */
    const asked = [];
    context.on('request', (request) => asked.push(new URL(request.url()).pathname));
    await page.goto(`${site}autorun.html`);
    const filled = (/** @type {string} */ id) =>
      page.waitForFunction(
        (name) => /** @type {any} */ (document.getElementById(name))?.result?.masks[0].candidates[0].token_str,
        id,
      );
    assert.equal(await (await filled('first')).jsonValue(), 'door');
    await filled('second');
    assert.equal(await page.locator('#third').evaluate((element) => /** @type {any} */ (element).result), undefined);
    await page.locator('#third').scrollIntoViewIfNeeded();
    await filled('third');
    const files = asked.filter((path) => /\.wasm$|model\.gguf$|tokenizer\.json$/u.test(path));
    assert.deepEqual(new Set(files).size, files.length, files.join());
    assert.equal(files.filter((path) => path.endsWith('.wasm')).length, 1);
    await context.close();
  });
});

describe('elements from another origin', () => {
  const isolated = { 'cross-origin-opener-policy': 'same-origin', 'cross-origin-embedder-policy': 'require-corp' };

  for (const [name, headers, build] of /** @type {Array<[string, Record<string, string>, string]>} */ ([
    ['a page', {}, 'relaxed-simd'],
    ['an isolated page', isolated, 'relaxed-simd-threads'],
  ])) {
    test(`one script in ${name} with the policy of the docs`, async () => {
      const cdn = await servingPlainly(PACKAGES, { cors: true });
      const { origin } = new URL(cdn);
      const policy = `default-src 'none'; script-src ${origin} 'wasm-unsafe-eval'; worker-src blob:; connect-src ${origin}`;
      const site = await servingPlainly(PACKAGES, {
        pages: {
          '/index.html': pageOf(FILL, `${cdn}${MODULES}elements.js`).replace(/<link.*>|<style>.*<\/style>/gu, ''),
        },
        headers: { 'content-security-policy': policy, ...headers },
      });
      const { page, close } = await open(site, { expected: /request to elsewhere|favicon/ });
      await page.locator('cloze-fill-mask').waitFor();
      assert.equal(word(await run(page)), 'door');
      const used = await page.locator('cloze-fill-mask').evaluate(async (element) => {
        const { pipeline } = await import(
          /** @type {any} */ (element).ownerDocument.scripts[0].src.replace('elements.js', 'index.js')
        );
        return (await pipeline('fill-mask')).runtime.build;
      });
      assert.equal(used, build);
      await close();
    });
  }
});

describe('elements in a frame', () => {
  /** @type {string} */
  let open_;
  /** @type {string} */
  let shut;
  /** @type {string} */
  let host;
  before(async () => {
    open_ = await servingPlainly(PACKAGES, { cors: true });
    shut = await servingPlainly(PACKAGES);
    const frame = (/** @type {string} */ sandbox, /** @type {string} */ script) =>
      `<iframe ${sandbox} srcdoc="${`${script}${FILL}`.replaceAll('"', '&quot;')}"></iframe>`;
    const module = (/** @type {string} */ site) => `<script type="module" src="${site}${MODULES}elements.js"></script>`;
    const loader = (/** @type {string} */ site) => `<script src="${site}${MODULES}loader.js"></script>`;
    host = await servingPlainly(PACKAGES, {
      pages: {
        '/srcdoc.html': frame('', module('/')),
        '/sandbox.html': frame('sandbox="allow-scripts"', module(open_)),
        '/loader.html': frame('sandbox="allow-scripts"', loader(open_)),
        '/shut.html': frame('sandbox="allow-scripts"', loader(shut)),
      },
    });
  });

  for (const page of ['srcdoc', 'sandbox', 'loader']) {
    test(`${page}: it works`, async () => {
      const opened = await open(`${host}${page}.html`, { expected: /request to elsewhere|favicon/ });
      const frame = opened.page.frameLocator('iframe');
      await frame.getByRole('button', { name: 'Predict' }).click();
      await frame.getByRole('region', { name: 'Results' }).getByText('door').first().waitFor();
      await opened.close();
    });
  }

  test('where it cannot, a sentence says why', async () => {
    const opened = await open(`${host}shut.html`, { expected: /./ });
    await opened.page.frameLocator('iframe').getByText('this frame is in a sandbox').waitFor();
    await opened.close();
  });
});
