/** The view Fine-tune of the screen Train, on the real core: the page's BERT and GPT learn from examples. */
import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { unzipSync } from 'fflate';
import {
  accessible,
  box,
  button,
  cleanUp,
  element,
  fragment,
  LONG,
  open,
  openSite,
  resultOf,
  ROOT,
  servingPlainly,
  status,
  tab,
  until,
} from './support.mjs';

/** @typedef {import('playwright-core').Page} Page */

/** @type {string[]} */
const folders = [];
after(async () => {
  for (const folder of folders) await rm(folder, { recursive: true });
  await cleanUp();
});

const here = (/** @type {string} */ set = '') => fragment({ task: 'train', view: 'tune', ...(set && { set }) });
const view = (/** @type {Page} */ page) => page.locator('cloze-train-fine-tune');
const textOf = (/** @type {Page} */ page, /** @type {string} */ id) => view(page).locator(`#${id}`).innerText();

/** Takes a table, and waits until its examples stand there. @param {Page} page @param {string} name */
async function take(page, name) {
  await view(page).locator(`[data-table=${name}]`).click();
  await view(page).locator('#count').waitFor();
}

/** Presses Start, and waits until all steps are done. @param {Page} page */
async function train(page) {
  await view(page).locator('#start').click();
  await view(page).locator('#doing, .problem[role=alert] p').first().waitFor();
  await until(
    'the end of the training',
    async () => {
      const problem = await view(page).locator('.problem p').allInnerTexts();
      assert.deepEqual(problem, []);
      return /^Learnt from/u.test((await view(page).locator('#doing').allInnerTexts()).join().trim());
    },
    4 * LONG,
  );
}

/** The accuracy that is said. @param {Page} page */
const accuracy = async (page) => Number(/([\d.]+)\s%/u.exec(await textOf(page, 'accuracy'))?.[1]);

/** The probabilities below "Try it", by class. @param {Page} page @returns {Promise<Record<string, string>>} */
const classes = (page) =>
  view(page)
    .locator('#answer tbody tr')
    .evaluateAll((rows) =>
      Object.fromEntries(
        rows.map((row) => [
          row.querySelector('th')?.textContent?.trim() ?? '',
          row.querySelector('.figure')?.textContent ?? '',
        ]),
      ),
    );

const SENTENCE = 'She could not but admire the elegance of his manners, though she thought him very disagreeable.';

describe('who wrote this sentence', () => {
  /** @type {Awaited<ReturnType<typeof openSite>>} */
  let opened;
  /** What the box said. @type {Record<string, string>} */
  let said;

  test('40 examples of two authors teach the page’s BERT to tell them apart: at least 85 % of 200 others', async () => {
    opened = await openSite(here());
    const { page } = opened;
    await take(page, 'authors');
    await accessible(page, 'Fine-tune with examples');
    await train(page);
    assert.ok((await accuracy(page)) >= 85, await textOf(page, 'accuracy'));
    assert.match(await textOf(page, 'doing'), /^Learnt from 40 examples in/u);
    console.log(`# ${await textOf(page, 'doing')}; ${await textOf(page, 'accuracy')}`);
  });

  test('what was taken for what, and which are wrong, agree with the share', async () => {
    const { page } = opened;
    const cells = await view(page).locator('#confusion tbody td').allInnerTexts();
    const [aa, ab, ba, bb] = cells.map(Number);
    assert.equal(aa + ab + ba + bb, 200);
    assert.equal(Math.round(((aa + bb) / 200) * 1000) / 10, await accuracy(page));
    assert.match(await view(page).locator('#wrong caption').innerText(), new RegExp(`\\(${ab + ba}\\)`, 'u'));
  });

  test('a text is answered while it is typed', async () => {
    const { page } = opened;
    await view(page).locator('#attempt').fill(SENTENCE);
    said = await until('an answer', async () => {
      const found = await classes(page);
      return Object.keys(found).length === 2 ? found : undefined;
    });
    assert.ok(Number.parseFloat(said['Austen'].replace('>', '')) > 50, JSON.stringify(said));
    await accessible(page, 'Fine-tune with a result');
  });

  test('the folder that is downloaded opens by pipeline, and says the same', async () => {
    const { page } = opened;
    const downloading = page.waitForEvent('download');
    await view(page).locator('#download').click();
    const zip = await (await downloading).path();
    const files = unzipSync(await readFile(zip));
    const names = Object.keys(files).map((name) => name.replace('my-classifier/', ''));
    assert.deepEqual(
      ['config.json', 'model.safetensors', 'tokenizer.json'].filter((name) => !names.includes(name)),
      [],
      names.join(),
    );
    // As the code on the screen has it: the folder lies beside the page.
    const folder = await mkdtemp(join(tmpdir(), 'cloze-tuned-'));
    folders.push(folder);
    await mkdir(join(folder, 'my-classifier'));
    for (const [name, bytes] of Object.entries(files)) await writeFile(join(folder, name), bytes);
    await symlink(`${ROOT}pkg/dist`, join(folder, 'cloze'));
    await symlink(`${ROOT}models`, join(folder, 'models'));
    const served = await servingPlainly(folder);
    const api = await open(`${served}models/bert/config.json`, { expected: /favicon|404/ });
    const labels = await api.page.evaluate(async ([served, text]) => {
      const { pipeline } = await import(`${served}cloze/index.js`);
      const classify = await pipeline('text-classification', `${served}my-classifier/`, {
        dtype: 'fp32',
      });
      const { labels } = await classify.predict(text, { top_k: 2 });
      classify.dispose();
      return labels;
    }, /** @type {const} */ ([served, SENTENCE]));
    for (const { label, score } of labels) {
      const shown = Number.parseFloat(said[label].replace(/[<>]/u, ''));
      assert.ok(Math.abs(shown - 100 * score) < 2, `${label}: ${said[label]} on the screen, ${score} by pipeline`);
    }
    await api.close();
  });

  test('it is kept in the browser, outlives the page, and opens on the screen Classify', async () => {
    const { page } = opened;
    await view(page).locator('#name').fill('two authors');
    await view(page).locator('#keep').click();
    await view(page).locator('#own-models').getByText('two-authors').waitFor();
    await page.reload();
    await page.getByRole('button', { name: /^Open .*two-authors/u }).click();
    await tab(page, 'Classify').and(page.locator('[aria-selected=true]')).waitFor();
    const found = await resultOf(page, 'classify', async () => {
      await box(page, 'Text').fill(SENTENCE);
      await button(page, 'Classify').click();
    });
    assert.equal(found.labels[0].label, 'Austen');
    await tab(page, 'Train').click();
    await page.getByRole('button', { name: /^Remove .*two-authors/u }).click();
    await view(page).locator('#yes').click();
    await view(page).locator('#own-models').waitFor({ state: 'detached' });
    await opened.close();
  });
});

