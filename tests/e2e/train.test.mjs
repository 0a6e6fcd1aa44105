/** The Train screen, view From scratch: real runs, as short as they can be and still learn. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, describe, test } from 'node:test';
import { accessible, box, button, cleanUp, fragment, LONG, openSite, results, status, tab, until } from './support.mjs';

after(cleanUp);

/** @typedef {import('playwright-core').Page} Page */

/** A whole run, on two free cores less than a minute. A slow machine must pass as well: the run's own end is waited for. */
const WHOLE_RUN = 30 * LONG;

/** @param {Record<string, string | number | boolean>} [set] @param {Parameters<typeof openSite>[1]} [options] */
async function open(set = {}, options = {}) {
  const pairs = Object.entries(set).map(([key, value]) => `${key}-${value}`);
  const opened = await openSite(fragment({ task: 'train', view: 'scratch', set: pairs.join(' ') }), options);
  await button(opened.page, 'Start').waitFor();
  return opened;
}

/** @param {Page} page @param {string} name */
async function take(page, name) {
  await page.locator(`[data-text=${name}]`).click();
  await until(`the text ${name}`, async () =>
    (await view(page).evaluate((/** @type {any} */ node) => node.text.length)) > 200_000 ? 1 : 0,
  );
}

/** The view's element, whose runs can be asked. @param {Page} page @returns {any} */
const view = (page) => page.locator('cloze-train-scratch');

/** What the run that is looked at knows of itself. @param {Page} page @returns {Promise<any>} */
const run = (page) =>
  view(page).evaluate((/** @type {any} */ node) => {
    const current = node.runs.current?.run;
    if (!current) return undefined;
    const { id, name, state, steps_done, history, info } = current;
    const { steps, evaluations, samples } = history;
    return {
      id,
      name,
      state,
      steps_done,
      info,
      steps: steps.length,
      evaluations,
      samples,
      ms: steps.map((/** @type {any} */ one) => one.ms),
    };
  });

/** @param {Page} page @param {(run: any) => unknown} test @param {string} what @param {number} [within] */
const untilRun = (page, what, test, within) =>
  until(
    what,
    async () => {
      const now = await run(page);
      return now && test(now) ? now : undefined;
    },
    within,
  );

/** Starts a run and waits for its own end. @param {Page} page @param {import('node:test').TestContext} t */
async function ran(page, t) {
  const start = Date.now();
  await button(page, 'Start').click();
  await untilRun(page, 'the first point', ({ steps }) => steps > 0);
  t.diagnostic(`the first point after ${Date.now() - start} ms`);
  const found = await untilRun(page, 'the end', ({ state }) => state === 'over' || state === 'failed', WHOLE_RUN);
  t.diagnostic(`${found.steps} steps in ${Date.now() - start} ms`);
  assert.equal(found.state, 'over');
  return found;
}

/** Pauses from inside the page, as a run may be over before it could be asked from outside. @param {Page} page @param {number} steps */
async function pausedAfter(page, steps) {
  await button(page, 'Start').click();
  await view(page).evaluate(async (/** @type {any} */ node, /** @type {number} */ steps) => {
    // Its steps come as messages, between two of which is a turn of this loop.
    const { port1, port2 } = new MessageChannel();
    const turn = () => new Promise((resolve) => ((port1.onmessage = resolve), port2.postMessage(0)));
    while (!((node.runs.current?.run.steps_done ?? 0) >= steps && node.shadowRoot.querySelector('#pause')))
      await turn();
    node.shadowRoot.querySelector('#pause').click();
  }, steps);
  return untilRun(page, 'a pause', ({ state }) => state !== 'running');
}

const nats = (/** @type {any} */ { parts }) => {
  const tokens = parts.filter((/** @type {any} */ part) => part.name !== 'nsp');
  return tokens.reduce((/** @type {number} */ sum, /** @type {any} */ part) => sum + part.loss, 0) / tokens.length;
};

