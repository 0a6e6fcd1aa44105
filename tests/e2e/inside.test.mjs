/** The Inside screen: its frame, and the views Input, Attention and Layer by layer. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, describe, test } from 'node:test';
import { gzipSync } from 'node:zlib';
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
  stateOf,
  status,
  tab,
  until,
} from './support.mjs';

after(cleanUp);

/** @typedef {import('playwright-core').Page} Page */

const TASK = 'inside';
const TEXT = "The animal didn't cross the street because it was too tired.";
const MASKED = 'The grass is always greener on the other [MASK].';
/** Of this file; each view of the others has its own. */
const VIEWS = /** @type {const} */ ({ input: 'Input', attention: 'Attention', layers: 'Layer by layer' });

/** @param {Record<string, string | number | boolean>} state @param {Parameters<typeof openSite>[1]} [options] */
const open = (state, options) => openSite(fragment({ task: TASK, ...state }), options);

const plain = (/** @type {string} */ text) => text.replaceAll('\u00a0', ' ');
/** A share as the screen writes it. @param {number} share */
const percent = (share) =>
  share > 0 && share < 0.0005 ? '<0.1 %' : share >= 0.9995 && share < 1 ? '>99.9 %' : `${(100 * share).toFixed(1)} %`;
const same = (/** @type {string} */ shown, /** @type {number} */ share) =>
  assert.equal(plain(shown).replaceAll(' ', ''), percent(share).replaceAll(' ', ''));

/**
 * What a run computed: the numbers that the worker gave, as arrays.
 * @param {Page} page @param {() => Promise<unknown>} [act] @returns {Promise<any>}
 */
async function computed(page, act = () => button(page, 'Look inside').click()) {
  const key = `computed${Math.random()}`;
  await element(page, TASK).evaluate((node, name) => {
    const bulk = (/** @type {string} */ _, /** @type {any} */ value) =>
      ArrayBuffer.isView(value) ? [.../** @type {Float32Array} */ (value)] : value;
    // Kept by the page: what nobody holds would be collected.
    /** @type {any} */ (window)[name] = new Promise((resolve, reject) => {
      node.addEventListener(
        'cloze-result',
        (event) => resolve(JSON.stringify(/** @type {CustomEvent} */ (event).detail, bulk)),
        { once: true },
      );
      node.addEventListener('cloze-error', (event) => reject(/** @type {CustomEvent} */ (event).detail), {
        once: true,
      });
    });
  }, key);
  await act();
  const text = await page.evaluate(
    (name) => /** @type {any} */ (window)[name].then((/** @type {string} */ it) => it),
    key,
  );
  return JSON.parse(text);
}

/** The rows of a table. @param {import('playwright-core').Locator} table */
const rowsOf = (table) =>
  table
    .locator('tbody tr')
    .evaluateAll((rows) =>
      rows.map((row) => [...row.children].map((cell) => /** @type {HTMLElement} */ (cell).innerText.trim())),
    );

/** What a button saves. @param {Page} page @param {'SVG' | 'PNG' | 'CSV'} kind */
async function saved(page, kind) {
  const [download] = await Promise.all([page.waitForEvent('download'), button(page, kind).click()]);
  return { name: download.suggestedFilename(), bytes: await readFile(await download.path()) };
}

/** The cells of a CSV file without quoted fields. @param {Buffer} bytes */
function cells(bytes) {
  const [head, ...rows] = bytes.toString('utf8').replace('\ufeff', '').trim().split('\r\n');
  const columns = (head ?? '').split(',');
  return rows.map((row) => Object.fromEntries(row.split(',').map((cell, at) => [columns[at] ?? '', cell])));
}

