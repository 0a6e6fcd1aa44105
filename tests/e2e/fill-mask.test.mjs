/** The `Fill mask` screen on the default model. */
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
  stateOf,
  status,
  until,
} from './support.mjs';

after(cleanUp);

const TASK = 'fill-mask';
const open = (/** @type {Record<string, any>} */ state = {}, /** @type {any} */ options = {}) =>
  openSite(fragment({ task: TASK, ...state }), options);
/** @param {import('playwright-core').Page} page */
const predict = (page) => resultOf(page, TASK, () => button(page, 'Predict').click());
/** @param {import('playwright-core').Page} page */
const tables = (page) => results(page).getByRole('table');

describe('fill mask', () => {
  test('one mask: one table of words with percentages, and the filled sentences', async () => {
    const { page, close } = await open({ text: 'She opened the [MASK] and went in.' });
    await predict(page);
    assert.equal(await tables(page).count(), 1);
    const text = await tables(page).innerText();
    assert.match(text, /door/, 'a right word is among the first');
    assert.match(text, /\d\.\d\s%/, 'percent with one decimal');
    assert.match(await results(page).innerText(), /went in/, 'filled sentences');
    assert.equal(await box(page, 'Text').inputValue(), 'She opened the [MASK] and went in.', 'the text stays');
    assert.match(await results(page).innerText(), /\bms\b|\ds\b/, 'timing');
    await close();
  });

  test('several masks: one table each', async () => {
    const { page, close } = await open({ text: 'The [MASK] sat on the [MASK] and looked at the [MASK].' });
    await predict(page);
    assert.equal(await tables(page).count(), 3);
    await close();
  });

  for (const joint of ['left-to-right', 'best-first']) {
    test(`joint filling, ${joint}: every mask is filled, step by step`, async () => {
      const { page, close } = await open({ text: 'The old [MASK] lived in a small [MASK] by the sea.' });
      await settings(page).click();
      await page.getByRole('radio', { name: joint === 'best-first' ? /^Best first/ : /^Left to right/ }).check();
      assert.equal((await stateOf(page, TASK)).joint, joint);
      const { joint: filled } = await predict(page);
      assert.match(filled.sequence, /^The old [\w']+ lived in a small [\w']+ by the sea\.$/, 'no mask is left');
      assert.equal(filled.steps.length, 2);
      assert.ok((await results(page).innerText()).includes(filled.sequence), 'the filled text is shown');
      await close();
    });
  }

  test('target words are scored instead of the best ones', async () => {
    const { page, close } = await open({ text: 'She drank a cup of [MASK].', targets: 'tea, coffee, stone' });
    await predict(page);
    const text = await tables(page).innerText();
    for (const word of ['tea', 'coffee', 'stone']) assert.match(text, new RegExp(`\\b${word}\\b`));
    assert.ok(text.indexOf('tea') < text.indexOf('stone'), 'best first');
    await close();
  });

  test('a click on a word masks it', async () => {
    const { page, close } = await open({ text: 'The dog barked at the cat.' });
    await page.getByRole('group', { name: 'Click a word to mask it' }).getByRole('button', { name: 'barked' }).click();
    await until('the mask', async () => (await box(page, 'Text').inputValue()) === 'The dog [MASK] at the cat.');
    await predict(page);
    assert.equal(await tables(page).count(), 1);
    await close();
  });

  test('every example answers', async () => {
    const { page, close } = await open();
    const count = await examples(page).count();
    assert.ok(count >= 3, `${count} examples`);
    for (let index = 0; index < count; index += 1) {
      await resultOf(page, TASK, () => examples(page).nth(index).click());
      assert.ok((await tables(page).count()) >= 1);
    }
    await close();
  });

  test('emoji, CJK and combining marks around the mask come back whole', async () => {
    const { page, close } = await open({ text: '👩‍👩‍👧 漢字 café: the [MASK] is red.' });
    await predict(page);
    await results(page)
      .getByText(/👩‍👩‍👧 漢字 café: the \w+ is red\./)
      .first()
      .waitFor();
    await close();
  });

  describe('what cannot be answered is said beside the box, and the text is kept', () => {
    for (const [name, text, says] of /** @type {Array<[string, string, RegExp]>} */ ([
      ['no mask', 'No gap in here.', /\[MASK\]/],
      ['empty', '', /text|type|write/i],
      ['too long', `${'word '.repeat(700)}[MASK]`, /\d{3}/],
    ])) {
      test(name, async () => {
        const { page, close } = await open({ text: 'The [MASK].' });
        await box(page, 'Text').fill(text);
        await button(page, 'Predict').click();
        await page.getByRole('alert').filter({ hasText: says }).waitFor();
        assert.equal(await box(page, 'Text').inputValue(), text);
        // The same instance serves the next call.
        await box(page, 'Text').fill('The [MASK] is green.');
        await predict(page);
        assert.equal(await page.getByRole('alert').filter({ hasText: /./ }).count(), 0, 'the error is gone');
        await close();
      });
    }

    test('an unknown target', async () => {
      const { page, close } = await open({ text: 'She drank [MASK].', targets: 'qqxzzv' });
      await assert.rejects(() => predict(page), /unknown_target/);
      // The box it concerns is in the folded settings: they open.
      await page.getByRole('alert').filter({ hasText: 'qqxzzv' }).waitFor();
      await close();
    });
  });

  test('by keyboard alone', async () => {
    const { page, close } = await openSite();
    await page.getByRole('tab', { name: 'Fill mask' }).focus();
    for (let presses = 0; presses < 40; presses += 1) {
      if (
        await box(page, 'Text').evaluate(
          (node) => /** @type {ShadowRoot} */ (node.getRootNode()).activeElement === node,
        )
      )
        break;
      await page.keyboard.press('Tab');
    }
    await page.keyboard.press('Control+a');
    await page.keyboard.type('The sky is [MASK].');
    await resultOf(page, TASK, () => page.keyboard.press('Control+Enter'));
    assert.equal(await tables(page).count(), 1);
    assert.equal((await stateOf(page, TASK)).text, 'The sky is [MASK].');
    assert.notEqual((await status(page).innerText()).trim(), '', 'the live region says what happened');
    await close();
  });

  for (const colorScheme of /** @type {const} */ (['light', 'dark'])) {
    test(`axe-core finds nothing with results shown (${colorScheme})`, async () => {
      const { page, close } = await open({ text: 'The [MASK] sat on the [MASK].' }, { colorScheme });
      await predict(page);
      await accessible(page, `fill mask, ${colorScheme}`);
      await settings(page).click();
      await accessible(page, `fill mask, ${colorScheme}, settings unfolded`);
      await close();
    });
  }

  test('on a phone the result fits', async () => {
    const { page, close } = await open(
      { text: 'The [MASK] sat on the [MASK] of an extraordinarily long and winding sentence.' },
      { viewport: { width: 360, height: 740 } },
    );
    await predict(page);
    const [scroll, client] = await page.evaluate(() => [
      document.documentElement.scrollWidth,
      document.documentElement.clientWidth,
    ]);
    assert.ok(scroll <= client, `${scroll} px in ${client} px`);
    await close();
  });
});
