/** SmolLM2-135M-Instruct from its `.gguf` alone: it chats and sums up. `cargo xtask smollm2` fetches the file. */
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { after, describe, test } from 'node:test';
import {
  accessible,
  box,
  button,
  cleanUp,
  element,
  fragment,
  openSite,
  resultOf,
  results,
  ROOT,
  settings,
  stateOf,
  status,
  until,
} from './support.mjs';

after(cleanUp);

const FILE = `${process.env.CARGO_TARGET_DIR ?? `${ROOT}target`}/smollm2/SmolLM2-135M-Instruct.Q4_1.gguf`;
const skip = existsSync(FILE) ? false : `${FILE} is not there; \`cargo xtask smollm2\` fetches it`;

/** Gives a screen the file, as from a file input. @param {import('playwright-core').Page} page @param {string} task */
async function give(page, task) {
  await page.evaluate(() => document.body.insertAdjacentHTML('beforeend', '<input id="smollm2" type="file" hidden>'));
  await page.locator('#smollm2').setInputFiles(FILE);
  await element(page, task).evaluate(async (node) => {
    const input = /** @type {HTMLInputElement} */ (document.querySelector('#smollm2'));
    const screen = /** @type {any} */ (node);
    screen.model = [...(input.files ?? [])];
    // Then the model that was there is let go.
    await screen.updateComplete;
    await screen.load();
    await screen.updateComplete;
  });
}

/** @param {any} detail */
const one = (detail) => (Array.isArray(detail) ? detail[0] : detail);

describe('SmolLM2 from a .gguf alone', { skip }, () => {
  test('chats: several turns, Stop, a new chat, and the keyboard', async () => {
    const { page, close } = await openSite(fragment({ task: 'generate' }));
    await give(page, 'generate');
    await box(page, 'Message').fill('What is the capital of France?');
    await settings(page).click();
    await page.getByRole('radio', { name: 'Greedy' }).check();
    const first = one(await resultOf(page, 'generate', () => button(page, 'Send').click()));
    assert.equal(first.generated_text.at(-1).content, 'The capital of France is Paris.');
    assert.equal(first.finish_reason, 'eos', 'the turn ends by itself');
    const log = results(page).getByRole('log', { name: 'Conversation' });
    assert.match(
      await log.innerText(),
      /You\s+What is the capital of France\?\s+Model\s+The whole text: The capital of France is Paris\./u,
    );
    assert.equal(await box(page, 'Message').inputValue(), '', 'the message has been sent');

    await box(page, 'Message').fill('And what is it famous for?');
    const second = one(await resultOf(page, 'generate', () => box(page, 'Message').press('Control+Enter')));
    assert.equal(second.generated_text.length, 4, 'the model hears what was said before');
    assert.match(second.text, /Paris/u);
    await accessible(page, 'a conversation');

    await box(page, 'Message').fill('Tell me a long story about a boat.');
    await button(page, 'Send').click();
    await until(
      'some of the answer',
      async () => (await log.getByRole('group', { name: 'Generated tokens' }).locator('[data-index]').count()) > 20,
    );
    await button(page, 'Stop').click();
    await status(page)
      .filter({ hasText: /Stopped after/ })
      .waitFor();
    const { said } = await stateOf(page, 'generate');
    assert.equal(said.length, 6, 'what was written stays as the answer');

    await button(page, 'New chat').click();
    assert.deepEqual((await stateOf(page, 'generate')).said, []);
    assert.equal((await log.innerText()).trim(), '');
    await close();
  });

  test('continues a text as well', async () => {
    const { page, close } = await openSite(
      fragment({ task: 'generate', prompt: 'The capital of France is', do_sample: false, max_new_tokens: 8 }),
    );
    await give(page, 'generate');
    const result = one(await resultOf(page, 'generate', () => button(page, 'Generate').click()));
    assert.match(result.generated_text, /^The capital of France is Paris\./u);
    await close();
  });

  test('sums up, asked in a conversation', async () => {
    const { page, close } = await openSite(fragment({ task: 'summarize', num_beams: 1 }));
    await give(page, 'summarize');
    await box(page, 'Document').fill(
      'The old stone bridge over the river was closed to cars on Monday, because two of its arches had moved since the flood. Pedestrians may still cross it. Repairs will take two years.',
    );
    const result = one(await resultOf(page, 'summarize', () => button(page, 'Summarize').click()));
    assert.match(result.plan.prompt, /^<\|im_start\|>system\nProvide a concise, objective summary/u);
    assert.match(result.summary_text, /bridge/u);
    console.log(`# ${result.summary_text}`);
    await close();
  });
});
