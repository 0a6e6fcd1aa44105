/** The Inside screen's views How surprised, Both ways, Tokenizer and Masking game, on the models that come with the package. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, describe, test } from 'node:test';
import {
  accessible,
  box,
  button,
  cleanUp,
  element,
  fragment,
  openSite,
  results,
  ROOT,
  stateOf,
  status,
  until,
} from './support.mjs';

after(cleanUp);

/** @typedef {import('playwright-core').Page} Page */

const TASK = 'inside';
const GAP = 'It was so [MASK] that the water froze.';
const STORY =
  'The postman knocked at the door. He gave the boy a letter. The boy put it on the table. Then he went to school.';

/** @param {Record<string, string | number | boolean>} state @param {Parameters<typeof openSite>[1]} [options] */
const open = (state, options) => openSite(fragment({ task: TASK, ...state }), options);

/** What a run computed; numbers in bulk as arrays, NaN as null. @param {Page} page @param {() => Promise<unknown>} [act] @returns {Promise<any>} */
async function computed(page, act = () => button(page, 'Look inside').click()) {
  // It listens before anything is done: an answer may come at once.
  const told = await element(page, TASK).evaluateHandle((node) => {
    const bulk = (/** @type {string} */ _, /** @type {any} */ value) =>
      ArrayBuffer.isView(value) ? [.../** @type {Float32Array} */ (value)] : value;
    const hear = (/** @type {string} */ type, /** @type {(detail: any) => void} */ then) =>
      node.addEventListener(type, (event) => then(/** @type {CustomEvent} */ (event).detail), { once: true });
    const detail = new Promise((resolve, reject) => {
      hear('cloze-result', (one) => resolve(JSON.stringify(one, bulk)));
      hear('cloze-error', reject);
    });
    return { detail };
  });
  await act();
  return JSON.parse(/** @type {string} */ (await told.evaluate(({ detail }) => detail))).data;
}

/** A number as the screen writes it, read. @param {string | undefined} text */
const read = (text = '') => Number(text.replace(/[^\d.<-]/gu, '').replace('<', ''));
const near = (/** @type {number} */ a, /** @type {number} */ b, within = 1e-4, /** @type {string} */ what = '') =>
  assert.ok(Math.abs(a - b) <= within * Math.max(1, Math.abs(b)), `${what}: ${a} and ${b}`);

/** The rows of a table, as texts. @param {import('playwright-core').Locator} table */
const rowsOf = (table) =>
  table
    .locator('tbody tr')
    .evaluateAll((rows) =>
      rows.map((row) => [...row.children].map((cell) => (cell.textContent ?? '').replace(/\s+/gu, ' ').trim())),
    );

/** What a button saves. @param {Page} page @param {'SVG' | 'PNG' | 'CSV'} kind */
async function saved(page, kind) {
  const [download] = await Promise.all([page.waitForEvent('download'), button(page, kind).click()]);
  const bytes = await readFile(await download.path());
  return { name: download.suggestedFilename(), bytes, text: bytes.toString('utf8') };
}

/** What the reader would send somebody: the link of the screen as it is. @param {Page} page */
const linkOf = (page) =>
  element(page, TASK).evaluate((node) => new URL(/** @type {any} */ (node).shareUrl()).hash.slice(1));

/** Candidates of the Fill mask screen's model for each mask, by another way through the package. @param {Page} page @param {string} text @returns {Promise<any[][]>} */
const filled = (page, text) =>
  element(page, 'fill-mask').evaluate(async (node, asked) => {
    const screen = /** @type {any} */ (node);
    screen.state = { text: asked, top_k: 10, targets: '', joint: 'independent' };
    return (await screen.run()).masks.map((/** @type {any} */ { candidates }) => candidates);
  }, text);

/** What the Generate screen's model might have written first. @param {Page} page @param {string} prompt @returns {Promise<any[]>} */
const continued = (page, prompt) =>
  element(page, 'generate').evaluate(async (node, asked) => {
    const screen = /** @type {any} */ (node);
    screen.state = { prompt: asked, do_sample: false, max_new_tokens: 1 };
    return (await screen.run()).tokens[0].top;
  }, prompt);

