/** Text that runs from right to left, on each screen: in boxes, chips, sentences and tables, beside our own words and numbers. */
import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { box, button, cleanUp, element, fragment, openSite, resultOf, results } from './support.mjs';

after(cleanUp);

/** @typedef {import('playwright-core').Page} Page */
/** @typedef {import('playwright-core').Locator} Locator */

/** A sentence with a mask in its middle, and one with a number at its end. */
const TEXTS = {
  Hebrew: { mask: 'אני אוהב [MASK] מאוד', first: 'אני', last: 'מאוד', a: 'הכלב רץ בגן 12.', b: 'הוא חזר עם עצם.' },
  Arabic: {
    mask: 'أنا أحب [MASK] كثيرا',
    first: 'أنا',
    last: 'كثيرا',
    a: 'ركض الكلب في الحديقة 12.',
    b: 'عاد ومعه عظمة.',
  },
};

/** @param {Locator} locator */
const directionOf = (locator) => locator.evaluate((node) => getComputedStyle(node).direction);
/** @param {Locator} locator */
const left = async (locator) => /** @type {{ x: number }} */ (await locator.boundingBox()).x;

/**
 * Where a word stands in a text, left to right, in pixels.
 * @param {Locator} locator @param {string} word
 */
const placeOf = (locator, word) =>
  locator.evaluate((node, wanted) => {
    const walker = document.createTreeWalker(node, NodeFilter.SHOW_TEXT);
    for (let text = walker.nextNode(); text; text = walker.nextNode()) {
      const at = (text.textContent ?? '').indexOf(wanted);
      if (at < 0) continue;
      const range = document.createRange();
      range.setStart(text, at);
      range.setEnd(text, at + wanted.length);
      return range.getBoundingClientRect().x;
    }
    throw new Error(`${wanted} is not there`);
  }, word);

for (const [language, { mask, first, last, a, b }] of Object.entries(TEXTS)) {
  describe(language, () => {
    test('fill mask: the sentence is read from the right, figures stand beside it, and the reader is told', async () => {
      const { page, close } = await openSite(fragment({ task: 'fill-mask', text: mask }));
      assert.equal(await directionOf(box(page, 'Text')), 'rtl');
      const chips = page.getByRole('group', { name: 'Click a word to mask it' });
      assert.ok(
        (await left(chips.getByText(first, { exact: true }))) > (await left(chips.getByText(last, { exact: true }))),
      );
      await resultOf(page, 'fill-mask', () => button(page, 'Predict').click());
      await results(page).getByText(`The model has read English alone and knows no ${language}`).waitFor();
      const sentence = results(page).locator('#filled');
      assert.ok((await placeOf(sentence, first)) > (await placeOf(sentence, last)), 'the filled sentence');
      const item = results(page).getByRole('listitem').first();
      assert.ok((await placeOf(item, first)) > (await placeOf(item, last)), 'a sentence of the list');
      assert.ok((await placeOf(item, '%')) > (await placeOf(item, first)), 'its figure is not within it');
      await close();
    });

    test('fill mask: a text that begins with a mask runs as its letters do', async () => {
      const { page, close } = await openSite(fragment({ task: 'fill-mask', text: `[MASK] ${first}` }));
      assert.equal(await directionOf(box(page, 'Text')), 'rtl');
      await close();
    });

    test('next sentence: both sentences, and the pair beside our arrow', async () => {
      const { page, close } = await openSite(fragment({ task: 'next-sentence', a, b }));
      for (const name of ['Sentence A', 'Sentence B']) assert.equal(await directionOf(box(page, name)), 'rtl');
      await resultOf(page, 'next-sentence', () => button(page, 'Compare').click());
      const pair = results(page).locator('.pair').first();
      const [begins, , ends] = /** @type {[string, string, string]} */ (a.split(' '));
      assert.ok((await placeOf(pair, begins)) > (await placeOf(pair, ends)));
      assert.match(await pair.innerText(), /→/u);
      await close();
    });

    test('generate: prompt and text, and the arrow keys follow the eye', async () => {
      const { page, close } = await openSite(fragment({ task: 'generate', prompt: a, seed: 1, max_new_tokens: 12 }));
      assert.equal(await directionOf(box(page, 'Prompt')), 'rtl');
      await resultOf(page, 'generate', () => button(page, 'Generate').click());
      const tokens = results(page)
        .getByRole('group', { name: 'Generated tokens' })
        .locator('[data-index]:not([hidden])');
      assert.equal(await directionOf(tokens.first()), 'rtl');
      await tokens.first().focus();
      await page.keyboard.press('ArrowLeft');
      const focused = await element(page, 'generate').evaluate(
        (node) =>
          /** @type {any} */ (node).shadowRoot.querySelector('cloze-token-stream').shadowRoot.activeElement.dataset
            .index,
      );
      assert.ok(Number(focused) > 0, 'left is forward');
      await close();
    });

    test('TL;DR: the document and its summary', async () => {
      const { page, close } = await openSite(fragment({ task: 'summarize', document: `${a} ${b}`, max_new_tokens: 8 }));
      assert.equal(await directionOf(box(page, 'Document')), 'rtl');
      await resultOf(page, 'summarize', () => button(page, 'Summarize').click());
      await page.getByText('The exact prompt').first().click();
      assert.equal(await directionOf(page.getByLabel('The exact prompt').locator('visible=true').last()), 'rtl');
      await close();
    });
  });
}
