/** Conversations: who spoke is never mixed up, whatever breaks an answer off; and what of them is in a link. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
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
  watch,
} from './support.mjs';

after(cleanUp);

/** @typedef {import('playwright-core').Page} Page */

// The page's own GPT-2, taught to take turns: what it says is nonsense, but it says it in turn.
const folder = mkdtempSync(join(tmpdir(), 'cloze-chat-'));
after(() => rmSync(folder, { recursive: true, force: true }));
const OWN = ['config.json', 'tokenizer.json', 'model.gguf'].map((name) => join(ROOT, 'models/gpt', name));
const template = join(folder, 'tokenizer_config.json');
writeFileSync(
  template,
  JSON.stringify({
    chat_template: '{% for message in messages %}{{ message.role }}: {{ message.content }}\n{% endfor %}assistant:',
  }),
);
const CHATTY = [...OWN, template];

/** @param {Page} page @param {string[]} files */
async function give(page, files) {
  await page.evaluate(() => {
    document.querySelector('#given')?.remove();
    document.body.insertAdjacentHTML('beforeend', '<input id="given" type="file" multiple hidden>');
  });
  await page.locator('#given').setInputFiles(files);
  await element(page, 'generate').evaluate(async (node) => {
    const screen = /** @type {any} */ (node);
    const given = /** @type {HTMLInputElement} */ (document.querySelector('#given'));
    screen.model = [...(given.files ?? [])];
    await screen.updateComplete;
    await screen.load();
    await screen.updateComplete;
  });
}

/** @param {Page} page @param {string} message */
async function say(page, message) {
  await box(page, 'Message').fill(message);
  await button(page, 'Send').click();
}

/** Some of the answer to the message is there. @param {Page} page @param {string} message */
const someOf = (page, message) =>
  until(`an answer to ${message}`, async () => {
    const { said } = await stateOf(page, 'generate');
    return said.at(-1) === message && (await results(page).locator('[data-index]').count()) > 4;
  });

/** @param {Page} page */
const spoken = (page) => results(page).locator('.turn:not([hidden]) > .who').allInnerTexts();

/** @param {Page} page */
async function open(page) {
  await give(page, CHATTY);
  await box(page, 'Message').waitFor();
  await element(page, 'generate').evaluate((node) => {
    /** @type {any} */ (node).state = { max_new_tokens: 1000 };
  });
}

describe('chat', () => {
  test('sending while an answer is written keeps what was written as the answer', async () => {
    const { page, close } = await openSite(fragment({ task: 'generate' }));
    await open(page);
    await say(page, 'One');
    await someOf(page, 'One');
    await say(page, 'Two');
    const {
      state: { said },
    } = await watch(page, { tokens: 5, turns: 4 });
    assert.equal(said.length, 3);
    assert.deepEqual([said[0], said[2]], ['One', 'Two']);
    assert.ok(said[1].trim().length > 0);
    await status(page)
      .filter({ hasText: /Stopped after/ })
      .waitFor();
    assert.equal((await stateOf(page, 'generate')).said.length, 4);
    assert.deepEqual(await spoken(page), ['You', 'Model', 'You', 'Model']);
    await accessible(page, 'a conversation');
    await close();
  });

  test('an answer that ended at its length goes on', async () => {
    const { page, close } = await openSite(fragment({ task: 'generate' }));
    await open(page);
    await element(page, 'generate').evaluate((node) => {
      /** @type {any} */ (node).state = { max_new_tokens: 5 };
    });
    await say(page, 'One');
    await until('the answer', async () => (await stateOf(page, 'generate')).said.length === 2);
    const { said: before } = await stateOf(page, 'generate');
    await button(page, 'Continue answer').click();
    await until('more of it', async () => (await stateOf(page, 'generate')).said[1] !== before[1]);
    const { said } = await stateOf(page, 'generate');
    assert.equal(said.length, 2);
    assert.ok(said[1].startsWith(before[1]) && said[1].length > before[1].length, said[1]);
    assert.deepEqual(await spoken(page), ['You', 'Model']);
    await close();
  });

  test('another mode and another model in the middle of an answer', async () => {
    const { page, close } = await openSite(fragment({ task: 'generate' }));
    await open(page);
    await say(page, 'One');
    await someOf(page, 'One');
    await page.getByRole('radio', { name: 'Continue a text' }).check();
    await until('the turn to end', async () => (await stateOf(page, 'generate')).said.length === 2);
    await page.getByRole('radio', { name: 'Chat', exact: true }).check();
    assert.deepEqual(await spoken(page), ['You', 'Model']);
    await say(page, 'Two');
    await someOf(page, 'Two');
    await give(page, OWN);
    await until('the turn to end', async () => (await stateOf(page, 'generate')).said.length === 4);
    await give(page, CHATTY);
    await box(page, 'Message').waitFor();
    assert.deepEqual(await spoken(page), ['You', 'Model', 'You', 'Model']);
    await close();
  });

  test('a link has the mode, the system message and the message, not the conversation', async () => {
    const { page, close } = await openSite(fragment({ task: 'generate' }));
    await open(page);
    await say(page, 'A secret');
    await watch(page, { tokens: 5, turns: 2 });
    await element(page, 'generate').evaluate((node) => {
      /** @type {any} */ (node).state = { system: 'Be short.' };
    });
    await box(page, 'Message').fill('And then?');
    const link = await element(page, 'generate').evaluate((node) => /** @type {any} */ (node).shareUrl());
    const params = new URLSearchParams(new URL(link).hash.slice(1));
    assert.deepEqual(
      ['mode', 'system', 'message', 'prompt', 'run'].map((key) => params.get(key)),
      ['chat', 'Be short.', 'And then?', '', null],
    );
    assert.ok(!decodeURIComponent(link).includes('secret'));
    await until('the address to follow', async () => page.url().includes('message=And'));
    assert.ok(!page.url().includes('secret'));
    await button(page, 'Share link').click();
    await status(page).filter({ hasText: 'what was said is not in it' }).waitFor();

    const opened = await openSite(new URL(link).hash.slice(1));
    await open(opened.page);
    assert.equal(await box(opened.page, 'Message').inputValue(), 'And then?');
    assert.equal((await stateOf(opened.page, 'generate')).system, 'Be short.');
    assert.equal(await opened.page.locator('.note').count(), 0);
    await opened.close();
    await close();
  });
});