describe('how surprised', () => {
  const texts = ['She opened the door and went into the moon.', 'She opened the door and went into the room.'];
  const state = { view: 'surprise', own: 'gpt', text: texts.join('\n'), sentence: 0, token: 8 };

  test('GPT: each token’s bits, the sums, the ranking, and what was expected instead', async () => {
    const { page, close } = await open(state);
    const { sentences } = await computed(page);
    for (const { text, tokens, total, perplexity, perByte } of sentences) {
      assert.equal(tokens[0].bits, null, 'nothing stands before the first token');
      const bits = tokens.slice(1).map((/** @type {any} */ one) => one.bits);
      const sum = bits.reduce((/** @type {number} */ a, /** @type {number} */ b) => a + b, 0);
      near(total, sum, 1e-4, 'bits in all');
      near(perplexity, 2 ** (sum / bits.length), 1e-4, 'perplexity');
      near(perByte, sum / (text.length - 'She'.length), 1e-4, 'bits per byte');
    }
    const [, first, second] = (await results(page).getByRole('table').first().innerText()).split('\n').slice(-3);
    assert.match(`${first}\n${second}`, /room\.[^]*moon\./u, 'the room surprises less');
    const shown = await results(page).getByRole('group', { name: 'moon' }).getByRole('button').allInnerTexts();
    assert.deepEqual(
      shown.slice(1).map((text) => read(text.split('\n')[1])),
      sentences[0].tokens.slice(1).map((/** @type {any} */ { bits }) => Number(bits.toFixed(1))),
    );
    const detail = await rowsOf(results(page).locator('.detail table'));
    const { bits, rank } = sentences[0].tokens[8];
    assert.ok(rank > 3);
    assert.match(
      await results(page).locator('.detail').innerText(),
      new RegExp(`guess number ${rank.toLocaleString('en')}`),
    );
    near(2 ** -bits, sentences[0].tokens[8].probability ?? 2 ** -bits);
    const top = await continued(page, 'She opened the door and went into the');
    assert.deepEqual(
      detail.slice(0, 3),
      top.slice(0, 3).map(({ token, logprob }) => [token.trim(), `${(100 * Math.exp(logprob)).toFixed(1)} %`]),
      'as the Generate screen says',
    );
    await close();
  });

  test('BERT: the pseudo-log-likelihood is the sum of each token masked in turn', async () => {
    const text = 'The keys to the old house were lost.';
    const { page, close } = await open({ view: 'surprise', own: 'bert', text, token: 6 });
    const { sentences } = await computed(page);
    const [{ tokens, total, perplexity }] = sentences;
    near(perplexity, 2 ** (total / tokens.length), 1e-4, 'pseudo-perplexity');
    const [candidates] = await filled(page, 'The keys to the old house [MASK] lost.');
    assert.equal(tokens[6].token, 'were');
    const were = candidates?.find(({ token_str }) => token_str === 'were');
    near(2 ** -tokens[6].bits, were?.score ?? 0, 1e-3, 'as the Fill mask screen says');
    assert.equal(
      read((await results(page).getByText(/nats/u).first().innerText()).split(' ')[0]),
      Number((-total * Math.LN2).toFixed(2)),
    );
    await close();
  });

  test('by keys; the link shows the same; the files hold the numbers', async () => {
    const { page, close } = await open(state);
    const { sentences } = await computed(page);
    const tokens = results(page).getByRole('group', { name: 'moon' });
    await tokens.locator('button[tabindex="0"]').focus();
    await page.keyboard.press('ArrowLeft');
    await until('the token before', async () => (await stateOf(page, TASK)).token === 7);
    const bits = sentences[0].tokens[7].bits.toFixed(2);
    assert.ok((await results(page).locator('.detail').innerText()).startsWith(`the: ${bits} bits`));
    await page.getByRole('radio', { name: 'the order of the text' }).check();
    const csv = await saved(page, 'CSV');
    assert.equal(csv.name, 'surprise.csv');
    const row =
      csv.text
        .split('\r\n')
        .find((line) => line.startsWith('1,moon,'))
        ?.split(',') ?? [];
    near(Number(row[4]), sentences[0].tokens[8].bits);
    const shown = sentences[0].tokens[8].bits.toFixed(1).replace('.', '\\.');
    assert.match((await saved(page, 'SVG')).text, new RegExp(`<svg [^]*moon[^]*${shown}`, 'u'));
    assert.equal((await saved(page, 'PNG')).bytes.subarray(1, 4).toString(), 'PNG');
    const link = await linkOf(page);
    await close();
    const other = await openSite(link);
    await results(other.page).locator('.detail').waitFor();
    assert.ok((await results(other.page).locator('.detail').innerText()).startsWith(`the: ${bits} bits`));
    assert.ok(await other.page.getByRole('radio', { name: 'the order of the text' }).isChecked());
    await other.close();
  });
});