describe('arriving', () => {
  test('nothing of it is fetched before its tab is opened, and it is small', async () => {
    /** @type {string[]} */
    const scripts = [];
    const { page, close } = await openSite('', {
      before: async (fresh) => {
        fresh.on('request', (request) => {
          if (request.resourceType() === 'script') scripts.push(request.url());
        });
      },
    });
    await box(page, 'Text').waitFor();
    await page.waitForLoadState('networkidle');
    const before = [...scripts];
    const sources = (/** @type {string[]} */ urls) =>
      Promise.all(urls.map(async (url) => Buffer.from(await (await fetch(url)).arrayBuffer())));
    for (const source of await sources(before))
      assert.ok(!source.includes('cloze-drawing'), 'a view in the first script');
    await tab(page, 'Inside').click();
    await page.getByRole('radio', { name: 'Attention' }).waitFor();
    const added = await sources(scripts.filter((url) => !before.includes(url) && !url.includes('worker')));
    assert.ok(added.some((source) => source.includes('cloze-drawing')));
    const bytes = added.reduce((sum, source) => sum + gzipSync(source).length, 0);
    assert.ok(bytes <= 120_000, `${bytes} bytes with gzip`);
    await close();
  });

  test('where it cannot be fetched that is said, and a reload helps', async () => {
    let blocked = true;
    const { page, close } = await openSite('', { expected: /Failed to load resource|ERR_FAILED/ });
    await box(page, 'Text').waitFor();
    await page.waitForLoadState('networkidle');
    await page.route('**/*.js', (route) =>
      blocked && !route.request().url().includes('worker') ? route.abort() : route.fallback(),
    );
    await tab(page, 'Inside').click();
    await page.getByText('This part of the page could not be fetched').waitFor();
    blocked = false;
    await page.getByRole('button', { name: 'Reload the page' }).click();
    await page.getByRole('radio', { name: 'Attention' }).waitFor();
    await close();
  });
});