/** What a button in a group saves. @param {Page} page @param {import('playwright-core').Locator} button */
async function saved(page, button) {
  const [download] = await Promise.all([page.waitForEvent('download'), button.click()]);
  return { name: download.suggestedFilename(), bytes: await readFile(await download.path()) };
}

describe('arriving', () => {
  test('nothing of it is fetched before its tab is opened', async () => {
    /** @type {string[]} */
    const urls = [];
    const { page, close } = await openSite('', {
      before: async (fresh) => void fresh.on('request', (request) => urls.push(request.url())),
    });
    await box(page, 'Text').waitFor();
    await page.waitForLoadState('networkidle');
    const before = urls.length;
    for (const url of urls.filter((one) => one.endsWith('.js'))) {
      const source = await (await fetch(url)).text();
      assert.ok(!source.includes('cloze-train-scratch'), `a view of Train in ${url}`);
    }
    const wasm = urls.filter((url) => url.endsWith('.wasm')).length;
    await tab(page, 'Train').click();
    await page.getByRole('radio', { name: /Small/ }).waitFor();
    await page
      .getByText(/about .* of memory/)
      .first()
      .waitFor();
    assert.ok(urls.length > before);
    assert.ok(urls.filter((url) => url.endsWith('.wasm')).length > wasm, 'the core that trains');
    // The texts are fetched on a click.
    assert.ok(!urls.some((url) => url.endsWith('.txt')));
    await close();
  });

  test('where it cannot be fetched that is said, and it can be tried again', async () => {
    let blocked = true;
    const { page, close } = await openSite('', { expected: /Failed to load resource|ERR_FAILED/ });
    await box(page, 'Text').waitFor();
    await page.waitForLoadState('networkidle');
    await page.route('**/*.wasm', (route) => (blocked ? route.abort() : route.fallback()));
    await tab(page, 'Train').click();
    await page.getByText('What trains could not be fetched').waitFor();
    blocked = false;
    await button(page, 'Try again').click();
    await page
      .getByText(/about .* of memory/)
      .first()
      .waitFor();
    await close();
  });
});

describe('learning', () => {
  test('GPT: bits a byte under the bigram’s, and words', async (t) => {
    // The learning rate falls in the second half of the steps.
    const { page, close } = await open({ architecture: 'gpt', size: 'small', steps: 400 });
    await take(page, 'grimm');
    const { evaluations, info } = await ran(page, t);
    const { levels } = info;
    const bits = nats(evaluations.at(-1)) / (levels.bytes_per_token * Math.LN2);
    assert.ok(nats(evaluations.at(-1)) < levels.bigram, `${nats(evaluations.at(-1))} of ${levels.bigram} nats`);
    await results(page)
      .getByText(/Under the bigram level/)
      .waitFor();
    const shown = Number(await view(page).locator('dt:text-is("Bits a byte, held out") + dd').innerText());
    assert.ok(Math.abs(shown - bits) < 0.01, `${shown} and ${bits}`);
    // Words instead of noise: most of what it writes stands in the text that it learns from.
    const samples = view(page).locator('.samples li');
    const before = await samples.count();
    await button(page, 'Sample now').click();
    await until('a sample of now', async () => (await samples.count()) > before);
    const text = await view(page).evaluate((/** @type {any} */ node) => node.text);
    const known = new Set(text.toLowerCase().match(/\p{L}+/gu));
    const written =
      (await samples.last().innerText())
        .split('\n')
        .slice(1)
        .join(' ')
        .toLowerCase()
        .match(/\p{L}+/gu) ?? [];
    const right = written.filter((/** @type {string} */ word) => known.has(word)).length;
    t.diagnostic(`${right} of ${written.length} words: ${written.join(' ')}`);
    assert.ok(written.length > 8 && right >= 0.6 * written.length);
    await accessible(page, 'a run that is over');
    await close();
  });

  test('BERT: masked words come under the unigram entropy, and next sentences are learnt', async (t) => {
    // Half as wide as it is at first, and with more tokens to be guessed: 900 steps (0.8 million tokens) then are soon done.
    const { page, close } = await open({
      architecture: 'bert',
      size: 'small',
      steps: 900,
      hidden_size: 32,
      vocab_size: 2048,
      mlm_probability: 0.3,
      learning_rate: 0.008,
      warmup: 60,
    });
    await take(page, 'countries');
    const { evaluations, info } = await ran(page, t);
    const last = nats(evaluations.at(-1));
    assert.ok(last < info.levels.unigram, `${last} of ${info.levels.unigram} nats`);
    const pairs = evaluations.at(-1).parts.find((/** @type {any} */ part) => part.name === 'nsp');
    t.diagnostic(`next sentence: ${pairs.accuracy} of ${pairs.predictions}`);
    assert.ok(pairs.accuracy >= 0.7, `${pairs.accuracy} of ${pairs.predictions}`);
    await view(page).locator('[data-under=unigram], [data-under=bigram]').waitFor();
    // NSP has a curve of its own, with the level of guessing.
    await view(page).getByLabel('Plot', { exact: true }).selectOption({ label: 'Next sentence right' });
    await view(page).locator('cloze-drawing').getByText('chance').first().waitFor();
    await close();
  });
});

