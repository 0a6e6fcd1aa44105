/** Loading the model: what is said meanwhile, and what happens when it fails. */
import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import {
  accessible,
  box,
  button,
  cleanUp,
  DIST,
  fragment,
  open,
  openSite,
  resultOf,
  results,
  serving,
  site,
  status,
  tab,
  until,
} from './support.mjs';

after(cleanUp);

/** @typedef {import('playwright-core').Page} Page */

const TEXT = 'What I typed, with a [MASK], is kept.';
const WEIGHTS = /\.(gguf|safetensors)(\?|$)/;

describe('loading', () => {
  test('the page answers before any model is there', async () => {
    /** @type {() => void} */
    let letGo = () => undefined;
    const held = new Promise((resolve) => {
      letGo = () => resolve(undefined);
    });
    const { page, close } = await openSite('', {
      before: (fresh) =>
        fresh.route(WEIGHTS, async (route) => {
          await held;
          await route.continue();
        }),
    });
    await box(page, 'Text').fill(TEXT);
    await tab(page, 'Generate').click();
    await tab(page, 'Fill mask').click();
    const outcome = resultOf(page, 'fill-mask', () => button(page, 'Predict').click());
    await status(page)
      .filter({ hasText: /loading/i })
      .waitFor();
    await page.getByRole('progressbar').first().waitFor();
    await accessible(page, 'loading');
    letGo();
    await outcome;
    assert.equal(await box(page, 'Text').inputValue(), TEXT);
    await close();
  });

  /** Holds requests until they are let go. @param {Page} page @param {RegExp} which */
  async function hold(page, which) {
    /** @type {() => void} */
    let letGo = () => undefined;
    const held = new Promise((resolve) => (letGo = () => resolve(undefined)));
    await page.route(which, async (route) => {
      await held;
      await route.continue();
    });
    return letGo;
  }

  for (const [first, last] of /** @type {Array<[RegExp, RegExp]>} */ ([
    [WEIGHTS, /tokenizer\.json/],
    [WEIGHTS, /\.wasm/],
    [/\.wasm/, WEIGHTS],
  ])) {
    test(`all of a model is asked for at once: ${first.source} does not wait for ${last.source}`, async () => {
      /** @type {() => void} */
      let letGo = () => undefined;
      const { page, close } = await openSite('', {
        before: async (fresh) => {
          letGo = await hold(fresh, last);
        },
      });
      await page.waitForRequest(first);
      letGo();
      await resultOf(page, 'fill-mask', () => button(page, 'Predict').click());
      await close();
    });
  }

  for (const [width, height] of [
    [360, 640],
    [900, 700],
    [1280, 720],
  ]) {
    test(`${width} × ${height}: how much is coming is in sight from the start, and a run is remembered`, async () => {
      /** @type {() => void} */
      let letGo = () => undefined;
      const { page, close } = await openSite('', {
        viewport: { width, height },
        before: async (fresh) => {
          letGo = await hold(fresh, WEIGHTS);
        },
      });
      const panel = results(page);
      const inSight = async (/** @type {import('playwright-core').Locator} */ part) => {
        await part.waitFor();
        const { y, height: high } = (await part.boundingBox()) ?? { y: -1, height: 0 };
        assert.ok(y >= 0 && y + high <= height, `${await part.evaluate((one) => one.outerHTML)} at ${y}`);
      };
      await panel.getByText(/\d of [12]\d\.\d.MB/).waitFor();
      await panel.getByText('Fetching the model and the program that runs it').waitFor();
      await inSight(panel.getByRole('progressbar'));
      await inSight(panel.getByRole('button', { name: 'Stop loading' }));
      assert.equal(await page.evaluate(() => scrollY), 0);

      await panel.getByRole('button', { name: 'Pause loading' }).click();
      await panel.getByText('Loading is paused').waitFor();
      await inSight(panel.getByRole('button', { name: 'Resume loading' }));
      await accessible(page, 'paused');
      await panel.getByRole('button', { name: 'Resume loading' }).click();

      const outcome = resultOf(page, 'fill-mask', () => button(page, 'Predict').click());
      await panel.getByText('“Predict” is noted and starts by itself.').waitFor();
      await box(page, 'Text').fill(TEXT);
      letGo();
      assert.equal((await outcome).text, TEXT);
      assert.equal(await panel.getByRole('progressbar').count(), 0);
      await close();
    });
  }

  test('what is told of the whole load grows to its end, with packed files too', async () => {
    const { page, close } = await open(await serving(DIST, { packs: true }), {
      before: (fresh) =>
        fresh.addInitScript(() => {
          const told = /** @type {any} */ (window);
          told.whole = [];
          addEventListener('cloze-progress', (event) => {
            const { whole } = /** @type {CustomEvent} */ (event).detail;
            if (whole) told.whole.push([whole.loaded, whole.total]);
          });
        }),
    });
    await resultOf(page, 'fill-mask', () => button(page, 'Predict').click());
    /** @type {number[][]} */
    const told = await page.evaluate(() => /** @type {any} */ (window).whole);
    assert.ok(told.length > 3);
    for (const [index, [loaded = 0, total = 0]] of told.entries()) {
      const [before = 0, whole = 0] = told[index - 1] ?? [];
      assert.ok(loaded <= total && loaded >= before && total >= whole, `${told[index - 1]} then ${told[index]}`);
    }
    const [loaded, total] = told.at(-1) ?? [];
    assert.equal(loaded, total);
    await close();
  });

  test('a tokenizer that is no good is said while the weights are under way', async () => {
    const { page, close } = await openSite('', {
      expected: /Failed to load resource/,
      before: async (fresh) => {
        await hold(fresh, WEIGHTS);
        await fresh.route(/tokenizer\.json/, (route) => route.fulfill({ status: 404, body: 'gone' }));
      },
    });
    await results(page).getByRole('alert').filter({ hasText: 'tokenizer.json' }).waitFor();
    await close();
  });

  test('who saves data loads a model by asking for it, not by looking at the page', async () => {
    const { page, close } = await openSite(fragment({ task: 'fill-mask', text: TEXT }), {
      before: (fresh) =>
        fresh.addInitScript(() => {
          Object.defineProperty(navigator, 'connection', { value: { saveData: true } });
        }),
    });
    /** @type {string[]} */
    const asked = [];
    page.on('request', (request) => asked.push(request.url()));
    await button(page, 'Predict').waitFor();
    // Idle since then: others would have begun by now.
    await page.evaluate(
      () =>
        new Promise((resolve) => {
          requestIdleCallback(() => setTimeout(() => requestIdleCallback(resolve), 500));
        }),
    );
    assert.deepEqual(
      asked.filter((url) => WEIGHTS.test(url)),
      [],
    );
    assert.ok(await resultOf(page, 'fill-mask', () => button(page, 'Predict').click()));
    assert.equal(asked.filter((url) => WEIGHTS.test(url)).length, 1);
    await close();
  });

  /** @type {Array<[string, (route: import('playwright-core').Route) => Promise<void>]>} */
  const FAILURES = [
    ['404', (route) => route.fulfill({ status: 404, body: 'gone' })],
    ['500', (route) => route.fulfill({ status: 500, body: 'broken' })],
    ['no connection', (route) => route.abort('connectionreset')],
    [
      'truncated',
      async (route) => {
        const response = await route.fetch();
        const body = await response.body();
        await route.fulfill({
          status: 200,
          contentType: 'application/octet-stream',
          body: body.subarray(0, Math.floor(body.length / 2)),
        });
      },
    ],
    [
      'not a model',
      (route) => route.fulfill({ status: 200, contentType: 'text/html', body: '<!doctype html><p>Please log in.</p>' }),
    ],
  ];
  for (const [name, fail] of FAILURES) {
    test(`${name}: said in words, Retry works, what was typed is kept`, async () => {
      let failing = true;
      const { page, close } = await openSite(fragment({ task: 'fill-mask', text: TEXT }), {
        expected: /Failed to load resource|net::ERR/,
        before: (fresh) => fresh.route(WEIGHTS, (route) => (failing ? fail(route) : route.continue())),
      });
      const retry = button(page, 'Retry');
      await retry.waitFor();
      await page.getByRole('alert').filter({ hasText: /\w/ }).first().waitFor();
      await accessible(page, `failed load, ${name}`);
      assert.equal(await box(page, 'Text').inputValue(), TEXT);
      failing = false;
      await retry.click();
      await until('the error to go', async () => !(await retry.isVisible()));
      const detail = await resultOf(page, 'fill-mask', () => button(page, 'Predict').click());
      assert.ok(detail);
      assert.equal(await box(page, 'Text').inputValue(), TEXT);
      await close();
    });
  }

  test('each file of the default model is asked for once, and all from this origin', async () => {
    const { page, close } = await openSite(fragment({ task: 'fill-mask', text: TEXT }));
    /** @type {string[]} */
    const asked = [];
    page.on('request', (request) => asked.push(request.url()));
    await resultOf(page, 'fill-mask', () => button(page, 'Predict').click());
    await tab(page, 'Next sentence').click();
    await resultOf(page, 'next-sentence', () => button(page, 'Compare').click());
    const weights = asked.filter((url) => WEIGHTS.test(url));
    assert.equal(new Set(weights).size, weights.length, 'both BERT screens share one model');
    const origin = new URL(await site()).origin;
    for (const url of asked)
      assert.ok(url.startsWith(origin) || url.startsWith('data:') || url.startsWith('blob:'), url);
    await close();
  });
});