describe('both ways', () => {
  const state = { view: 'both-ways', text: GAP, answer: 'cold' };
  const of = (/** @type {any} */ { readings }, /** @type {string} */ reader) =>
    readings.find((/** @type {any} */ one) => one.reader === reader).answers;

  test('each reader says what other screens say of what it sees', async () => {
    const { page, close } = await open(state);
    const data = await computed(page);
    const words = (/** @type {any[]} */ answers) => answers.slice(0, 5).map(({ word }) => word);
    const first = (/** @type {any[][]} */ masks) => masks[0]?.slice(0, 5).map(({ token_str }) => token_str);
    assert.equal(of(data, 'both')[0].word, 'cold', 'both sides know');
    for (const reader of ['gpt', 'left', 'right', 'pasted'])
      assert.notEqual(of(data, reader)[0].word, 'cold', `${reader} does not`);
    assert.deepEqual(words(of(data, 'both')), first(await filled(page, GAP)));
    const left = await filled(page, `It was so [MASK]${' [MASK]'.repeat(5)}`);
    assert.deepEqual(words(of(data, 'left')), first(left));
    near(of(data, 'left')[0].probability, left[0]?.[0].score, 1e-3);
    const right = await filled(page, `${'[MASK] '.repeat(3)}[MASK] that the water froze.`);
    assert.deepEqual(
      words(of(data, 'right')),
      right[3]?.slice(0, 5).map(({ token_str }) => token_str),
    );
    const next = await continued(page, 'It was so');
    assert.deepEqual(
      words(of(data, 'gpt')),
      next.slice(0, 5).map(({ token }) => token.trim()),
    );
    near(of(data, 'gpt')[0].probability, Math.exp(next[0].logprob), 1e-3);
    const product = of(data, 'left').flatMap((/** @type {any} */ { word, probability }) => {
      const also = of(data, 'right').find((/** @type {any} */ one) => one.word === word);
      return also ? [{ word, probability: probability * also.probability }] : [];
    });
    const sum = product.reduce((/** @type {number} */ all, /** @type {any} */ one) => all + one.probability, 0);
    const best = product.sort((/** @type {any} */ a, /** @type {any} */ b) => b.probability - a.probability)[0];
    assert.equal(of(data, 'pasted')[0].word, best.word);
    near(of(data, 'pasted')[0].probability, best.probability / sum);
    await close();
  });

  test('the tables, the word that stood there, and another gap by keys', async () => {
    const { page, close } = await open(state);
    const data = await computed(page);
    const tables = results(page).locator('.readers table');
    assert.equal(await tables.count(), 5);
    const both = await rowsOf(tables.nth(4));
    assert.deepEqual(both[0], ['cold', `${(100 * of(data, 'both')[0].probability).toFixed(1)} %`]);
    assert.match(await results(page).locator('.readers').innerText(), /cold\u2069”: \d+\.\d.%, guess number 1/u);
    assert.match(await status(page).first().innerText(), /both sides: “\u2068cold\u2069”/u);
    await page.getByRole('group', { name: 'Click a word' }).getByRole('button', { name: '[MASK]' }).focus();
    await page.keyboard.press('ArrowLeft');
    await computed(page, () => page.keyboard.press('Enter'));
    const { text, answer } = await stateOf(page, TASK);
    assert.deepEqual([text, answer], ['It was [MASK] cold that the water froze.', 'so']);
    assert.match((await saved(page, 'CSV')).text, /both|Both/u);
    const link = await linkOf(page);
    await close();
    const other = await openSite(link);
    await results(other.page).locator('.readers table').nth(4).waitFor();
    assert.equal(await box(other.page, 'The word that stood there').inputValue(), 'so');
    await other.close();
  });

  test('at the edge the readers of that side have nothing to read', async () => {
    const { page, close } = await open({ view: 'both-ways', text: '[MASK] rode away.' });
    await button(page, 'Look inside').click();
    const reader = (/** @type {string} */ name) => results(page).locator(`.reader.${name}`);
    await reader('both').locator('tbody tr').first().waitFor();
    const rows = (/** @type {string} */ name) => reader(name).locator('tbody tr').count();
    assert.deepEqual([await rows('gpt'), await rows('left'), await rows('right')], [0, 0, 5]);
    assert.match(await reader('gpt').innerText(), /nothing: the gap is at the edge/u);
    assert.equal(
      await reader('pasted').locator('tbody').innerText(),
      await reader('right').locator('tbody').innerText(),
    );
    await close();
  });

  test('a text without a gap, or with two, is refused beside its box', async () => {
    const { page, close } = await open({ view: 'both-ways', text: 'No gap here.' });
    await button(page, 'Look inside').click();
    await page.getByRole('alert').filter({ hasText: 'Write [MASK] once' }).waitFor();
    await box(page, 'Text').fill('[MASK] and [MASK]');
    await button(page, 'Look inside').click();
    await page.getByRole('alert').filter({ hasText: 'one gap' }).waitFor();
    await close();
  });
});

