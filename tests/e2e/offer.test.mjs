/** The better model that Generate and TL;DR offer: nothing of it is fetched before it is taken, and the page says whose answer is whose. */
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { after, describe, test } from 'node:test';
import {
  box,
  button,
  cleanUp,
  fragment,
  openSite,
  resultOf,
  results,
  ROOT,
  site,
  status,
  tab,
  until,
} from './support.mjs';

after(cleanUp);

const FILE = `${process.env.CARGO_TARGET_DIR ?? `${ROOT}target`}/smollm2/SmolLM2-135M-Instruct.Q4_1.gguf`;
const skip = existsSync(FILE) ? false : `${FILE} is not there; \`cargo xtask smollm2\` fetches it`;

/** @param {import('playwright-core').Page} page */
const answerer = (page) => results(page).locator('#answerer').innerText();

/** The page with a list of what requests left it. @param {string} state @param {any} [options] */
async function watched(state, options = {}) {
  /** @type {string[]} */
  const asked = [];
  const opened = await openSite(state, {
    ...options,
    before: async (/** @type {import('playwright-core').Page} */ page) => {
      page.on('request', (request) => asked.push(request.url()));
      await options.before?.(page);
    },
  });
  return { ...opened, asked };
}

describe('the better model', () => {
  test('is offered by name and size on both screens, and not fetched', async () => {
    const { page, close, asked } = await watched(fragment({ task: 'summarize' }));
    const offer = page.getByRole('group', { name: 'A better model' });
    await offer.getByRole('button', { name: /^Use SmolLM2-135M-Instruct \([\d.]+\sMB\)$/u }).waitFor();
    await button(page, 'Summarize').click();
    await results(page).locator('#summary').waitFor();
    assert.equal(await answerer(page), 'Answered by the small GPT-2 that comes with Cloze.');
    await tab(page, 'Generate').click();
    await offer.getByRole('button', { name: /^Use SmolLM2/u }).waitFor();
    assert.deepEqual(
      asked.filter((url) => /smollm2\/|huggingface/u.test(url)),
      [],
    );
    await close();
  });

  test('where the host has no copy, the hub’s is offered, without an error', async () => {
    const { page, close } = await openSite(fragment({ task: 'generate' }), {
      before: (/** @type {import('playwright-core').Page} */ page) =>
        page.route('**/models.json', (route) => route.fulfill({ json: { smollm2: null } })),
    });
    await page.getByText('Fetched once from huggingface.co').locator('visible=true').waitFor();
    await button(page, 'Use SmolLM2-135M-Instruct (269.1\u00a0MB)').waitFor();
    await close();
  });

  test('a link that names a copy of another host asks for the hub’s here', async () => {
    const model = './smollm2/SmolLM2-135M-Instruct.Q4_1.gguf';
    const { page, close } = await openSite(fragment({ task: 'generate', model }), {
      before: (/** @type {import('playwright-core').Page} */ page) =>
        page.route('**/models.json', (route) => route.fulfill({ json: { smollm2: null } })),
    });
    await page.getByText('This link asks for the model “SmolLM2-135M-Instruct”').waitFor();
    await until('the hub’s in the address', () =>
      page.evaluate(() => location.hash.includes('model=HuggingFaceTB%2FSmolLM2-135M-Instruct')),
    );
    await close();
  });

  test('taken, it sums up; the answer before stays the other’s; the link keeps the choice', { skip }, async () => {
    const { page, close, asked } = await watched(fragment({ task: 'summarize' }));
    await button(page, 'Summarize').click();
    await results(page).locator('#summary').waitFor();
    await page.getByRole('button', { name: /^Use SmolLM2/u }).click();
    await button(page, 'Back to the small model').waitFor();
    await status(page).filter({ hasText: 'The model is ready.' }).waitFor();
    assert.equal(await answerer(page), 'Answered by the small GPT-2 that comes with Cloze.');
    assert.ok(asked.some((url) => url.startsWith(`${new URL('smollm2/', page.url()).href}`)));
    const said = await resultOf(page, 'summarize', () => button(page, 'Summarize').click());
    assert.match(said.plan.prompt, /^<\|im_start\|>system\nProvide a concise, objective summary/u);
    assert.match(said.summary_text, /bridge/u);
    assert.equal(await answerer(page), 'Answered by SmolLM2-135M-Instruct.');
    const hash = await page.evaluate(() => location.hash);
    assert.match(hash, /model=\.%2Fsmollm2%2FSmolLM2-135M-Instruct\.Q4_1\.gguf/u);

    // It is kept: whoever comes back with the link has it at once.
    await page.goto('about:blank');
    await page.goto((await site()) + hash);
    await button(page, 'Back to the small model').waitFor();
    assert.equal(await page.getByText('This link asks for').count(), 0);
    await button(page, 'Back to the small model').click();
    await button(page, 'Summarize').click();
    await results(page).locator('#summary').waitFor();
    assert.equal(await answerer(page), 'Answered by the small GPT-2 that comes with Cloze.');
    assert.doesNotMatch(await page.evaluate(() => location.hash), /smollm2/u);
    await close();
  });

  test('taken on Generate, it talks', { skip }, async () => {
    const { page, close } = await openSite(fragment({ task: 'generate' }));
    await page.getByRole('button', { name: /^Use SmolLM2/u }).click();
    await box(page, 'Message').fill('What is the capital of France?');
    const said = await resultOf(page, 'generate', () => button(page, 'Send').click());
    assert.match(said.text, /Paris/u);
    assert.equal(await answerer(page), 'Answered by SmolLM2-135M-Instruct.');
    await close();
  });
});
