/** What a reader types that is no plain English sentence with `[MASK]`: gaps, other languages, refused prompts; and settings put back. */
import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import {
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
  until,
} from './support.mjs';

after(cleanUp);

describe('gaps', () => {
  for (const gap of ['___', '__________', '[mask]', '<mask>', '[MASK]']) {
    test(`${gap} is a mask`, async () => {
      const { page, close } = await openSite(fragment({ task: 'fill-mask', text: 'The [MASK].' }));
      await box(page, 'Text').fill(`The ${gap} barked at the cat.`);
      const { masks } = await resultOf(page, 'fill-mask', () => button(page, 'Predict').click());
      assert.equal(masks.length, 1);
      assert.equal(await box(page, 'Text').inputValue(), 'The [MASK] barked at the cat.');
      await close();
    });
  }

  test('they become masks when the box is left, not while they are typed; set by a script they do too', async () => {
    const { page, close } = await openSite(fragment({ task: 'fill-mask', text: 'x' }));
    await box(page, 'Text').fill('');
    await box(page, 'Text').pressSequentially('The ____ sat');
    assert.equal(await box(page, 'Text').inputValue(), 'The ____ sat');
    await page.keyboard.press('Tab');
    await until('the mask', async () => (await box(page, 'Text').inputValue()) === 'The [MASK] sat');
    const result = await element(page, 'fill-mask').evaluate(async (node) => {
      const screen = /** @type {any} */ (node);
      screen.state = { text: 'A <mask> and a ___.' };
      return (await screen.run()).masks.length;
    });
    assert.equal(result, 2);
    await close();
  });

  test('a button puts a mask at the cursor, or in the place of what is selected', async () => {
    const { page, close } = await openSite(fragment({ task: 'fill-mask', text: 'The cat sat down.' }));
    await box(page, 'Text').evaluate((node) => /** @type {HTMLTextAreaElement} */ (node).setSelectionRange(4, 7));
    await button(page, 'Insert [MASK]').click();
    assert.equal(await box(page, 'Text').inputValue(), 'The [MASK] sat down.');
    await page.keyboard.type(' slowly');
    assert.equal(await box(page, 'Text').inputValue(), 'The [MASK] slowly sat down.');
    await close();
  });
});

describe('what the model has not read', () => {
  for (const [task, state, name] of /** @type {const} */ ([
    ['fill-mask', { text: 'Der Hund [MASK] im Garten.' }, 'Predict'],
    ['next-sentence', { a: 'Es war einmal ein König.', b: 'Er hatte eine Tochter und einen Sohn.' }, 'Compare'],
    ['generate', { prompt: 'Es war einmal ein König, der', max_new_tokens: 4 }, 'Generate'],
    ['summarize', { document: 'Es war einmal ein König. Er hatte nicht viel Zeit.', max_new_tokens: 4 }, 'Summarize'],
  ])) {
    test(`${task} says so before the answer, and of English nothing`, async () => {
      const { page, close } = await openSite(fragment({ task, ...state }));
      const caution = results(page).getByText('This does not look like English');
      await caution.waitFor();
      await resultOf(page, task, () => button(page, name).click());
      await caution.waitFor();
      await resultOf(page, task, () => examples(page).first().click());
      assert.equal(await caution.count(), 0);
      await close();
    });
  }
});

describe('examples and settings', () => {
  test('what an example sets goes with its text, typed or set by a script', async () => {
    const { page, close } = await openSite(fragment({ task: 'generate' }));
    const loop = examples(page).filter({ hasText: 'A greedy loop' });
    await resultOf(page, 'generate', () => loop.click());
    assert.equal((await stateOf(page, 'generate')).do_sample, false);
    await box(page, 'Prompt').fill('My own beginning');
    const { do_sample, repetition_penalty, max_new_tokens } = await stateOf(page, 'generate');
    assert.deepEqual([do_sample, repetition_penalty, max_new_tokens], [true, 1.2, 120]);
    await resultOf(page, 'generate', () => loop.click());
    await element(page, 'generate').evaluate((node) => {
      /** @type {any} */ (node).state = { prompt: 'Another' };
    });
    assert.equal((await stateOf(page, 'generate')).do_sample, true);
    await close();
  });

  for (const [task, state, kept] of /** @type {const} */ ([
    ['fill-mask', { text: 'A [MASK].', top_k: 9, joint: 'best-first' }, 'text'],
    ['generate', { prompt: 'A king', do_sample: false, temperature: 2, stop: 'x' }, 'prompt'],
    ['summarize', { document: 'A king.', sentences: 7, num_beams: 2, cue: 'x' }, 'document'],
  ])) {
    test(`${task}: settings are put back, what is typed stays`, async () => {
      const { page, close } = await openSite(fragment({ task }));
      const first = await stateOf(page, task);
      await element(page, task).evaluate((node, given) => {
        /** @type {any} */ (node).state = given;
      }, state);
      await settings(page).click();
      await button(page, 'Reset settings').click();
      const typed = /** @type {Record<string, unknown>} */ (state)[kept];
      const examplesOwn = task === 'generate' ? { seed: null, max_new_tokens: 120 } : {};
      assert.deepEqual(await stateOf(page, task), { ...first, ...examplesOwn, [kept]: typed });
      assert.ok(await button(page, 'Reset settings').isDisabled());
      assert.equal(await element(page, task).evaluate((node) => node.shadowRoot?.activeElement?.id), 'reset');
      await close();
    });
  }

  test('a prompt that is refused is in its box and nowhere else', async () => {
    const { page, close } = await openSite(fragment({ task: 'generate' }));
    await box(page, 'Prompt').fill('word '.repeat(1200));
    await button(page, 'Generate').click();
    await page.getByRole('alert').filter({ hasText: /\d{3}/u }).waitFor();
    assert.doesNotMatch(await results(page).innerText(), /word word/u);
    const height = await results(page).evaluate((node) => node.getBoundingClientRect().height);
    assert.ok(height < 900, `${height} px`);
    await close();
  });

  test('a long prompt that is read has a box of its own', async () => {
    const { page, close } = await openSite(
      fragment({ task: 'generate', prompt: 'The old man sat by the sea. '.repeat(50), max_new_tokens: 4 }),
    );
    await resultOf(page, 'generate', () => button(page, 'Generate').click());
    const height = await results(page).evaluate((node) => node.getBoundingClientRect().height);
    assert.ok(height < 900, `${height} px`);
    await close();
  });
});