test('a tab that is closed while it learns: the next one goes on', async () => {
  const { page, close } = await openSite(here('epochs-30 held_out-0'));
  await box(page, 'Heading 1').fill('praise');
  await view(page).locator('#sentence-0').fill('Lovely.\nWonderful.\nHow good it was.\nA joy to read.');
  await box(page, 'Heading 2').fill('blame');
  await view(page).locator('#sentence-1').fill('Bad.\nAwful.\nHow dull it was.\nA pain to read.');
  const doing = async () => (await view(page).locator('#doing').allInnerTexts()).join().trim();
  await view(page).locator('#start').click();
  await until('the first steps', async () => /^Step [2-9]/u.test(await doing()), 4 * LONG);
  await view(page).locator('#stop').click();
  await view(page).locator('#go-on').waitFor();
  await page.reload();
  const left = view(page).locator('#left');
  await left.getByText(/A class of a text.*step \d+ of 30/u).waitFor();
  await accessible(page, 'Fine-tune where it was left');
  await left.getByRole('button', { name: /^Go on/u }).click();
  await until('the end of the training', async () => /^Learnt from 8/u.test(await doing()), 4 * LONG);
  assert.equal((await losses(page)).length, 30);
  // What is over can be opened again, and removed.
  await page.reload();
  await left.getByText(/all 30 steps done/u).waitFor();
  await left.getByRole('button', { name: /^Open/u }).click();
  await until('it is open', async () => /^Learnt from 8/u.test(await doing()), 4 * LONG);
  await page.reload();
  await left.getByRole('button', { name: /^Remove/u }).click();
  await left.waitFor({ state: 'detached' });
  await close();
});

/** The points of the curve of the task, of its table. @param {Page} page */
async function losses(page) {
  await view(page).locator('.plot summary').first().click();
  await view(page).locator('.plot').first().locator('tbody tr').first().waitFor();
  return view(page).locator('.plot').first().locator('tbody tr').allInnerTexts();
}

test('what is typed stays: after a reload, a filling and an undo', async () => {
  const { page, close } = await openSite(here());
  await box(page, 'Heading 1').fill('praise');
  await view(page).locator('#sentence-0').fill('Lovely.\nWonderful, all of it.');
  await page.reload();
  assert.equal(await view(page).locator('#sentence-0').inputValue(), 'Lovely.\nWonderful, all of it.');
  await take(page, 'genres');
  await until('the table', async () => (await view(page).locator('#sentence-0').inputValue()).length > 1000);
  await view(page).locator('#undo').click();
  assert.equal(await box(page, 'Heading 1').inputValue(), 'praise');
  assert.equal(await view(page).locator('#sentence-0').inputValue(), 'Lovely.\nWonderful, all of it.');
  await close();
});

test('examples leave and come back as CSV and JSON', async () => {
  const { page, close } = await openSite(here());
  await take(page, 'authors');
  const before = await view(page).locator('#sentence-1').inputValue();
  for (const kind of ['CSV', 'JSON']) {
    const downloading = page.waitForEvent('download');
    await button(page, `Export ${kind}`).click();
    const file = await (await downloading).path();
    await button(page, 'Clear').click();
    assert.equal(await view(page).locator('#sentence-1').inputValue(), '');
    const choosing = page.waitForEvent('filechooser');
    await view(page).locator('#import').click();
    await (
      await choosing
    ).setFiles({
      name: `examples.${kind.toLowerCase()}`,
      mimeType: 'text/plain',
      buffer: await readFile(file),
    });
    await until('the examples', async () => (await view(page).locator('#sentence-1').inputValue()) === before);
  }
  await close();
});