describe('a run', () => {
  test('pause, one step, resume, stop; the run is kept and goes on after a reload', async () => {
    const { page, close } = await open({ architecture: 'gpt', size: 'small', steps: 400 });
    await take(page, 'countries');
    const rested = await pausedAfter(page, 3);
    await button(page, 'One step').click();
    const stepped = await untilRun(page, 'one step', ({ steps_done }) => steps_done > rested.steps_done);
    assert.equal(stepped.steps_done, rested.steps_done + 1);
    await button(page, 'Resume').click();
    await untilRun(page, 'more steps', ({ steps_done }) => steps_done > stepped.steps_done + 2);
    await button(page, 'Pause').click();
    const { steps_done, name, id } = await untilRun(page, 'a pause', ({ state }) => state === 'paused');
    await page.reload();
    await view(page).locator('#unfinished').getByText('rests at step').waitFor();
    await button(page, 'Go on').first().click();
    const again = await untilRun(page, 'the run again', (now) => now.steps_done > steps_done);
    assert.equal(again.id, id);
    assert.equal(again.name, name);
    assert.ok(again.steps >= steps_done, 'the curve is kept too');
    await button(page, 'Stop and close').click();
    await until('a closed run', async () => ((await run(page)) === undefined ? 1 : 0));
    // Removed for good, once that was confirmed.
    await button(page, `Remove: ${name}`).click();
    await button(page, 'Yes, remove').click();
    await page.getByText('No run is kept yet.').waitFor();
    await close();
  });

  test('leaving the tab rests the run, and coming back goes on, where one chose so', async () => {
    const { page, close } = await open({ architecture: 'gpt', size: 'small' });
    await take(page, 'countries');
    await page.getByRole('radio', { name: /pauses, and goes on/ }).check();
    await button(page, 'Start').click();
    await untilRun(page, 'a step', ({ steps_done }) => steps_done > 0);
    await tab(page, 'Models').click();
    const left = await untilRun(page, 'a rest', ({ state }) => state === 'paused');
    await tab(page, 'Train').click();
    await untilRun(page, 'that it goes on', ({ steps_done }) => steps_done > left.steps_done);
    await close();
  });

  test('two runs in one plot, named; the numbers are in a file', async () => {
    const { page, close } = await open({ architecture: 'gpt', size: 'small', steps: 6 });
    await take(page, 'countries');
    await button(page, 'Start').click();
    await untilRun(page, 'the end', ({ state }) => state === 'over');
    await page
      .getByText(/All 6 steps are done/)
      .first()
      .waitFor();
    await view(page).locator('summary', { hasText: 'Settings' }).click();
    await view(page).getByLabel('Seed', { exact: true }).fill('5');
    await button(page, 'Start').click();
    const second = await untilRun(page, 'the other end', (now) => now.state === 'over' && now.info.settings.seed === 5);
    assert.match(second.name, /seed 5/);
    const drawn = view(page).locator('.curves cloze-drawing');
    for (const name of ['seed 5', 'unigram', 'bigram', 'uniform']) await drawn.getByText(name).first().waitFor();
    const { name, bytes } = await saved(page, view(page).locator('.curves').getByRole('button', { name: 'CSV' }));
    assert.equal(name, 'training-loss.csv');
    const names = new Set(
      bytes
        .toString('utf8')
        .split('\r\n')
        .slice(1)
        .map((line) => line.replace(/,[^,]*,[^,]*$/u, '')),
    );
    assert.equal(
      [...names].filter((one) => one.includes('seed 5')).length,
      2,
      `training and held out: ${[...names].join(' | ')}`,
    );
    assert.ok(
      [...names].some((one) => one.includes('GPT small') && !one.includes('seed 5')),
      'the run before',
    );
    await saved(page, view(page).locator('.curves').getByRole('button', { name: 'PNG' }));
    const svg = await saved(page, view(page).locator('.curves').getByRole('button', { name: 'SVG' }));
    assert.match(svg.bytes.toString('utf8'), /<title>Loss over the steps/);
    await view(page).locator('.curves summary').click();
    await view(page).locator('.curves tbody tr').nth(10).waitFor();
    await close();
  });

  test('the link has the settings and the seed, and not the text', async () => {
    const { page, close } = await open(
      { architecture: 'bert', size: 'small' },
      { permissions: ['clipboard-read', 'clipboard-write'] },
    );
    await box(page, 'Text').fill('A secret text of mine.');
    await page.getByRole('checkbox', { name: /Next sentence/ }).uncheck();
    await view(page).locator('summary', { hasText: 'Settings' }).click();
    await view(page).getByLabel('Seed', { exact: true }).fill('77');
    await view(page).getByLabel('Batch', { exact: true }).fill('4');
    await button(page, 'Link to this setting').click();
    await status(page).filter({ hasText: 'The text is not in it' }).waitFor();
    const link = await page.evaluate(() => navigator.clipboard.readText());
    assert.ok(!link.includes('secret'));
    const other = await openSite(new URL(link).hash.slice(1));
    await button(other.page, 'Start').waitFor();
    assert.ok(await other.page.getByRole('radio', { name: /BERT/ }).isChecked());
    assert.ok(!(await other.page.getByRole('checkbox', { name: /Next sentence/ }).isChecked()));
    await view(other.page).locator('summary', { hasText: 'Settings' }).click();
    assert.equal(await view(other.page).getByLabel('Seed', { exact: true }).inputValue(), '77');
    assert.equal(await view(other.page).getByLabel('Batch', { exact: true }).inputValue(), '4');
    await other.close();
    await close();
  });

  test('one click opens the model in Fill mask; another one saves its folder', async () => {
    const { page, close } = await open({ architecture: 'bert', size: 'small', steps: 3 });
    await take(page, 'countries');
    await button(page, 'Start').click();
    await untilRun(page, 'the end', ({ state }) => state === 'over');
    const { name, bytes } = await saved(page, button(page, 'Download the folder'));
    assert.match(name, /^BERT-small.*\.zip$/);
    for (const file of ['config.json', 'tokenizer.json', 'model.safetensors']) assert.ok(bytes.includes(file), file);
    await button(page, 'Open in Fill mask').click();
    await page.getByRole('tab', { name: 'Fill mask', selected: true }).waitFor();
    await box(page, 'Text').fill('the [MASK] of the country.');
    await button(page, 'Predict').click();
    await results(page).getByRole('table').first().waitFor();
    await results(page)
      .getByText(/BERT, .* parameters/)
      .waitFor();
    await close();
  });
});