describe('tokenizer', () => {
  const fixture = async (/** @type {string} */ name) =>
    JSON.parse(await readFile(`${ROOT}tests/parity/fixtures/tokenization/${name}.json`, 'utf8'));
  const text = 'café naïve résumé Zürich Ångström';

  test('ids and offsets are those of Hugging Face’s tokenizers; no weights are fetched', async () => {
    /** @type {string[]} */
    const asked = [];
    const { page, close } = await open(
      { view: 'tokenizer', text },
      { before: async (fresh) => void fresh.on('request', (request) => asked.push(request.url())) },
    );
    const { cuts } = await computed(page);
    for (const [index, name] of ['bert', 'gpt', 'unigram'].entries()) {
      const { ids, tokens, offsets } = (await fixture(name)).cases.find((/** @type {any} */ one) => one.text === text);
      // What a model's template adds is no part of the text.
      const own = [...ids.keys()].filter((/** @type {number} */ at) => offsets[at] !== null);
      const cut = cuts[index].tokens;
      assert.deepEqual(
        cut.map((/** @type {any} */ { id }) => id),
        own.map((/** @type {number} */ at) => ids[at]),
        name,
      );
      assert.deepEqual(
        cut.map((/** @type {any} */ { token }) => token),
        own.map((/** @type {number} */ at) => tokens[at]),
      );
      assert.deepEqual(
        cut.map((/** @type {any} */ { start, end }) => [start, end]),
        own.map((/** @type {number} */ at) => offsets[at]),
      );
      const shown = await results(page).locator(`[data-tokens=${name}] .tokens small`).allInnerTexts();
      assert.deepEqual(
        // Beside the bytes of a character that was cut stands the character.
        shown.filter((one) => !one.startsWith('→')).map(Number),
        own.map((/** @type {number} */ at) => ids[at]),
      );
    }
    assert.ok(asked.some((url) => url.endsWith('tokenizer.json')));
    assert.deepEqual(
      asked.filter((url) => url.includes('.gguf')),
      [],
    );
    const csv = (await saved(page, 'CSV')).text;
    assert.match(csv, /Byte-level BPE[^\n]*C3 A9/u, 'the bytes of é');
    await close();
  });

  test('a word step by step, by keys: the steps that the tokenizers’ own libraries take', async () => {
    const steps = JSON.parse(await readFile(`${ROOT}tests/parity/fixtures/steps.json`, 'utf8'));
    const unigram = steps.unigram.find((/** @type {any} */ one) => one.word === '▁unbelievable');
    const { page, close } = await open({ view: 'tokenizer', text: 'an unbelievable day', at: 0 });
    const { cuts } = await computed(page);
    await page.getByRole('group', { name: 'Choose a word' }).getByRole('button', { pressed: true }).focus();
    await page.keyboard.press('ArrowRight');
    await until('the word', async () => (await stateOf(page, TASK)).at === 3);
    const slider = page.getByRole('slider', { name: /^Step/u });
    await slider.focus();
    await page.keyboard.press('ArrowRight');
    assert.equal((await stateOf(page, TASK)).cut, 1);
    const deed = (/** @type {string} */ id) => results(page).locator(`[data-cut=${id}] .deed`).innerText();
    assert.match(await deed('gpt'), /Begin with single bytes/u);
    assert.match(await deed('bert'), /Look for/u);
    await page.keyboard.press('End');
    const pieces = (/** @type {string} */ id) =>
      results(page).locator(`[data-cut=${id}] .steps-pieces li`).allInnerTexts();
    assert.deepEqual(await pieces('unigram'), unigram.chosen);
    for (const [index, id] of ['bert', 'gpt'].entries())
      assert.deepEqual(
        await pieces(id),
        cuts[index].tokenization.words.find((/** @type {any} */ { start, end }) => start <= 3 && end >= 15).pieces,
      );
    const { merges } = cuts[1].tokenization.words.find((/** @type {any} */ { end }) => end === 15);
    await results(page).locator('[data-cut=gpt] summary').click();
    assert.equal(
      await results(page).locator('[data-cut=gpt] details li').count(),
      merges.length,
      'symbols, and all merges but the last',
    );
    await button(page, 'Previous step').click();
    const link = await linkOf(page);
    const { cut } = await stateOf(page, TASK);
    await close();
    const other = await openSite(link);
    await results(other.page).locator('[data-cut=unigram] .deed').waitFor();
    assert.equal(await other.page.getByRole('slider', { name: /^Step/u }).inputValue(), String(cut));
    await other.close();
  });

  test('typing cuts anew; a tokenizer that cannot be fetched says so, and the others do not mind', async () => {
    /** @type {string | undefined} */
    let missing;
    let there = false;
    const { page, close } = await open(
      { view: 'tokenizer', text: 'One.' },
      {
        expected: /Failed to load resource/u,
        before: (fresh) =>
          fresh.context().route('**/tokenizer.json', (route) => {
            missing ??= route.request().url();
            return route.request().url() === missing && !there ? route.fulfill({ status: 404 }) : route.fallback();
          }),
      },
    );
    await computed(page);
    const words = (/** @type {string} */ id) => results(page).locator(`[data-tokens=${id}] .tokens li`).count();
    await results(page).getByRole('alert').filter({ hasText: 'could not be opened' }).waitFor();
    assert.equal(await results(page).locator('[data-tokens]').count(), 2);
    await computed(page, () => box(page, 'Text').fill('Two words'));
    there = true;
    await computed(page, () => button(page, 'Try again').click());
    assert.equal(await results(page).locator('[data-tokens]').count(), 3);
    assert.deepEqual([await words('bert'), await words('gpt')], [2, 2]);
    await close();
  });
});

