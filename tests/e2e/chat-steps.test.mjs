/** The view ChatGPT's steps of the screen Train, on the real core and the page's GPT: short steps with real learning. */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { accessible, cleanUp, fragment, LONG, openSite, tab, until } from './support.mjs';

/** @typedef {import('playwright-core').Page} Page */

after(cleanUp);

const here = (/** @type {string} */ set = '') => fragment({ task: 'train', view: 'chat', ...(set && { set }) });
const view = (/** @type {Page} */ page) => page.locator('cloze-train-chat-steps');

/** Presses a step's button and waits until it can be pressed again. @param {Page} page @param {string} phase */
async function take(page, phase) {
  const start = view(page).locator(`#start-${phase}`);
  await start.click();
  await until(
    `the end of ${phase}`,
    async () => {
      assert.deepEqual(await view(page).locator('.problem p').allInnerTexts(), []);
      return (await start.isEnabled()) && /\d+ updates? in/u.test(await view(page).locator('#doing').innerText());
    },
    4 * LONG,
  );
}

/** The points of a step's curve, of its table. @param {Page} page @param {string} phase */
async function losses(page, phase) {
  const section = view(page).locator(`section[aria-labelledby=${phase}-title]`);
  await section.locator('.plot summary').click();
  // They are only made once the table is unfolded.
  await section.locator('.plot tbody tr').first().waitFor();
  const cells = await section.locator('.plot tbody tr td:nth-child(3)').allInnerTexts();
  return cells.map(Number);
}

test('the three steps: answers, choices, a push', async () => {
  const { page, close } = await openSite(here('epochs-4'));
  await accessible(page, 'ChatGPT’s steps, empty');
  await take(page, 'supervised');
  const answers = await losses(page, 'supervised');
  const mean = (/** @type {number[]} */ some) => some.reduce((sum, one) => sum + one, 0) / some.length;
  assert.equal(answers.length, 20);
  assert.ok(mean(answers.slice(-5)) < 0.9 * mean(answers.slice(0, 5)), answers.join());
  const samples = view(page).locator('#samples');
  assert.equal(await samples.locator('tbody tr').count(), 4);
  assert.equal(await samples.locator('thead th').count(), 3);

  // The reader likes what is short.
  await view(page).locator('#write').click();
  for (let choice = 1; choice <= 12; choice += 1) {
    const shown = view(page).locator('.pair .sentence');
    await shown.nth(1).waitFor();
    await until('two answers', async () => view(page).locator('#better-0').isEnabled());
    const [a = '', b = ''] = await shown.allInnerTexts();
    assert.notEqual(a, b);
    await view(page)
      .locator(a.length <= b.length ? '#better-0' : '#better-1')
      .click();
    await view(page)
      .locator('#choices', { hasText: `${choice} choice` })
      .waitFor();
  }
  await until('the next pair', async () => view(page).locator('#better-0').isEnabled());
  await accessible(page, 'ChatGPT’s steps, choosing');

  // What was chosen is kept.
  await page.reload();
  await view(page).locator('#choices', { hasText: '12 choices' }).waitFor();

  await take(page, 'reward');
  const judged = await losses(page, 'reward');
  assert.ok((judged.at(-1) ?? Infinity) < (judged[0] ?? 0), judged.join());
  assert.match(await view(page).locator('#judged').innerText(), /of 2\. Guessing gets 50 %/u);
  await view(page).locator('#scoreAnswer').fill('It is green.');
  const score = await until('a score', async () => (await view(page).locator('#score').innerText()).trim());
  assert.match(score, /^Score -?\d/u);

  await take(page, 'preference');
  const pushed = await losses(page, 'preference');
  // The model has not moved before the first update.
  assert.ok(Math.abs((pushed[0] ?? 0) - Math.LN2) < 0.01, String(pushed[0]));
  assert.ok(mean(pushed.slice(-5)) < Math.LN2, pushed.join());
  assert.deepEqual(await samples.locator('thead th').allInnerTexts(), ['Prompt', 'Before step 1', 'After step 3']);
  assert.ok((await samples.getByText(/^score/u).count()) > 0);
  await accessible(page, 'ChatGPT’s steps, done');

  await view(page).locator('#ask').fill('What is a cat?');
  await view(page).locator('#ask-now').click();
  await view(page).locator('#asked .sentence').waitFor();

  await view(page).locator('#open').click();
  await tab(page, 'Generate').and(page.locator('[aria-selected=true]')).waitFor();
  assert.match(await page.locator('cloze-generate #model-name').innerText(), /my-chat-gpt/u);
  await close();
});

test('a tab that is closed in a step: the next one ends it', async () => {
  const { page, close } = await openSite(here('epochs-60'));
  await view(page).locator('#start-supervised').click();
  await until(
    'some updates',
    async () => /^Update ([3-9]|\d\d)/u.test(await view(page).locator('#doing').innerText()),
    4 * LONG,
  );
  const before = await view(page).locator('#samples tbody tr').count();
  await until('a checkpoint', () => page.evaluate(kept), 2 * LONG);
  await page.reload();
  const left = view(page).locator('#left');
  await left.getByText(/step \d+ of \d+/u).waitFor();
  await left.getByRole('button', { name: /^Go on/u }).click();
  await until(
    'it goes on',
    async () => /^Update \d+/u.test((await view(page).locator('#doing').allInnerTexts()).join()),
    2 * LONG,
  );
  // What it wrote before the first step is there again.
  assert.equal(await view(page).locator('#samples tbody tr').count(), before);
  await view(page).locator('#stop').click();
  await view(page).locator('#go-on').waitFor();
  await close();
});

/** Whether a checkpoint with weights is in the browser's storage. */
const kept = async () => {
  const root = await navigator.storage.getDirectory();
  const runs = await root.getDirectoryHandle('cloze-runs', { create: true });
  // TypeScript's DOM library does not know that folders can be walked through.
  for await (const handle of /** @type {any} */ (runs).values())
    if (handle.kind === 'file' && (await handle.getFile()).size > 1e7) return true;
  return false;
};

test('what is missing is said; on a narrow screen nothing is cut off', async () => {
  const { page, close } = await openSite(here(), { viewport: { width: 360, height: 780 } });
  await view(page).locator('#start-preference').click();
  await view(page).getByText('At least 6 choices are needed').waitFor();
  await view(page).locator('#examples').fill('a line without an answer');
  await view(page).locator('#start-supervised').click();
  await view(page)
    .getByText(/Line 1 needs a prompt and an answer/u)
    .waitFor();
  await accessible(page, 'ChatGPT’s steps with troubles');
  assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), 360);
  await close();
});