describe('what is shown of a run', () => {
  test('BERT’s batch: what is to be guessed is what stood there', async () => {
    const { page, close } = await open({ architecture: 'bert', size: 'small', steps: 50, always_mask: true });
    await take(page, 'countries');
    await pausedAfter(page, 1);
    await view(page).locator('summary', { hasText: 'The batch at hand' }).click();
    const targets = view(page).locator('.tokens li.target');
    await targets.first().waitFor();
    for (const text of await targets.allInnerTexts()) assert.match(text, /^\[MASK\]\s+was /u);
    await page.getByText(/0 replaced by a random token, 0 kept/).waitFor();
    await page.getByText(/The second sentence (follows the first|is from elsewhere)/).waitFor();
    // The tokenizer: special tokens first, and words of the text among those that were put together.
    await view(page).locator('summary', { hasText: 'The tokenizer it learnt' }).click();
    await view(page).locator('.tokens li', { hasText: /^the$/ }).first().waitFor();
    // Attention: each row is a distribution.
    await view(page).locator('summary', { hasText: 'Attention as it forms' }).click();
    const details = view(page).locator('details.part', { hasText: 'Attention as it forms' });
    await details.locator('cloze-drawing').waitFor();
    const csv = await saved(page, details.getByRole('button', { name: 'CSV' }));
    const rows = csv.bytes.toString('utf8').trim().split('\r\n').slice(1);
    const sum = rows.reduce((all, row) => all + Number(row.split(',').at(-1)), 0);
    assert.ok(Math.abs(sum / Math.sqrt(rows.length) - 1) < 1e-3, `${sum} over ${rows.length} cells`);
    // Probes: what it guesses for [MASK].
    await view(page).locator('.samples li').first().waitFor();
    await button(page, 'Judge').waitFor({ state: 'hidden' });
    await view(page).locator('summary', { hasText: 'Does B follow A?' }).click();
    await button(page, 'Judge').click();
    await page.getByText(/B follows A with/).waitFor();
    await accessible(page, 'all parts of a run of BERT');
    await close();
  });

  test('XLNet’s batch: what is predicted sees the context, and what was predicted before it in the drawn order', async () => {
    const { page, close } = await open({ architecture: 'xlnet', size: 'small', steps: 50, context: 16 });
    await take(page, 'countries');
    await pausedAfter(page, 1);
    await view(page).locator('summary', { hasText: 'The batch at hand' }).click();
    const tokens = view(page).locator('.tokens.order li');
    await tokens.first().waitFor();
    const shown = () =>
      tokens.evaluateAll((/** @type {HTMLElement[]} */ items) =>
        items.map((item) => ({
          place: Number(item.querySelector('[aria-hidden]')?.textContent),
          target: item.classList.contains('target'),
          seen: item.classList.contains('seen'),
        })),
      );
    const targets = (await shown()).filter((/** @type {any} */ one) => one.target);
    assert.ok(targets.length > 1, 'some are to be predicted');
    const picker = page.getByRole('group', { name: 'The token that is predicted' }).getByRole('button');
    assert.equal(await picker.count(), targets.length);
    for (const [at, { place }] of targets.entries()) {
      await picker.nth(at).click();
      // Context is what is not predicted: it is seen, as are those that were predicted before.
      for (const one of await shown()) assert.equal(one.seen, !one.target || one.place < place, JSON.stringify(one));
    }
    await accessible(page, 'the batch of XLNet');
    await close();
  });

  test('ELMo: one word in two contexts is one point in the embeddings, and two above them', async () => {
    const { page, close } = await open({ architecture: 'elmo', size: 'small', steps: 50 });
    await take(page, 'grimm');
    await pausedAfter(page, 2);
    await view(page).locator('summary', { hasText: 'One word in two contexts' }).click();
    const rows = view(page).locator('table.narrow tr');
    await rows.first().waitFor();
    const values = (await rows.locator('td').allInnerTexts()).map(Number);
    assert.equal(values[0], 1);
    assert.ok(values.length >= 3 && values.slice(1).every((/** @type {number} */ value) => value < 1), values.join());
    await close();
  });
});

