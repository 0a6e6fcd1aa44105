/** What a visitor reads when a model from a hub does not come, or cannot be kept; and that nothing is lost by it. */
import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { holding } from '../server/client.mjs';
import { bert, ID, WEIGHTS, withHub } from './hub-support.mjs';
import { accessible, box, button, cleanUp, MODULES, resultOf, until } from './support.mjs';

after(cleanUp);

const TEXT = 'What I typed, with a [MASK], is kept.';

const spoiled = Buffer.from(bert()[WEIGHTS] ?? []);
spoiled.writeUInt8(spoiled.readUInt8(spoiled.length - 1) ^ 1, spoiled.length - 1);

/**
 * Puts a screen with the hub's model on the page, and text into it.
 * @param {import('playwright-core').Page} page
 * @param {import('./hub.mjs').Hub} hub
 */
async function screen(page, hub) {
  await page.evaluate(`(async () => {
    const { env } = await import('/${MODULES}index.js');
    env.remote_host = '${hub.url}';
    await import('/${MODULES}elements.js');
    document.body.innerHTML = '<main><h1>Test</h1><cloze-fill-mask full model="${ID}"></cloze-fill-mask></main>';
    document.title = 'Test';
    document.documentElement.lang = 'en';
  })()`);
  await box(page, 'Text').fill(TEXT);
}

describe('on the screen', () => {
  /** @type {Array<[string, (hub: import('./hub.mjs').Hub) => void, RegExp, (hub: import('./hub.mjs').Hub) => void]>} */
  const FAILURES = [
    [
      'no such model',
      (hub) => (hub.models = {}),
      /has no model acme\/bert, or it is private/,
      (hub) => (hub.models = { [ID]: { files: bert() } }),
    ],
    [
      'a gated model',
      (hub) => (hub.models = { [ID]: { files: bert(), gated: 'hf_x' } }),
      /conditions, then give a token/,
      (hub) => (hub.models = { [ID]: { files: bert() } }),
    ],
    [
      'a server that wants a name and password',
      (hub) => (hub.fault = () => ({ status: 401 })),
      /asks who wants .*\(401\).*token/,
      (hub) => (hub.fault = () => undefined),
    ],
    [
      'other bytes',
      (hub) => (hub.fault = () => ({ body: spoiled })),
      /not the file that was published.*not used/,
      (hub) => (hub.fault = () => undefined),
    ],
    [
      'another length',
      (hub) => (hub.fault = () => ({ body: Buffer.alloc(1000) })),
      /1000 bytes instead of/,
      (hub) => (hub.fault = () => undefined),
    ],
    [
      'too many requests',
      (hub) =>
        (hub.fault = () => ({
          status: 429,
          headers: { 'Retry-After': '3600', 'Access-Control-Expose-Headers': 'Retry-After' },
        })),
      /too many requests.*Wait some minutes/,
      (hub) => (hub.fault = () => undefined),
    ],
    [
      'a server that fails',
      (hub) => (hub.fault = () => ({ status: 500 })),
      /answered 500.*Try again later/,
      (hub) => (hub.fault = () => undefined),
    ],
    [
      'a connection that breaks',
      (hub) => (hub.fault = () => ({ cut: 0 })),
      /Check the connection and try again/,
      (hub) => (hub.fault = () => undefined),
    ],
  ];
  for (const [name, fail, message, mend] of FAILURES) {
    test(`${name}: said in words, Retry works, what was typed is kept`, () =>
      withHub(async ({ hub, page }) => {
        fail(hub);
        await screen(page, hub);
        await page.getByRole('alert').filter({ hasText: message }).waitFor();
        await accessible(page, name);
        mend(hub);
        await button(page, 'Retry').click();
        await until('the error to go', async () => !(await button(page, 'Retry').isVisible()));
        assert.ok(await resultOf(page, 'fill-mask', () => button(page, 'Predict').click()));
        assert.equal(await box(page, 'Text').inputValue(), TEXT);
      }));
  }

  test('no room: a warning stays, the model runs', () =>
    withHub(async ({ hub, page }) => {
      const session = await page.context().newCDPSession(page);
      await session.send('Storage.overrideQuotaForOrigin', {
        origin: new URL(page.url()).origin,
        quotaSize: 3_000_000,
      });
      await screen(page, hub);
      assert.ok(await resultOf(page, 'fill-mask', () => button(page, 'Predict').click()));
      await page.getByText('There is no room left to keep model.gguf').waitFor();
      await accessible(page, 'a warning');
    }));

  test('a load is paused and goes on', () =>
    withHub(async ({ hub, page }) => {
      const { hold } = holding(6_000_000);
      hub.fault = () => ({ rate: 2_000_000, hold });
      await screen(page, hub);
      await button(page, 'Pause loading').click();
      await page.getByText('Loading is paused').waitFor();
      hub.fault = () => undefined;
      await button(page, 'Resume loading').click();
      assert.ok(await resultOf(page, 'fill-mask', () => button(page, 'Predict').click()));
    }));

  test('a load that another screen paused says so and can be let go on; it goes on by itself when that one leaves', () =>
    withHub(async ({ hub, page }) => {
      const { hold } = holding(6_000_000);
      hub.fault = () => ({ rate: 2_000_000, hold });
      await screen(page, hub);
      await button(page, 'Pause loading').click();
      await page.getByText('Loading is paused').waitFor();
      await page.evaluate(
        `document.querySelector('main').insertAdjacentHTML('beforeend', '<cloze-next-sentence full model="${ID}"></cloze-next-sentence>')`,
      );
      const [one, two] = [page.locator('cloze-fill-mask'), page.locator('cloze-next-sentence')];
      await button(page, 'Compare').click();
      await two.getByText('Loading is paused').waitFor();
      await two.getByRole('button', { name: 'Resume loading' }).click();
      await one.getByRole('button', { name: 'Pause loading' }).click();
      await two.getByRole('button', { name: 'Resume loading' }).waitFor();
      hub.fault = () => undefined;
      await one.getByRole('button', { name: 'Stop loading' }).click();
      await one.getByText('Loading was stopped for this screen.').waitFor();
      await two.getByText('The model is ready.').or(two.getByRole('table')).first().waitFor();
      assert.ok(await resultOf(page, 'fill-mask', () => button(page, 'Predict').click()));
    }));
});
