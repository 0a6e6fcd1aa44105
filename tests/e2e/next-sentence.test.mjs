/** The `Next sentence` screen on the default model. */
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
  status,
} from './support.mjs';

after(cleanUp);

const TASK = 'next-sentence';
const open = (/** @type {Record<string, any>} */ state = {}, /** @type {any} */ options = {}) =>
  openSite(fragment({ task: TASK, ...state }), options);
/** @param {import('playwright-core').Page} page */
const compare = (page) => resultOf(page, TASK, () => button(page, 'Compare').click());
const RAIN = { a: 'It began to rain.', b: 'She opened her umbrella.' };

describe('next sentence', () => {
  test('both probabilities are shown and add up to 100 %', async () => {
    const { page, close } = await open(RAIN);
    await compare(page);
    const cells = await results(page).getByRole('cell').allInnerTexts();
    assert.equal(cells.length, 2);
    const [next, not] = cells.map((cell) => Number(cell.match(/([\d.]+)\s%/)?.[1]));
    assert.ok(Math.abs(next + not - 100) < 0.25, `${cells.join(' and ')}`);
    await close();
  });

  test('the other order is shown beside the one that was asked for', async () => {
    const { page, close } = await open(RAIN);
    const { ranked } = await compare(page);
    const { a, b } = { a: RAIN.b, b: RAIN.a };
    await results(page).getByText('The other way round').waitFor();
    await results(page)
      .getByText(`${(100 * ranked[0].is_before).toFixed(1)}\u00a0%`)
      .first()
      .waitFor();
    await box(page, 'Sentence A').fill(a);
    await box(page, 'Sentence B').fill(b);
    const swapped = (await compare(page)).ranked[0];
    assert.equal(swapped.is_next, ranked[0].is_before);
    assert.equal(swapped.is_before, ranked[0].is_next);
    await close();
  });

  test('swap exchanges the sentences', async () => {
    const { page, close } = await open(RAIN);
    await page.getByRole('button', { name: /swap/i }).click();
    assert.equal(await box(page, 'Sentence A').inputValue(), RAIN.b);
    assert.equal(await box(page, 'Sentence B').inputValue(), RAIN.a);
    // With a result on the screen, the swapped pair is answered at once.
    await compare(page);
    await resultOf(page, TASK, () => page.getByRole('button', { name: /swap/i }).click());
    assert.match(await results(page).innerText(), /other way round/);
    await close();
  });

  test('several candidates are ranked', async () => {
    const candidates = ['She opened her umbrella.', 'The price of copper fell in March.', 'Soon the street was wet.'];
    const { page, close } = await open({ a: RAIN.a, b: candidates[0] });
    for (const one of candidates.slice(1)) {
      await button(page, 'Add another candidate').click();
      await page.keyboard.type(one); // the new box has the focus
    }
    const { ranked } = await compare(page);
    assert.equal(ranked.length, 3);
    for (let index = 1; index < 3; index += 1)
      assert.ok(ranked[index - 1].is_next >= ranked[index].is_next, 'likeliest first');
    const text = await results(page).innerText();
    for (const one of candidates) assert.ok(text.includes(one), one);
    const shares = await results(page).getByRole('table').first().innerText();
    assert.match(shares, /%/);
    await close();
  });

  test('every example answers', async () => {
    const { page, close } = await open();
    const count = await examples(page).count();
    assert.ok(count >= 3, `${count} examples`);
    for (let index = 0; index < count; index += 1) {
      await resultOf(page, TASK, () => examples(page).nth(index).click());
      assert.match(await results(page).innerText(), /%/);
    }
    await close();
  });

  for (const [name, state, says] of /** @type {Array<[string, { a: string, b: string }, RegExp]>} */ ([
    ['an empty sentence', { a: 'It rained.', b: '' }, /sentence|text/i],
    ['too long', { a: 'word '.repeat(400), b: 'word '.repeat(400) }, /\d{3}/],
  ])) {
    test(`${name} is said beside the boxes, and the text is kept`, async () => {
      const { page, close } = await open(RAIN);
      await box(page, 'Sentence A').fill(state.a);
      await box(page, 'Sentence B').fill(state.b);
      await button(page, 'Compare').click();
      await page.getByRole('alert').filter({ hasText: says }).waitFor();
      assert.equal(await box(page, 'Sentence A').inputValue(), state.a);
      assert.equal(await box(page, 'Sentence B').inputValue(), state.b);
      await box(page, 'Sentence A').fill(RAIN.a);
      await box(page, 'Sentence B').fill(RAIN.b);
      await compare(page);
      await close();
    });
  }

  test('by keyboard alone', async () => {
    const { page, close } = await open(RAIN);
    await box(page, 'Sentence A').focus();
    await page.keyboard.press('Control+a');
    await page.keyboard.type('The bell rang.');
    await resultOf(page, TASK, () => page.keyboard.press('Control+Enter'));
    assert.match(await results(page).innerText(), /%/);
    assert.notEqual((await status(page).innerText()).trim(), '', 'the live region says what happened');
    await close();
  });

  for (const colorScheme of /** @type {const} */ (['light', 'dark'])) {
    test(`axe-core finds nothing with results shown (${colorScheme})`, async () => {
      const { page, close } = await open(RAIN, { colorScheme });
      await compare(page);
      await accessible(page, `next sentence, ${colorScheme}`);
      await close();
    });
  }
});