test('what is missing is said beside its box, which has the focus', async () => {
  const { page, close } = await openSite(here());
  await view(page).locator('#start').click();
  await view(page).getByText('Type examples here').waitFor();
  assert.equal(
    await page.evaluate(() => {
      let active = document.activeElement;
      while (active?.shadowRoot?.activeElement) active = active.shadowRoot.activeElement;
      return active?.id;
    }),
    'sentence-0',
  );
  await page.getByRole('radio', { name: /An answer in a text/u }).check();
  await view(page).locator('#span').fill('Who? | It was Ann. | Bob');
  await page.keyboard.press('Control+Enter');
  await view(page)
    .getByText(/Line 1: the text does not have/u)
    .waitFor();
  await accessible(page, 'Fine-tune with troubles');
  await close();
});

/** @type {[string, string, RegExp][]} a table, what is tried, and what it is called */
const FORMATS = [
  ['follows', 'It was raining hard. | They all ran into the house.', /A class of two texts/u],
  ['capitals', 'he went home and she followed him', /A tag for each word/u],
  ['countries', 'What is the capital of France? | France is a country. Its capital is Paris.', /An answer in a text/u],
];
for (const [table, tried, format] of FORMATS)
  test(`the other formats: ${table}`, async () => {
    const { page, close } = await openSite(here('epochs-1 trained_layers-1'));
    await page.getByRole('radio', { name: format }).check();
    await take(page, table);
    await train(page);
    assert.match(await textOf(page, 'accuracy'), /%/u);
    await view(page).locator('#attempt').fill(tried);
    await until('an answer', async () => (await textOf(page, 'answer')).trim() !== '');
    await accessible(page, `Fine-tune: ${table}`);
    await close();
  });

test('a GPT learns with the auxiliary loss and without it, side by side', async () => {
  const { page, close } = await openSite(here('model-gpt epochs-2 trained_layers-1 lm_weight-0.5'));
  await take(page, 'authors');
  await train(page);
  assert.deepEqual(await view(page).locator('#comparison tbody th').allInnerTexts(), ['0.5', '0']);
  const pictures = await view(page).locator('cloze-drawing').count();
  assert.equal(pictures, 2);
  await accessible(page, 'with and without λ');
  await close();
});

test('an ELMo’s layers are mixed for a task, and one word in two contexts is drawn', async () => {
  const { page, close } = await openSite(
    fragment({ task: 'train', view: 'scratch', set: 'architecture-elmo size-small text-countries steps-3' }),
    { viewport: { width: 360, height: 780 } },
  );
  await button(page, 'Start').click();
  await page
    .getByText(/All 3 steps are done/)
    .first()
    .waitFor({ timeout: 4 * LONG });
  await page.getByRole('radio', { name: 'Fine-tune' }).check();
  await page.getByRole('radio', { name: /A tag for each word/u }).check();
  const [own] = await view(page)
    .locator('#model option')
    .evaluateAll((all) => all.map((one) => /** @type {HTMLOptionElement} */ (one).value).slice(-1));
  await view(page)
    .locator('#model')
    .selectOption(own ?? '');
  // Only the mix learns: there are no layers to choose.
  assert.equal(await view(page).locator('#trained_layers').count(), 0);
  await take(page, 'capitals');
  await train(page);
  await view(page).getByText('How the layers are mixed').waitFor();
  await view(page).locator('#texts').fill('The land of the river.\nThey came to land.');
  await view(page).locator('#word').fill('land');
  await view(page).locator('#show-vectors').click();
  const picture = view(page).locator('cloze-drawing').last();
  for (const name of ['land in sentence 1', 'land in sentence 2']) await picture.getByText(name).waitFor();
  await view(page)
    .getByText(/cosine -?\d\.\d\d/u)
    .waitFor();
  await accessible(page, 'an ELMo that tags');
  assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), 360);
  await close();
});

test('it rests and goes on; on a narrow screen nothing is cut off', async () => {
  const { page, close } = await openSite(here('epochs-40 trained_layers-1'), {
    viewport: { width: 360, height: 780 },
  });
  await take(page, 'authors');
  await view(page).locator('#start').click();
  await until('a step', async () => /^Step \d/u.test((await textOf(page, 'doing')).trim()));
  await view(page).locator('#stop').click();
  await view(page).locator('#go-on').waitFor();
  assert.match(await textOf(page, 'doing'), /^Stopped after step/u);
  assert.match(await status(page).innerText(), /^Stopped after step/u);
  await view(page).locator('#go-on').click();
  await until('another step', async () => /^Step \d/u.test((await textOf(page, 'doing')).trim()));
  assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), 360);
  await element(page, 'train').evaluate((node) => node.remove());
  await close();
});