describe('attention', () => {
  test('the shares of a token are those that the worker gave', async () => {
    const { page, close } = await open({ text: TEXT, token: 10, layer: 9, head: 4 });
    const { data } = await computed(page);
    const [{ tokens, weights, num_heads }] = data;
    const length = tokens.length;
    assert.equal(weights.length, num_heads * length * length);
    const row = (/** @type {number} */ head, /** @type {number} */ from) =>
      weights.slice((head * length + from) * length, (head * length + from + 1) * length);
    for (let head = 0; head < num_heads; head++)
      for (let from = 0; from < length; from++) {
        const sum = row(head, from).reduce((/** @type {number} */ a, /** @type {number} */ b) => a + b, 0);
        assert.ok(Math.abs(sum - 1) < 1e-4, `row ${from} of head ${head} adds up to ${sum}`);
      }
    const shown = await rowsOf(results(page).getByRole('table').first());
    assert.equal(tokens[10].token, 'it');
    assert.equal(shown[0]?.[0], 'animal', 'the pronoun’s noun comes first in the example');
    for (const [name, place, share] of shown) {
      assert.equal(name, tokens[Number(place)].token);
      same(share ?? '', row(3, 10)[Number(place)]);
    }
    await results(page).getByText('The rest of').click();
    await until('the rest', async () => (await rowsOf(results(page).getByRole('table').nth(1))).length === length - 6);
    await close();
  });

  test('another head, layer, token: by keys alone', async () => {
    const { page, close } = await open({ text: TEXT, token: 10, layer: 5, head: 5 });
    await box(page, 'Text').focus();
    await computed(page, () => page.keyboard.press('Control+Enter'));
    await button(page, 'Layer 5, head 5').focus();
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Enter');
    await until('the head', async () => (await stateOf(page, TASK)).head === 6);
    const { data } = await computed(page, async () => {
      await page.keyboard.press('ArrowUp');
      await page.keyboard.press('Enter');
    });
    assert.deepEqual([data[0].layer, (await stateOf(page, TASK)).layer], [3, 4]);
    await page.getByRole('group', { name: 'The token that looks' }).getByRole('button', { pressed: true }).focus();
    await page.keyboard.press('ArrowLeft');
    await results(page).getByRole('heading', { name: 'What because takes from' }).waitFor();
    assert.equal((await stateOf(page, TASK)).token, 9);
    await page.keyboard.press('Home');
    await results(page).getByRole('heading', { name: 'What [CLS] takes from' }).waitFor();
    await close();
  });

  test('arcs and matrix, threshold, special tokens, the mean and the rollout', async () => {
    const { page, close } = await open({ text: TEXT, token: 10, layer: 5, head: 5 });
    const { data: first } = await computed(page);
    const [{ tokens, weights }] = first;
    const length = tokens.length;
    const at = 4 * length * length;
    const head = weights.slice(at, at + length * length);
    const arcs = () => results(page).locator('cloze-drawing path').count();
    const from = (/** @type {number} */ least) => head.filter((/** @type {number} */ share) => share >= least).length;
    assert.equal(await arcs(), from(0.05), 'an arc for each share of 5 % and more');
    await page.getByRole('slider').fill('0.3');
    await until('fewer arcs', async () => (await arcs()) === from(0.3));
    await page.getByRole('checkbox', { name: 'Show [CLS], [SEP]' }).uncheck();
    await until(
      'no special tokens',
      async () => !(await results(page).locator('cloze-drawing').innerHTML()).includes('[CLS]'),
    );
    const hidden = cells((await saved(page, 'CSV')).bytes);
    assert.equal(hidden.length, (length - 2) ** 2);
    await page.getByRole('checkbox', { name: 'Show [CLS], [SEP]' }).check();
    await page.getByRole('radio', { name: 'Matrix' }).check();
    await results(page).locator('cloze-drawing canvas').waitFor();

    const { data: mean } = await computed(page, () => page.getByLabel('Of', { exact: true }).selectOption('mean'));
    assert.equal(mean[0].weights.length, length * length);
    for (const cell of [0, 17, length * length - 1]) {
      let sum = 0;
      for (let one = 0; one < 12; one++) sum += weights[one * length * length + cell];
      assert.ok(Math.abs(mean[0].weights[cell] - sum / 12) < 1e-4, 'the mean of the heads');
    }
    await computed(page, () => page.getByLabel('Of', { exact: true }).selectOption('rollout'));
    await results(page).getByText('Rollout through layers 1 to 5', { exact: true }).waitFor();
    await close();
  });

  test('two models beside each other: GPT looks back only', async () => {
    const { page, close } = await open({ text: TEXT, beside: 'model', model2: 'gpt', as: 'matrix' });
    const { data } = await computed(page);
    assert.deepEqual(
      data.map((/** @type {any} */ side) => side.model.info.reads),
      ['both', 'left-to-right'],
    );
    const file = cells((await saved(page, 'CSV')).bytes);
    const gpt = file.filter(({ model }) => model?.includes('GPT'));
    const bert = file.filter(({ model }) => model?.includes('BERT'));
    assert.equal(gpt.length, data[1].tokens.length ** 2);
    const ahead = (/** @type {typeof file} */ rows) =>
      rows.filter(({ from_index, to_index, weight }) => Number(to_index) > Number(from_index) && Number(weight) > 0)
        .length;
    assert.equal(ahead(gpt), 0);
    assert.ok(ahead(bert) > 20);
    await close();
  });

  test('two texts beside each other', async () => {
    const { page, close } = await open({});
    await button(page, 'Too tired, too wide').waitFor();
    const { data } = await computed(page, () => button(page, 'Too tired, too wide').click());
    assert.deepEqual(
      data.map((/** @type {any} */ side) => side.names[13]),
      ['tired', 'wide'],
    );
    assert.equal(await results(page).locator('figure').count(), 2);
    await box(page, 'Other text').fill('');
    await page.getByRole('alert').filter({ hasText: 'Type a text' }).waitFor();
    await close();
  });
});

