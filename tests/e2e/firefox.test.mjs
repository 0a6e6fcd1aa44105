/** Every screen in Firefox, on the builds that it can run: the first example is answered as Chromium answers it, to the last bit. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { Firefox, findFirefox } from './firefox.mjs';
import { answered, trained } from './in-page.mjs';
import { cleanUp, fragment, openSite, site } from './support.mjs';

const { program, missing } = findFirefox();
const skip = missing ?? false;

/** @type {Firefox} */
let firefox;

before(async () => {
  if (program) firefox = await Firefox.launch(program);
});
after(async () => {
  await firefox?.close();
  await cleanUp();
});

/** Opens the site on one screen. @param {Record<string, string>} link */
const opened = async (link) => firefox.open(`${await site()}?lang=en#${fragment(link)}`);

/** Runs in the page: the models that are listed as kept. */
async function keptModels() {
  const name = 'cloze-kept-models';
  for (let tries = 0; tries < 200; tries++) {
    const list = document
      .querySelector('cloze-models')
      ?.shadowRoot?.querySelector(name)
      ?.shadowRoot?.querySelector('li');
    if (list) break;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  const list = document.querySelector('cloze-models')?.shadowRoot?.querySelector(name);
  return /** @type {HTMLElement | undefined} */ (list?.shadowRoot?.firstElementChild)?.innerText ?? '';
}

/** A difference is shown alone: some results are long. @param {string} there @param {string} here */
function alike(there, here) {
  if (there === here) return;
  const at = [...there].findIndex((letter, index) => letter !== here[index]);
  const part = (/** @type {string} */ text) => text.slice(Math.max(0, at - 100), at + 100);
  assert.equal(part(there), part(here), 'Firefox and Chromium');
}

describe('Firefox', () => {
  for (const [task, shows] of /** @type {const} */ ([
    ['fill-mask', /empty/],
    ['next-sentence', /B follows A/],
    ['generate', /had been looking about the house/],
    ['summarize', /Pedestrians/],
    ['inside', /animal/],
  ]))
    test(`${task}: the first example is answered, as in Chromium`, { skip }, async () => {
      await opened({ task });
      const there = await firefox.evaluate(answered, task);
      const { page, close } = await openSite(fragment({ task }));
      const here = await page.evaluate(answered, task);
      await close();
      assert.match(there.shown, shows);
      alike(there.said, here.said);
      assert.match(there.build, /^(simd128|relaxed-simd(-threads)?): /u);
      assert.match(there.threads, /^\d+ of this machine|^Off\. .{15,}/u);
      assert.deepEqual(firefox.troubles, []);
    });

  test('train: learns as in Chromium, and is kept', { skip }, async () => {
    const link = { task: 'train', view: 'scratch', set: 'architecture-gpt size-small steps-4 seed-7' };
    await opened(link);
    const there = await firefox.evaluate(trained, 'countries');
    assert.deepEqual(firefox.troubles, []);
    const { page, close } = await openSite(fragment(link));
    const here = await page.evaluate(trained, 'countries');
    await close();
    assert.deepEqual(there, here);
    assert.equal(there.losses.length, 4);
  });

  test('models: what the other screens fetched is kept', { skip }, async () => {
    await opened({ task: 'models' });
    const list = await firefox.evaluate(keptModels, undefined);
    assert.match(list, /BERT/);
    assert.deepEqual(firefox.troubles, []);
  });
});
