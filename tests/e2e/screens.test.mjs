/** One of each screen, on the page's own models: what `cargo xtask test --quick` runs. */
import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { serveHub } from './hub.mjs';
import { bert, ID } from './hub-support.mjs';
import { accessible, box, button, cleanUp, fragment, openSite, resultOf, results } from './support.mjs';

after(cleanUp);

/** @typedef {import('playwright-core').Page} Page */

/** Task, what is asked in the link, the button, and what must be in the results. @type {Array<[string, Record<string, string | number>, string, RegExp]>} */
const SCREENS = [
  ['fill-mask', { text: 'She opened the [MASK] and went in.' }, 'Predict', /door/],
  ['next-sentence', { a: 'It began to rain.', b: 'She opened her umbrella.' }, 'Compare', /\d\s%/],
  ['generate', { prompt: 'Once upon a time', seed: 1, max_new_tokens: 8 }, 'Generate', /\w{2}/],
  ['summarize', { document: 'The king had three sons. The youngest met a fox.', seed: 1 }, 'Summarize', /\w{2}/],
];

describe('each screen', () => {
  for (const [task, state, name, expected] of SCREENS) {
    test(`${task} answers, and can be used by everybody`, async () => {
      const { page, close } = await openSite(fragment({ task, ...state }));
      assert.ok(await resultOf(page, task, () => button(page, name).click()));
      assert.match(await results(page).innerText(), expected);
      await accessible(page, task);
      await close();
    });
  }

  test('models: one from a hub is loaded, kept and used', async () => {
    const hub = await serveHub({ [ID]: { files: bert() } });
    try {
      const { page, close } = await openSite('task=models', { expected: /request to elsewhere/ });
      await page.evaluate((url) => localStorage.setItem('cloze-hub', url), hub.url);
      await page.reload();
      await box(page, 'Model').fill(ID);
      await button(page, 'Load').click();
      await page.getByText('Now used by Fill mask, Next sentence and Inside.').waitFor();
      await accessible(page, 'models');
      await close();
    } finally {
      await hub.close();
    }
  });
});
