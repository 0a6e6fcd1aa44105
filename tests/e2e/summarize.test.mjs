/** The `TL;DR` screen on the default model. */
import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import {
  accessible,
  box,
  button,
  cleanUp,
  examples,
  fragment,
  openSite,
  resultOf,
  results,
  settings,
  status,
} from './support.mjs';

after(cleanUp);

const TASK = 'summarize';
const open = (/** @type {Record<string, any>} */ state = {}, /** @type {any} */ options = {}) =>
  openSite(fragment({ task: TASK, ...state }), options);
/** @param {import('playwright-core').Page} page */
const summarize = (page) => resultOf(page, TASK, () => button(page, 'Summarize').click());
const STORY =
  'The king had three sons. The youngest went into the wood and met a fox, who gave him a golden key. With it he opened the tower and freed the queen.';

describe('TL;DR', () => {
  test('a summary, and the exact prompt that the model was given', async () => {
    const { page, close } = await open({ document: STORY, seed: 7 });
    const detail = await summarize(page);
    const said = Array.isArray(detail) ? detail[0] : detail;
    assert.equal(typeof said.summary_text, 'string');
    assert.equal(said.plan.left_out, null);
    assert.ok(said.plan.prompt.endsWith('\nTL;DR:'));
    await page.getByText('The exact prompt').first().click();
    assert.equal(
      await page.getByLabel('The exact prompt').locator('visible=true').last().textContent(),
      said.plan.prompt,
    );
    await close();
  });

  test('a document longer than the context: the meter is full and what is left out is said', async () => {
    for (const truncation of ['tail', 'head', 'middle']) {
      const { page, close } = await open({ seed: 7, truncation, max_new_tokens: 20 });
      await box(page, 'Document').fill(`${STORY} `.repeat(40));
      const detail = await summarize(page);
      const { plan } = Array.isArray(detail) ? detail[0] : detail;
      assert.equal(plan.left_out.part, truncation);
      assert.ok(plan.left_out.tokens > 0);
      await page.getByText(/is left out\s+\([\d,]+ tokens?\)/).waitFor();
      const full = await page.getByRole('meter').evaluate((meter) => {
        const { value, max } = /** @type {HTMLMeterElement} */ (meter);
        return value === max;
      });
      assert.ok(full, 'the meter is full');
      await close();
    }
  });

  test('every example answers', async () => {
    const { page, close } = await open();
    const count = await examples(page).count();
    assert.ok(count >= 2, `${count} examples`);
    for (let index = 0; index < count; index += 1) {
      await resultOf(page, TASK, () => examples(page).nth(index).click());
      assert.notEqual((await results(page).innerText()).trim(), '');
    }
    await close();
  });

  test('an empty document is said beside the box', async () => {
    const { page, close } = await open();
    await box(page, 'Document').fill('');
    await button(page, 'Summarize').click();
    await page.getByRole('alert').filter({ hasText: /\w/ }).waitFor();
    await box(page, 'Document').fill(STORY);
    await summarize(page);
    await close();
  });

  test('the same seed gives the same summary; a shared link reproduces it', async () => {
    const first = await open({ document: STORY, seed: 11 });
    const one = await summarize(first.page);
    const two = await summarize(first.page);
    const text = (/** @type {any} */ detail) => (Array.isArray(detail) ? detail[0] : detail).summary_text;
    assert.equal(text(two), text(one));
    const link = await first.page.locator('cloze-summarize').evaluate((node) => /** @type {any} */ (node).shareUrl());
    await first.close();
    const second = await openSite(new URL(link).hash.slice(1));
    assert.equal(await box(second.page, 'Document').inputValue(), STORY);
    await results(second.page).getByText(text(one).trim().slice(0, 30)).first().waitFor();
    await second.close();
  });

  test('by keyboard alone', async () => {
    const { page, close } = await open({ max_new_tokens: 12 });
    await box(page, 'Document').focus();
    await page.keyboard.press('Control+a');
    await page.keyboard.type('The fox ran. The dog slept.');
    await resultOf(page, TASK, () => page.keyboard.press('Control+Enter'));
    assert.notEqual((await status(page).innerText()).trim(), '', 'the live region says what happened');
    await close();
  });

  for (const colorScheme of /** @type {const} */ (['light', 'dark'])) {
    test(`axe-core finds nothing with results shown (${colorScheme})`, async () => {
      const { page, close } = await open({ document: STORY, seed: 7, max_new_tokens: 20 }, { colorScheme });
      await summarize(page);
      await accessible(page, `TL;DR, ${colorScheme}`);
      await settings(page).click();
      await accessible(page, `TL;DR, ${colorScheme}, settings unfolded`);
      await close();
    });
  }
});
