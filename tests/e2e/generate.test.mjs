/** The `Generate` screen on the default model. */
import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import {
  accessible,
  box,
  button,
  cleanUp,
  element,
  examples,
  fragment,
  openSite,
  resultOf,
  results,
  settings,
  stateOf,
  status,
  until,
  watch,
} from './support.mjs';

after(cleanUp);

const TASK = 'generate';
const open = (/** @type {Record<string, any>} */ state = {}, /** @type {any} */ options = {}) =>
  openSite(fragment({ task: TASK, ...state }), options);
/** @param {import('playwright-core').Page} page */
const generate = (page) => resultOf(page, TASK, () => button(page, 'Generate').click());
/** The one generation in a result. @param {any} detail */
const one = (detail) => (Array.isArray(detail) ? detail[0] : detail);
const SEEDED = { prompt: 'The old man looked at the sea and', seed: 42, max_new_tokens: 32 };
/** The generated tokens. @param {import('playwright-core').Page} page */
const tokens = (page) => results(page).getByRole('group', { name: 'Generated tokens' }).locator('[data-index]');
/** @param {import('playwright-core').Page} page */
const shown = async (page) => (await tokens(page).allTextContents()).join('');

describe('generate', () => {
  test('the text streams: it grows while the model runs', async () => {
    const { page, close } = await open({ ...SEEDED, max_new_tokens: 300 });
    const { lengths } = await watch(page, { start: true });
    assert.ok(lengths.length > 3, `while it ran, texts of these lengths were seen: ${lengths}`);
    await close();
  });

  test('Stop acts within a token, keeps what is there, and the page answers all the while', async () => {
    const { page, close } = await open({ ...SEEDED, max_new_tokens: 400 });
    await page.evaluate(() => {
      const store = /** @type {any} */ (window);
      store.longest = 0;
      new PerformanceObserver((list) => {
        for (const entry of list.getEntries()) store.longest = Math.max(store.longest, entry.duration);
      }).observe({ type: 'longtask', buffered: false });
    });
    const written = watch(page, { start: true, tokens: 200 });
    // Clicks are handled while it generates.
    await page.getByRole('radio', { name: 'Dark' }).check();
    assert.equal(await page.evaluate(() => getComputedStyle(document.documentElement).colorScheme), 'dark');
    await written;
    await status(page)
      .filter({ hasText: /Stopped after/ })
      .waitFor();
    const stopped = await shown(page);
    await new Promise((resolve) => setTimeout(resolve, 500));
    assert.equal(await shown(page), stopped, 'nothing is added after Stop');
    assert.ok(stopped.length > 40, 'what was generated stays');
    assert.ok((await tokens(page).count()) < 400, 'it did not run to the end');
    console.log(
      `# longest main-thread task while generating, the test's own questions included: ${await page.evaluate(() => /** @type {any} */ (window).longest)} ms (0: none over 50 ms)`,
    );
    // The same model serves the next call.
    await element(page, TASK).evaluate((node) => {
      /** @type {any} */ (node).state = { max_new_tokens: 8 };
    });
    assert.equal(one(await generate(page)).tokens.length, 8);
    await close();
  });

  test('the same seed gives the same text twice, another seed another', async () => {
    const { page, close } = await open(SEEDED);
    const first = one(await generate(page));
    const second = one(await generate(page));
    assert.equal(second.generated_text, first.generated_text);
    await element(page, TASK).evaluate((node) => {
      /** @type {any} */ (node).state = { seed: 43 };
    });
    const third = one(await generate(page));
    assert.notEqual(third.generated_text, first.generated_text);
    await close();
  });

  test('the same seed gives the same text with and without threads', async () => {
    const texts = [];
    for (const isolated of [true, false]) {
      const { page, close } = await open(SEEDED, { isolated });
      texts.push(one(await generate(page)).generated_text);
      await close();
    }
    assert.equal(texts[0], texts[1]);
  });

  test('a shared link reproduces the text', async () => {
    const first = await open(SEEDED);
    const said = one(await generate(first.page));
    const link = await element(first.page, TASK).evaluate((node) => /** @type {any} */ (node).shareUrl());
    await first.close();
    const second = await openSite(new URL(link).hash.slice(1));
    await until('the same text in a fresh page', async () => (await shown(second.page)) === said.text);
    assert.equal(await box(second.page, 'Prompt').inputValue(), SEEDED.prompt);
    const state = await stateOf(second.page, TASK);
    assert.equal(Number(state.seed), SEEDED.seed);
    assert.equal(state.max_new_tokens, SEEDED.max_new_tokens);
    await second.close();
  });

  test('a token shows its alternatives, and one of them continues from there', async () => {
    const { page, close } = await open(SEEDED);
    const before = one(await generate(page));
    await tokens(page).nth(3).click();
    const other = page.getByRole('group', { name: /^Alternatives to/ }).getByRole('button', { name: /^Continue with/ });
    assert.ok((await other.count()) >= 3, 'several alternatives');
    const after = one(await resultOf(page, TASK, () => other.first().click()));
    assert.notEqual(after.generated_text, before.generated_text);
    const kept = before.tokens
      .slice(0, 3)
      .map((/** @type {any} */ token) => token.text)
      .join('');
    assert.ok(after.generated_text.startsWith(SEEDED.prompt + kept), 'what stood before is kept');
    assert.ok((await shown(page)).startsWith(kept));
    // The link says what was kept.
    const link = await element(page, TASK).evaluate((node) => /** @type {any} */ (node).shareUrl());
    await close();
    const second = await openSite(new URL(link).hash.slice(1));
    await until('the same text in a fresh page', async () => {
      const text = (
        await results(second.page).getByRole('group', { name: 'Generated tokens' }).locator('..').innerText()
      ).trim();
      return text.endsWith(after.text.trim()) && text.startsWith(SEEDED.prompt);
    });
    await second.close();
  });

  test('tokens and their alternatives by keyboard alone', async () => {
    const { page, close } = await open(SEEDED);
    await generate(page);
    const alternatives = page.getByRole('group', { name: /^Alternatives to/ });
    // The row of tokens is one tab stop.
    assert.equal(
      await tokens(page).evaluateAll(
        (all) => all.filter((one) => /** @type {HTMLElement} */ (one).tabIndex === 0).length,
      ),
      1,
    );
    await tokens(page).first().focus();
    const first = await alternatives.getAttribute('aria-label');
    await page.keyboard.press('ArrowRight');
    await until('the next token', async () => (await alternatives.getAttribute('aria-label')) !== first);
    await page.keyboard.press('Enter');
    const inside = () =>
      alternatives.evaluate((group) => group.contains(/** @type {ShadowRoot} */ (group.getRootNode()).activeElement));
    await until('the focus in the alternatives', inside);
    await page.keyboard.press('Escape');
    await until('the focus back in the text', async () => !(await inside()));
    await page.keyboard.press('End');
    await page.keyboard.press('Home');
    await until('the first token again', async () => (await alternatives.getAttribute('aria-label')) === first);
    await close();
  });

  test('every example answers', async () => {
    const { page, close } = await open({ max_new_tokens: 16 });
    const count = await examples(page).count();
    assert.ok(count >= 3, `${count} examples`);
    for (let index = 0; index < count; index += 1) {
      const detail = one(await resultOf(page, TASK, () => examples(page).nth(index).click()));
      assert.ok(detail.tokens.length > 0);
    }
    await close();
  });

  test('too long a prompt is said beside the box, and the text is kept', async () => {
    const { page, close } = await open({ max_new_tokens: 8 });
    const long = 'word '.repeat(1500);
    await box(page, 'Prompt').fill(long);
    await assert.rejects(() => generate(page), /input_too_long/);
    await page.getByRole('alert').filter({ hasText: /\d{3}/ }).waitFor();
    assert.equal(await box(page, 'Prompt').inputValue(), long);
    await box(page, 'Prompt').fill('Once');
    await generate(page);
    await close();
  });

  test('by keyboard alone', async () => {
    const { page, close } = await open({ max_new_tokens: 8 });
    await box(page, 'Prompt').focus();
    await page.keyboard.press('Control+a');
    await page.keyboard.type('In the morning');
    await resultOf(page, TASK, () => page.keyboard.press('Control+Enter'));
    assert.notEqual((await status(page).innerText()).trim(), '', 'the live region says what happened');
    await close();
  });

  test('with reduced motion nothing moves by itself', async () => {
    const { page, close } = await open(SEEDED, { reducedMotion: 'reduce' });
    await generate(page);
    assert.deepEqual(
      await page.evaluate(() =>
        document
          .getAnimations()
          .filter((one) => one.playState === 'running')
          .map((one) => one.constructor.name),
      ),
      [],
    );
    await close();
  });

  for (const colorScheme of /** @type {const} */ (['light', 'dark'])) {
    test(`axe-core finds nothing with results shown (${colorScheme})`, async () => {
      const { page, close } = await open(SEEDED, { colorScheme });
      await generate(page);
      await accessible(page, `generate, ${colorScheme}`);
      await settings(page).click();
      await tokens(page).nth(2).click();
      await page
        .getByRole('button', { name: /^What is/ })
        .first()
        .click();
      await accessible(page, `generate, ${colorScheme}, everything unfolded`);
      await close();
    });
  }
});