describe('what can go wrong', () => {
  test('no text, one that is too short, and settings that do not fit are said beside their controls', async () => {
    const { page, close } = await open({ architecture: 'gpt', size: 'small' });
    await button(page, 'Start').click();
    await view(page).locator('#text-problem').getByText('Paste a text').waitFor();
    await box(page, 'Text').fill('Too short.');
    await button(page, 'Start').click();
    await view(page)
      .locator('#text-problem')
      .getByText(/too short/)
      .waitFor();
    assert.equal(await box(page, 'Text').inputValue(), 'Too short.');
    await take(page, 'countries');
    await view(page).locator('summary', { hasText: 'Settings' }).click();
    await view(page).getByLabel('Heads', { exact: true }).fill('5');
    await button(page, 'Start').click();
    await view(page).locator('#num_heads-problem').getByText(/5/).waitFor();
    await view(page).getByLabel('Heads', { exact: true }).fill('2');
    await view(page).getByLabel('Context', { exact: true }).fill('2');
    await page.getByText('A whole number from 8 to 1024.').waitFor();
    await button(page, 'Start').click();
    assert.ok(
      await view(page)
        .getByLabel('Context', { exact: true })
        .evaluate((/** @type {any} */ node) => node.matches(':focus')),
    );
    await close();
  });

  test('a learning rate that is too high: the run says so, and is kept as it was', async () => {
    const { page, close } = await open({ architecture: 'gpt', size: 'small', learning_rate: 1, clip: 0, warmup: 0 });
    await take(page, 'countries');
    await button(page, 'Start').click();
    const found = await untilRun(page, 'an end', ({ state, steps }) => state === 'failed' || steps > 60);
    if (found.state === 'failed') await page.getByText(/the learning rate is too high/).waitFor();
    await close();
  });

  test('a link that names what is no setting says so', async () => {
    const { page, close } = await open({ architecture: 'gpt', wings: 2, steps: 'many' });
    await page.getByText(/The link names what cannot be set here/).waitFor();
    await close();
  });
});