describe('masking game', () => {
  const state = { view: 'masking', text: STORY, seed: 3 };
  /** @param {Page} page @param {number} times */
  const next = async (page, times) => {
    for (let one = 0; one < times; one++) await button(page, 'Next').click();
  };

  test('chosen, replaced one by one, guessed, answered; the losses add up', async () => {
    const { page, close } = await open(state);
    const { game, pair } = await computed(page);
    const { chosen, tokens, input_tokens, mlm_loss, nsp } = game;
    const real = tokens.filter((/** @type {any} */ { special }) => !special).length;
    assert.equal(chosen.length, Math.max(1, Math.round(real * 0.15)), '15 % of the tokens');
    assert.match(await page.locator('#deed').innerText(), new RegExp(`${chosen.length} of ${real} tokens`, 'u'));
    const gaps = results(page).locator('.pieces .chosen');
    assert.equal(await gaps.count(), chosen.length);
    for (const text of await gaps.allInnerTexts()) assert.match(text, /\?\s*\d+$/u, 'hidden');
    const before = (await saved(page, 'CSV')).text;
    assert.equal(before.split('\r\n')[1]?.split(',')[2], '', 'what stood there is in no file yet');
    await next(page, chosen.length);
    const [first] = chosen;
    assert.ok((await gaps.first().innerText()).includes(input_tokens[first.index]), 'what the model is given');
    await box(page, 'Number 1: what stood here?').fill(first.token);
    await page.getByLabel(pair.follows ? 'It follows' : 'It is from elsewhere').check();
    await box(page, 'Number 1: what stood here?').focus();
    await page.keyboard.press('Enter');
    const rows = await rowsOf(results(page).locator('.answers table').first());
    assert.equal(rows.length, chosen.length + 1);
    for (const [index, { token, probability, loss, kind }] of chosen.entries()) {
      near(loss, -Math.log(probability), 1e-3, 'cross-entropy');
      assert.equal(rows[index]?.[1], token);
      assert.equal(read(rows[index]?.[6]), Number(loss.toFixed(3)));
      if (kind === 'keep') assert.equal(input_tokens[chosen[index].index], token);
      if (kind === 'mask') assert.equal(input_tokens[chosen[index].index], '[MASK]');
    }
    const mean =
      chosen.reduce((/** @type {number} */ all, /** @type {any} */ { loss }) => all + loss, 0) / chosen.length;
    near(mlm_loss, mean, 1e-4, 'the mean over the chosen tokens alone');
    const second = -Math.log(pair.follows ? nsp.is_next_probability : 1 - nsp.is_next_probability);
    near(pair.follows ? nsp.loss_if_next : nsp.loss_if_random, second, 1e-3, 'next sentence');
    const losses = await results(page).locator('.losses li').allInnerTexts();
    assert.deepEqual(
      losses.map((line) => read(line.split('nats')[0])),
      [mean, second, mean + second].map((value) => Number(value.toFixed(3))),
    );
    const right = chosen.filter((/** @type {any} */ { rank }) => rank === 1).length;
    const judged = Number(nsp.is_next_probability > 0.5 === pair.follows);
    const score = await results(page).locator('.score').innerText();
    assert.match(score, new RegExp(`You\\s*2 of ${chosen.length + 1}`, 'u'));
    assert.match(score, new RegExp(`The model\\s*${right + judged} of ${chosen.length + 1}`, 'u'));
    assert.match(await status(page).first().innerText(), /^You 2 of/u);
    await close();
  });

  test('a link reproduces text, seed and stage, and no guess; another seed is another game', async () => {
    const { page, close } = await open(state);
    const { game, pair } = await computed(page);
    await next(page, game.chosen.length);
    await box(page, 'Number 1: what stood here?').fill('secret');
    await button(page, 'See the model’s answers').click();
    const link = await linkOf(page);
    assert.ok(!link.includes('secret'));
    const other = await openSite(link);
    await results(other.page).locator('.answers table').first().waitFor();
    const words = (/** @type {Page} */ where) => results(where).locator('.pieces').innerText();
    assert.equal(await words(other.page), await words(page));
    assert.equal((await results(other.page).locator('.answers').innerText()).includes('secret'), false);
    await other.close();
    const again = await computed(page, () => page.getByRole('spinbutton', { name: 'Seed' }).fill('4'));
    assert.notDeepEqual([again.pair, again.game.chosen], [pair, game.chosen]);
    assert.equal((await stateOf(page, TASK)).stage, 0);
    await close();
  });

  test('one sentence is too little, said beside its box', async () => {
    const { page, close } = await open({ view: 'masking', text: 'One sentence.' });
    await button(page, 'Look inside').click();
    await page.getByRole('alert').filter({ hasText: 'at least two sentences' }).waitFor();
    assert.ok(await box(page, 'Text, several sentences').isVisible(), 'the box is unfolded');
    await close();
  });
});

