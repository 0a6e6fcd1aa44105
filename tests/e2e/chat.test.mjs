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

/** Files for the page to take. @param {Page} page @param {string[]} files */
async function hand(page, files) {
  await page.evaluate(() => {
    document.querySelector('#given')?.remove();
    document.body.insertAdjacentHTML('beforeend', '<input id="given" type="file" multiple hidden>');
  });
  await page.locator('#given').setInputFiles(files);
}

/** @param {Page} page @param {string[]} files */
async function give(page, files) {
  await hand(page, files);
  await element(page, 'generate').evaluate(async (node) => {
    const screen = /** @type {any} */ (node);
    const given = /** @type {HTMLInputElement} */ (document.querySelector('#given'));
    screen.model = [...(given.files ?? [])];
    await screen.updateComplete;
    await screen.load();
    await screen.updateComplete;
  });
}

/**
 * Sends a message, and does something once some of the answer stands there: from inside the page, as the answer may be at its
 * end before it could be asked from outside. Another mode is chosen, the files that were handed are loaded, or "Two" is said.
 * @param {Page} page @param {string} message @param {'mode' | 'model' | 'message'} what
 */
async function inTheAnswer(page, message, what) {
  await box(page, 'Message').fill(message);
  await element(page, 'generate').evaluate(async (node, what) => {
    const screen = /** @type {any} */ (node);
    const root = screen.shadowRoot;
    const said = screen.state.said.length;
    const tokens = () =>
      [...root.querySelectorAll('cloze-token-stream')].at(-1)?.shadowRoot.querySelectorAll('[data-index]').length ?? 0;
    const before = tokens();
    root.querySelector('#run').click();
    // Messages of the worker come one by one: between two of them is a turn of this loop.
    const { port1, port2 } = new MessageChannel();
    const turn = () => new Promise((resolve) => ((port1.onmessage = resolve), port2.postMessage(0)));
    while (screen.state.said.length === said || tokens() < 5 || tokens() === before) await turn();
    if (screen.state.said.length !== said + 1) throw new Error('the answer was at its end');
    if (what === 'mode') return void [...root.querySelectorAll('input[name=mode]')].at(-1).click();
    if (what === 'message') {
      screen.state = { message: 'Two' };
      await screen.updateComplete;
      return void root.querySelector('#run').click();
    }
    const given = /** @type {HTMLInputElement} */ (document.querySelector('#given'));
    screen.model = [...(given.files ?? [])];
    await screen.updateComplete;
    await screen.load();
  }, what);
}

/** @param {Page} page @param {string} message */
async function say(page, message) {
  await box(page, 'Message').fill(message);
  await button(page, 'Send').click();
}

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
    await inTheAnswer(page, 'One', 'message');
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
    await inTheAnswer(page, 'One', 'mode');
    await until('the turn to end', async () => (await stateOf(page, 'generate')).said.length === 2);
    await page.getByRole('radio', { name: 'Chat', exact: true }).check();
    assert.deepEqual(await spoken(page), ['You', 'Model']);
    await hand(page, OWN);
    await inTheAnswer(page, 'Two', 'model');
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