describe('by keyboard, on a phone', () => {
  test('a run is begun, paused and closed without a mouse', async () => {
    const { page, close } = await open({ architecture: 'gpt', size: 'small' });
    await view(page).locator('[data-text=countries]').focus();
    await page.keyboard.press('Enter');
    await until('the text', async () =>
      (await view(page).evaluate((/** @type {any} */ node) => node.text.length)) > 0 ? 1 : 0,
    );
    await page.getByRole('radio', { name: /Small/ }).focus();
    await page.keyboard.press('ControlOrMeta+Enter');
    await untilRun(page, 'a step', ({ steps_done }) => steps_done > 0);
    // The focus went to Pause.
    await until('the focus', async () =>
      (await button(page, 'Pause').evaluate((node) => node.matches(':focus'))) ? 1 : 0,
    );
    await page.keyboard.press('Enter');
    await button(page, 'Resume').waitFor();
    // It rests once it is saved.
    await until('a pause that is saved', () => button(page, 'One step').isEnabled());
    await page.keyboard.press('Tab');
    assert.ok(await button(page, 'One step').evaluate((node) => node.matches(':focus')));
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await until('a closed run', async () => ((await run(page)) === undefined ? 1 : 0));
    await until('the focus at Start', () => button(page, 'Start').evaluate((node) => node.matches(':focus')));
    await close();
  });

  test('360 pixels are wide enough for all of it', async () => {
    const { page, close } = await open(
      { architecture: 'bert', size: 'small', steps: 40 },
      { viewport: { width: 360, height: 740 } },
    );
    await take(page, 'countries');
    await pausedAfter(page, 1);
    for (const summary of await page.locator('cloze-train-scratch details > summary').all())
      if (await summary.isVisible()) await summary.click();
    assert.ok((await page.evaluate(() => document.documentElement.scrollWidth)) <= 360);
    await accessible(page, 'Train on a phone');
    await close();
  });
});