describe('everywhere', () => {
  const VIEWS = {
    'How surprised': { view: 'surprise', own: 'gpt', text: 'One line.\nAnother line of words.', token: 1 },
    'Both ways': { view: 'both-ways', text: GAP, answer: 'cold' },
    Tokenizer: { view: 'tokenizer', text: 'Unbelievable tokenization, 東京 🙂', cut: 4 },
    'Masking game': { view: 'masking', text: STORY, seed: 3, stage: 99 },
  };
  for (const [name, state] of Object.entries(VIEWS)) {
    test(`${name}: axe finds nothing, light and dark; 360 px do not scroll sideways`, async () => {
      for (const colorScheme of /** @type {const} */ (['light', 'dark'])) {
        const { page, close } = await open(state, { colorScheme, viewport: { width: 360, height: 740 } });
        await computed(page);
        await results(page).locator('details.data summary').click();
        await page
          .getByRole('button', { name: /^What is/u })
          .first()
          .click();
        await accessible(page, `${name}, ${colorScheme}`);
        const [wide, seen] = await page.evaluate(() => [
          document.documentElement.scrollWidth,
          document.documentElement.clientWidth,
        ]);
        assert.ok(wide <= seen, `${wide} px of content in ${seen}`);
        await close();
      }
    });
  }

  test('Masking game: axe finds nothing while it is played', async () => {
    const { page, close } = await open(VIEWS['Masking game'] && { view: 'masking', text: STORY, seed: 3 });
    const { game } = await computed(page);
    await accessible(page, 'chosen');
    for (let one = 0; one < game.chosen.length; one++) await button(page, 'Next').click();
    await accessible(page, 'guessing');
    await close();
  });

  test('each view begins with an example of its own', async () => {
    const { page, close } = await open({ view: 'attention' });
    for (const name of Object.keys(VIEWS)) {
      await page.getByRole('radio', { name, exact: true }).check({ force: true });
      await computed(page);
      assert.equal(await page.getByRole('alert').filter({ hasText: /\S/u }).count(), 0, name);
    }
    await close();
  });
});