describe('layer by layer', () => {
  test('each cell is the worker’s; the last layer says what Fill mask says', async () => {
    const { page, close } = await open({ view: 'layers', text: MASKED, token: 10 });
    const { data } = await computed(page);
    const { tokens, lens } = data;
    assert.equal(tokens[10].token, '[MASK]');
    const guess = (/** @type {number} */ layer, /** @type {number} */ place) =>
      lens.token_strings[lens.ids[(layer * tokens.length + place) * lens.top_k]];
    const shown = await rowsOf(results(page).getByRole('table').first());
    assert.equal(shown.length, tokens.length);
    for (const [place, [, ...row]] of shown.entries())
      for (const [layer, cell] of row.entries()) {
        const [word, share] = cell.split('\n').map((part) => part.trim());
        assert.equal(word, guess(layer, place));
        const [figure] = (share ?? '').split(',');
        same(figure ?? '', lens.final_probability[layer * tokens.length + place]);
        assert.equal((share ?? '').includes('leads first'), lens.first_layer[place] === layer);
      }
    const [best] = await rowsOf(results(page).getByRole('table').nth(1));
    await tab(page, 'Fill mask').click();
    await box(page, 'Text').fill(MASKED);
    await resultOf(page, 'fill-mask', () => button(page, 'Predict').click());
    const [candidate] = await rowsOf(results(page).getByRole('table').first());
    assert.deepEqual(best, candidate, 'word and probability of both screens');
    await close();
  });

  test('cells by keys; the details follow the focus', async () => {
    const { page, close } = await open({ view: 'layers', text: MASKED, token: 10 });
    const { data } = await computed(page);
    await results(page).locator('td button[tabindex="0"]').focus();
    await page.keyboard.press('ArrowLeft');
    await page.keyboard.press('ArrowUp');
    await until('the cell', async () => {
      const { token, depth } = await stateOf(page, TASK);
      return token === 9 && depth === data.lens.num_layers - 1;
    });
    await results(page)
      .getByText(`After layer ${data.lens.num_layers - 1}`)
      .waitFor();
    await page.keyboard.press('Home');
    await results(page).getByText('Of the input').waitFor();
    await close();
  });

  test('GPT: what comes next', async () => {
    const { page, close } = await open({ view: 'layers', own: 'gpt', text: 'Once upon a' });
    const { data } = await computed(page);
    const { tokens, lens } = data;
    const last = (lens.num_layers * tokens.length + tokens.length - 1) * lens.top_k;
    await results(page).getByText('The answer at a token is what comes after it.').waitFor();
    const greedy = { task: 'generate', prompt: 'Once upon a', do_sample: false, max_new_tokens: 1 };
    await page.evaluate((hash) => void (location.hash = hash), fragment(greedy));
    const { text } = await resultOf(page, 'generate', () => button(page, 'Generate').click());
    assert.equal(lens.token_strings[lens.ids[last]], text);
    await close();
  });
});

describe('input', () => {
  test('the parts, their sum, their lengths and the neighbours', async () => {
    const { page, close } = await open({ view: 'input', text: 'It rained.', pair: 'The street was wet.', token: 8 });
    const { data } = await computed(page);
    const { tokens, embeddings } = data;
    const { token, segment, position, sum, hidden_size } = embeddings;
    assert.equal(sum.length, tokens.length * hidden_size);
    for (let at = 0; at < sum.length; at += 97)
      assert.ok(Math.abs(token[at] + segment[at] + position[at] - sum[at]) < 1e-5, 'the sum of the three');
    await results(page).getByText('In numbers').click();
    const shown = await (async () => {
      await results(page).locator('#norms').waitFor();
      return rowsOf(results(page).locator('#norms'));
    })();
    const norm = (/** @type {number[]} */ values, /** @type {number} */ place) =>
      Math.hypot(...values.slice(place * hidden_size, (place + 1) * hidden_size)).toFixed(3);
    assert.deepEqual(
      shown,
      tokens.map((/** @type {any} */ one, /** @type {number} */ place) => [
        String(place),
        one.token,
        String(one.id),
        one.type_id === 1 ? 'B' : 'A',
        ...[token, segment, position, sum].map((values) => norm(values, place)),
      ]),
    );
    const near = await rowsOf(results(page).locator('#neighbours'));
    assert.equal(near.length, 8);
    const cosines = near.map(([, cosine]) => Number(cosine));
    assert.deepEqual(
      cosines,
      [...cosines].sort((a, b) => b - a),
    );
    assert.ok(cosines.every((cosine) => cosine > 0 && cosine < 1));
    await close();
  });

  test('every format is drawn on the reader’s own text', async () => {
    const { page, close } = await open({ view: 'input', text: 'It rained.', pair: 'The street was wet.' });
    await computed(page);
    const formats = page.getByLabel('What it is made for');
    const names = await formats
      .locator('option')
      .evaluateAll((all) => all.map((one) => /** @type {HTMLOptionElement} */ (one).value));
    assert.equal(names.length, 11);
    for (const name of names) {
      if ((await formats.inputValue()) !== name)
        await computed(page, async () => void (await formats.selectOption(name)));
      const drawn = await results(page).locator('#diagram text').allTextContents();
      assert.ok(
        drawn.some((text) => ['It', 'rained'].includes(text)),
        `${name}: ${drawn.join(' ')}`,
      );
      assert.ok(
        drawn.some((text) => text.startsWith('Loss')),
        name,
      );
      assert.equal(drawn.includes('‹Extract›'), name.startsWith('gpt-'), name);
    }
    await close();
  });
});

describe('every view', () => {
  for (const [view, name] of Object.entries(VIEWS)) {
    const text = view === 'layers' ? MASKED : TEXT;

    test(`${name}: saved as SVG, PNG and CSV`, async () => {
      const { page, close } = await open({ view, text });
      await computed(page);
      const svg = await saved(page, 'SVG');
      assert.match(svg.name, /^[\w-]+\.svg$/);
      const problem = await page.evaluate((source) => {
        const parsed = new DOMParser().parseFromString(source, 'image/svg+xml');
        return parsed.querySelector('parsererror')?.textContent ?? parsed.documentElement.nodeName;
      }, svg.bytes.toString('utf8'));
      assert.equal(problem, 'svg');
      assert.doesNotMatch(svg.bytes.toString('utf8'), /var\(--|color-mix|NaN|undefined/);
      const png = await saved(page, 'PNG');
      assert.deepEqual([...png.bytes.subarray(0, 4)], [0x89, 0x50, 0x4e, 0x47]);
      const csv = await saved(page, 'CSV');
      assert.ok(cells(csv.bytes).length > 10);
      await status(page).filter({ hasText: csv.name }).waitFor();
      await close();
    });

    test(`${name}: a link reproduces it with all that is set`, async () => {
      const first = await open(
        {
          view,
          text,
          token: 4,
          layer: 3,
          head: 2,
          mix: 'mean',
          as: 'matrix',
          specials: false,
          depth: 2,
          format: 'tagging',
        },
        { permissions: ['clipboard-read', 'clipboard-write'] },
      );
      await computed(first.page);
      const said = await results(first.page).innerText();
      await button(first.page, 'Share link').click();
      await status(first.page)
        .filter({ hasText: /copied/i })
        .waitFor();
      const link = await first.page.evaluate(() => navigator.clipboard.readText());
      const state = await stateOf(first.page, TASK);
      await first.close();
      assert.match(link, /run=1/);
      const second = await openSite(new URL(link).hash.slice(1));
      const withoutTime = (/** @type {string} */ it) => it.replace(/Time\s+\S+\s+\S+/u, '');
      await until(
        'the same results',
        async () => withoutTime(await results(second.page).innerText()) === withoutTime(said),
      );
      assert.deepEqual(await stateOf(second.page, TASK), state);
      await second.close();
    });

    for (const colorScheme of /** @type {const} */ (['light', 'dark'])) {
      test(`${name}: axe-core finds nothing (${colorScheme})`, async () => {
        const { page, close } = await open({ view, text, token: 4, beside: 'model' }, { colorScheme });
        await accessible(page, `${name}, ${colorScheme}, empty`);
        await computed(page);
        await accessible(page, `${name}, ${colorScheme}`);
        await close();
      });
    }

    test(`${name}: fits a phone`, async () => {
      const { page, close } = await open(
        { view, text, beside: 'text', text2: MASKED },
        { viewport: { width: 360, height: 740 }, hasTouch: true },
      );
      await computed(page);
      const [scroll, client] = await page.evaluate(() => [
        document.documentElement.scrollWidth,
        document.documentElement.clientWidth,
      ]);
      assert.ok(scroll <= client, `${scroll} px in ${client} px`);
      await close();
    });

    test(`${name}: every example answers`, async () => {
      const { page, close } = await open({ view });
      await examples(page).first().waitFor();
      const count = await examples(page).count();
      assert.ok(count >= 3);
      for (let at = 0; at < count; at += 1) {
        const { view: shown } = await computed(page, () => examples(page).nth(at).click());
        assert.equal(shown, view);
      }
      await close();
    });
  }

  test('a text of the reader’s own goes along; what was computed is there again', async () => {
    const { page, close } = await open({ view: 'attention', text: 'My own words.' });
    await computed(page);
    const { view } = await computed(page, () => page.getByRole('radio', { name: 'Input' }).check());
    assert.equal(view, 'input');
    assert.equal(await box(page, 'Text').inputValue(), 'My own words.');
    await page.getByRole('radio', { name: 'Attention' }).check();
    await results(page)
      .getByRole('heading', { name: /takes from/ })
      .waitFor();
    await close();
  });

  test('a view that is left before it is computed leaves the one that is turned to alone', async () => {
    const { page, close } = await open({ view: 'attention', text: 'My own words.' });
    await computed(page);
    await page.getByRole('radio', { name: VIEWS.layers }).check();
    await page.getByRole('radio', { name: VIEWS.attention }).check();
    const heading = results(page).getByRole('heading', { name: /takes from/ });
    await heading.waitFor();
    await page.waitForTimeout(1500);
    assert.equal(await heading.isVisible(), true);
    await close();
  });

  test('only a run that was asked for takes the focus to what is wrong', async () => {
    const { page, close } = await open({ view: 'attention', text: TEXT });
    await computed(page);
    await page.getByRole('radio', { name: VIEWS.attention }).focus();
    await element(page, TASK).evaluate((node) => Object.assign(node, { state: { text: ' ' } }));
    await page.getByRole('alert').filter({ hasText: 'Type a text' }).waitFor();
    const focused = () => element(page, TASK).evaluate((node) => node.shadowRoot?.activeElement?.getAttribute('name'));
    assert.equal(await focused(), 'view');
    await button(page, 'Look inside').click();
    await until('the focus to move', async () => (await focused()) !== 'view');
    assert.equal(await element(page, TASK).evaluate((node) => node.shadowRoot?.activeElement?.id), 'text');
    await close();
  });

  test('an empty text and one that is too long are said beside the box, and kept', async () => {
    const { page, close } = await open({ text: TEXT });
    await box(page, 'Text').waitFor();
    await box(page, 'Text').fill(' ');
    await button(page, 'Look inside').click();
    await page.getByRole('alert').filter({ hasText: 'Type a text' }).waitFor();
    await box(page, 'Text').fill('word '.repeat(600));
    await button(page, 'Look inside').click();
    await page.getByRole('alert').filter({ hasText: /512/ }).waitFor();
    assert.equal((await box(page, 'Text').inputValue()).length, 3000);
    await close();
  });

  test('typing runs it again', async () => {
    const { page, close } = await open({ text: TEXT });
    await computed(page);
    const { text } = await computed(page, () => box(page, 'Text').fill('Other words.'));
    assert.equal(text, 'Other words.');
    await close();
  });

  test('512 tokens stay usable', async () => {
    const { page, close } = await open({ text: 'the cat saw a dog '.repeat(102) });
    const { data } = await computed(page);
    assert.equal(data[0].tokens.length, 512);
    await element(page, TASK).evaluate((node) => /** @type {any} */ (node).updateComplete);
    await page.getByRole('group', { name: 'The token that looks' }).getByRole('button').nth(300).click();
    await until('the token', async () => (await stateOf(page, TASK)).token === 300);
    await computed(page, () => page.getByRole('radio', { name: 'Layer by layer' }).check());
    await button(page, 'Tokens after').click();
    await results(page).getByText('Tokens 336 to 383 of 512').waitFor();
    await close();
  });
});
