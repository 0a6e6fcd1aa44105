/** The Models screen: loading from a hub and from a disk, what is kept, and which screen uses what. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { readFileSync, rmSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import { holding } from '../server/client.mjs';
import { serveHub } from './hub.mjs';
import { copyOf } from './hub-support.mjs';
import {
  accessible,
  box,
  button,
  cleanUp,
  fragment,
  openSite,
  resultOf,
  ROOT,
  serving,
  status,
  tab,
  until,
} from './support.mjs';

after(cleanUp);

/** @typedef {import('playwright-core').Page} Page */

const FILES = ['config.json', 'tokenizer.json', 'model.gguf'];
const folder = (/** @type {string} */ name) => join(ROOT, 'models', name);
const filesOf = (/** @type {string} */ name) =>
  Object.fromEntries(FILES.map((file) => [file, readFileSync(join(folder(name), file))]));

/** @type {import('./hub.mjs').Hub} */
let hub;
before(async () => {
  hub = await serveHub({
    'acme/bert': { files: filesOf('bert') },
    'acme/gpt': { files: filesOf('gpt') },
    'acme/secret': { files: filesOf('gpt'), gated: 'hf_sesame' },
  });
});
after(() => hub.close());

/** The hub is elsewhere, and what it refuses is in the console. */
const EXPECTED = /request to elsewhere: http:\/\/127\.0\.0\.1|Failed to load resource|net::ERR/;

/** @param {Parameters<typeof openSite>[1]} [options] @param {string} [at] */
async function openModels(options = {}, at = 'task=models') {
  const opened = await openSite(at, { expected: EXPECTED, ...options });
  await opened.page.evaluate((url) => localStorage.setItem('cloze-hub', url), hub.url);
  await opened.page.reload();
  return opened;
}

/** @param {Page} page @param {string} model */
async function load(page, model) {
  await box(page, 'Model').fill(model);
  await button(page, 'Load').click();
}
const kept = (/** @type {Page} */ page) => page.getByRole('list', { name: 'Kept models' });
const entry = (/** @type {Page} */ page, /** @type {string} */ name) =>
  kept(page)
    .locator('> li')
    .filter({ has: page.getByRole('heading', { name, exact: true }) });
const chosen = (/** @type {Page} */ page, /** @type {string} */ screen) =>
  page
    .getByRole('combobox', { name: screen, exact: true })
    .evaluate((select) => /** @type {HTMLSelectElement} */ (select).selectedOptions[0]?.textContent?.trim());
const shown = (/** @type {Page} */ page, /** @type {string} */ text) => page.getByRole('tabpanel').getByText(text);
const alert = (/** @type {Page} */ page) => page.getByRole('alert').filter({ hasText: /\w/ });

describe('from the hub', () => {
  test('a model is loaded, given to the screens it fits, kept and named in the link', async () => {
    const { page, close } = await openModels();
    await load(page, 'acme/bert');
    await page.getByText('Now used by Fill mask, Next sentence and Inside.').waitFor();
    assert.deepEqual(
      await Promise.all(['Fill mask', 'Next sentence', 'Generate', 'TL;DR'].map((name) => chosen(page, name))),
      ['acme/bert', 'acme/bert', 'The page’s own', 'The page’s own'],
    );
    await entry(page, 'acme/bert').waitFor();
    await accessible(page, 'a loaded model');

    const asked = hub.asked.length;
    await tab(page, 'Fill mask').click();
    await shown(page, 'Now with the model acme/bert.').waitFor();
    await resultOf(page, 'fill-mask', () => button(page, 'Predict').click());
    assert.equal(hub.asked.length, asked, 'the screen uses the model that was loaded, and asks for nothing again');
    await until('the model in the address', async () =>
      new URLSearchParams(new URL(page.url()).hash.slice(1)).get('model')?.startsWith('acme/bert'),
    );

    // The same link where it is kept: no question.
    await page.reload();
    await shown(page, 'Now with the model acme/bert').waitFor();
    await resultOf(page, 'fill-mask', () => button(page, 'Predict').click());
    await tab(page, 'Models').click();
    await page.getByRole('combobox', { name: 'Fill mask', exact: true }).selectOption({ label: 'The page’s own' });
    await tab(page, 'Fill mask').click();
    assert.equal(await shown(page, 'Now with the model').count(), 0);
    await close();
  });

  test('pause, resume, cancel; the rest is fetched later', async () => {
    const { page, close } = await openModels();
    // It cannot end before it is cancelled, however slow the page is.
    const { hold } = holding(8e6);
    hub.fault = ({ file }) => (file === 'model.gguf' ? { rate: 3e6, hold } : undefined);
    const begin = hub.sentOf('model.gguf');
    await load(page, 'acme/gpt');
    await page.getByText(/of.1\d\.\d.MB, .*MB\/s, .*left/).waitFor();
    await accessible(page, 'a load under way');
    await button(page, 'Pause').click();
    await page.getByText('acme/gpt is paused').waitFor();
    assert.ok(hub.sentOf('model.gguf') - begin < 15e6);
    await button(page, 'Resume').click();
    await button(page, 'Pause').waitFor();
    await button(page, 'Cancel').click();
    await status(page).filter({ hasText: 'What has arrived is kept' }).waitFor();
    assert.equal(await chosen(page, 'Generate'), 'The page’s own');
    await entry(page, 'acme/gpt')
      .getByText(/of.15\.\d.MB here/)
      .waitFor();
    hub.fault = () => undefined;
    const asked = hub.asked.length;
    await button(page, 'Fetch the rest of acme/gpt').click();
    await page.getByText('Now used by Generate, TL;DR and Inside.').waitFor();
    // What the connections before had sent is told when they end: only what is asked for now counts.
    const again = hub.asked.slice(asked).filter(({ at, path }) => at === 'files' && path.includes('/model.gguf?'));
    assert.ok(again.length > 0 && again.every(({ range }) => /^bytes=[1-9]/u.test(range ?? '')), 'the rest alone');
    await close();
  });

  test('a model that needs a token: said beside the token, which is in no link and no storage', async () => {
    const { page, close } = await openModels();
    await load(page, 'acme/secret');
    await alert(page).filter({ hasText: 'conditions, then give a token' }).waitFor();
    const token = page.getByLabel('Token', { exact: true });
    assert.equal(await token.getAttribute('aria-invalid'), 'true');
    assert.ok(await token.isVisible(), 'its fold is open');
    await accessible(page, 'a token is needed');
    await token.fill('hf_wrong');
    await button(page, 'Load').click();
    await alert(page).filter({ hasText: 'token given does not open it' }).waitFor();
    await token.fill('hf_sesame');
    await button(page, 'Load').click();
    await page.getByText('Now used by Generate, TL;DR and Inside.').waitFor();
    assert.ok(
      !(
        await page.evaluate(() => location.href + JSON.stringify(localStorage) + JSON.stringify(sessionStorage))
      ).includes('sesame'),
    );
    await tab(page, 'Generate').click();
    await box(page, 'Prompt').fill('Once');
    await resultOf(page, 'generate', () => button(page, 'Generate').click());
    assert.ok(!page.url().includes('sesame'));
    await close();
  });

  test('a token goes to the hub it was typed for, and to no other server', async () => {
    const other = await serveHub({ 'acme/bert': { files: filesOf('bert') }, 'acme/gpt': { files: filesOf('gpt') } });
    const { page, close } = await openModels();
    const token = page.getByLabel('Token', { exact: true });
    const folder = `${other.url}acme/gpt/resolve/main/`;
    await box(page, 'Model').fill('acme/secret');
    await page.getByText('Access token and hub').click();
    await token.fill('hf_sesame');
    await button(page, 'Load').click();
    await page.getByText('Now used by Generate, TL;DR and Inside.').waitFor();

    // Another address in the box, a link, and a choice of what is kept.
    await box(page, 'Model').fill(folder);
    assert.equal(await token.inputValue(), '', 'the box for the other server’s token is empty');
    await page.getByText(`For ${new URL(other.url).host} alone`).waitFor();
    await box(page, 'Model').fill('acme/secret');
    assert.equal(await token.inputValue(), 'hf_sesame');
    await page.evaluate((model) => {
      location.hash = new URLSearchParams({ task: 'generate', model, prompt: 'Once', run: '1' }).toString();
    }, folder);
    await page.getByText('This link asks for the model').waitFor();
    await resultOf(page, 'generate', () => button(page, 'Fetch it').click());
    await tab(page, 'Models').click();
    await load(page, folder);
    await page.getByText('Now used by Generate, TL;DR and Inside.').waitFor();

    // A mirror: the token is forgotten, also by the screens that had it.
    await box(page, 'Model').fill('acme/secret');
    await button(page, 'Load').click();
    await page.getByText('Now used by Generate, TL;DR and Inside.').waitFor();
    await box(page, 'Hub').fill(other.url);
    await load(page, 'acme/bert');
    await page.getByText('Now used by Fill mask, Next sentence and Inside.').waitFor();
    assert.equal(await token.inputValue(), '');
    assert.equal(await page.locator('cloze-generate').evaluate((node) => /** @type {any} */ (node).token), undefined);

    assert.ok(other.asked.length > 6);
    assert.deepEqual(
      other.asked.filter(({ authorization }) => authorization !== undefined),
      [],
    );
    assert.ok(hub.asked.some(({ authorization }) => authorization === 'Bearer hf_sesame'));
    await close();
    await other.close();
  });

  for (const [what, model, words] of /** @type {Array<[string, string, RegExp]>} */ ([
    ['nothing typed', '', /Type a model’s name/],
    ['no name at all', 'not a model', /neither a URL/],
    ['not on the hub', 'acme/none', /acme\/none/],
    ['a folder without a model', 'FILES', /Check the address|no model/],
  ])) {
    test(`${what}: said beside the box, and what was typed stays`, async () => {
      const { page, close } = await openModels();
      const address = model === 'FILES' ? `${new URL(page.url()).origin}/icons/` : model;
      await load(page, address);
      await alert(page).filter({ hasText: words }).waitFor();
      assert.equal(await box(page, 'Model').inputValue(), address);
      assert.equal(await box(page, 'Model').getAttribute('aria-invalid'), 'true');
      await accessible(page, what);
      await close();
    });
  }

  test('a hub that does not answer: said, and the next try works', async () => {
    const { page, close } = await openModels();
    hub.setReachable(false);
    await load(page, 'acme/gpt');
    await alert(page)
      .filter({ hasText: /try again/i })
      .waitFor();
    hub.setReachable(true);
    await button(page, 'Load').click();
    await page.getByText('Now used by').waitFor();
    assert.equal(await alert(page).count(), 0);
    await close();
  });

  test('a hub’s address that is none: said beside it', async () => {
    const { page, close } = await openModels();
    await page.getByText('Access token and hub').click();
    await box(page, 'Hub').fill('my hub');
    await load(page, 'acme/gpt');
    await alert(page).filter({ hasText: 'begins with https://' }).waitFor();
    assert.equal(await box(page, 'Hub').getAttribute('aria-invalid'), 'true');
    await close();
  });

  test('a link with a model that is not kept asks first', async () => {
    const { page, close } = await openModels(
      {},
      fragment({ task: 'fill-mask', model: 'acme/bert', text: 'The [MASK] is open.' }),
    );
    await page.getByText('This link asks for the model “acme/bert”').waitFor();
    assert.equal(await shown(page, 'Now with the model').count(), 0);
    await button(page, 'Fetch it').click();
    await shown(page, 'Now with the model acme/bert').waitFor();
    await resultOf(page, 'fill-mask', () => button(page, 'Predict').click());
    await close();
  });

  test('a link with a model that is kept and a result runs at once', async () => {
    const { page, close } = await openModels();
    await load(page, 'acme/bert');
    await page.getByText('Now used by').waitFor();
    const other = await page.context().newPage();
    await other.goto(
      `${new URL('.', page.url()).href}#${fragment({ task: 'fill-mask', model: 'acme/bert', text: 'The [MASK] is open.', run: 1 })}`,
    );
    await shown(other, 'Now with the model acme/bert').waitFor();
    await other.getByRole('region', { name: 'Results' }).getByRole('table').first().waitFor();
    await close();
  });

  test('what is chosen is shown after a person has chosen too; the same model again is still ready', async () => {
    const { page, close } = await openModels();
    await load(page, 'acme/bert');
    await page.getByText('Now used by').waitFor();
    await tab(page, 'Fill mask').click();
    const build = page.locator('#fact-build').filter({ hasText: /simd/ });
    await build.waitFor();
    await tab(page, 'Models').click();
    await page.getByRole('combobox', { name: 'Next sentence', exact: true }).selectOption({ label: 'The page’s own' });
    await load(page, 'acme/bert');
    await page.getByText('Now used by').waitFor();
    assert.deepEqual(await Promise.all(['Fill mask', 'Next sentence'].map((name) => chosen(page, name))), [
      'acme/bert',
      'acme/bert',
    ]);
    await tab(page, 'Fill mask').click();
    await build.waitFor();
    await close();
  });

  test('a hub that is being typed is not looked at yet', async () => {
    const { page, close } = await openModels();
    const stored = () => page.evaluate(() => localStorage.getItem('cloze-hub'));
    await page.getByText('Access token and hub').click();
    await box(page, 'Hub').press('End');
    await page.keyboard.type('mirror/');
    assert.equal(await stored(), hub.url);
    await box(page, 'Hub').blur();
    assert.equal(await stored(), `${hub.url}mirror/`);
    await close();
  });
});

describe('from this device', () => {
  test('files are picked and used where they are', async () => {
    const { page, close } = await openModels();
    const picking = page.waitForEvent('filechooser');
    await button(page, 'Choose files').click();
    await (await picking).setFiles(FILES.map((file) => join(folder('gpt'), file)));
    await page.getByText('Now used by Generate, TL;DR and Inside.').waitFor();
    assert.equal(await chosen(page, 'Generate'), 'model.gguf');
    await page.getByText('Nothing is kept yet.').waitFor();
    await tab(page, 'Generate').click();
    await shown(page, 'Now with the model model.gguf.').waitFor();
    await box(page, 'Prompt').fill('Once');
    await resultOf(page, 'generate', () => button(page, 'Generate').click());
    assert.ok(!page.url().includes('model='), 'no one else could open that link');
    await close();
  });

  test('files are dropped on any screen', async () => {
    const { page, close } = await openModels({}, 'task=generate');
    await box(page, 'Prompt').waitFor();
    await page.evaluate(async ([base, names]) => {
      const data = new DataTransfer();
      for (const name of names)
        data.items.add(new File([await (await fetch(`${base}acme/bert/resolve/main/${name}`)).blob()], name));
      document.body.dispatchEvent(new DragEvent('dragover', { dataTransfer: data, bubbles: true, cancelable: true }));
      if (document.getElementById('drop-veil')?.hidden) throw new Error('nothing says that files may be dropped');
      document.body.dispatchEvent(new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true }));
    }, /** @type {[string, string[]]} */ ([hub.url, FILES]));
    await page.getByText('Now used by Fill mask, Next sentence and Inside.').waitFor();
    assert.ok(page.url().includes('#task=models'));
    assert.ok(await page.locator('#drop-veil').isHidden());
    await close();
  });

  test('a folder is dropped', async () => {
    const { page, close } = await openModels();
    // As the system drops one: scripts cannot make its entries.
    const session = await page.context().newCDPSession(page);
    const data = { items: [], files: [folder('gpt')], dragOperationsMask: 1 };
    for (const type of /** @type {const} */ (['dragEnter', 'dragOver', 'drop']))
      await session.send('Input.dispatchDragEvent', { type, x: 400, y: 400, data });
    await page.getByText('Now used by Generate, TL;DR and Inside.').waitFor();
    await page.getByText('Nothing is kept yet.').waitFor();
    await close();
  });

  test('a folder is picked, from whatever picker the browser has', async () => {
    const { page, close } = await openModels({
      before: (fresh) =>
        fresh.addInitScript(() => {
          delete (/** @type {any} */ (window).showDirectoryPicker);
        }),
    });
    const picking = page.waitForEvent('filechooser');
    await button(page, 'Choose a folder').click();
    await (await picking).setFiles(folder('bert'));
    await page.getByText('Now used by Fill mask, Next sentence and Inside.').waitFor();

    // The newer picker gives a handle, as the storage does.
    await page.evaluate(
      async ([base, names]) => {
        const picked = await (await navigator.storage.getDirectory()).getDirectoryHandle('my-gpt', { create: true });
        for (const name of names) {
          const writable = await (await picked.getFileHandle(name, { create: true })).createWritable();
          await writable.write(await (await fetch(`${base}${name}`)).blob());
          await writable.close();
        }
        /** @type {any} */ (window).showDirectoryPicker = async () => picked;
      },
      /** @type {[string, string[]]} */ ([`${hub.url}acme/gpt/resolve/main/`, FILES]),
    );
    await button(page, 'Choose a folder').click();
    await page.getByText('Now used by Generate, TL;DR and Inside.').waitFor();
    assert.equal(await chosen(page, 'Generate'), 'my-gpt');
    await tab(page, 'Generate').click();
    await box(page, 'Prompt').fill('Once');
    await resultOf(page, 'generate', () => button(page, 'Generate').click());
    await close();
  });

  test('files that are no model: said beside the buttons', async () => {
    const { page, close } = await openModels();
    const picking = page.waitForEvent('filechooser');
    await button(page, 'Choose files').click();
    await (await picking).setFiles([{ name: 'letter.txt', mimeType: 'text/plain', buffer: Buffer.from('Dear Sir') }]);
    await alert(page).filter({ hasText: 'letter.txt' }).waitFor();
    await accessible(page, 'no model among the files');
    await close();
  });
});

describe('what is kept', () => {
  test('is verified, and deleted after a question', async () => {
    const { page, close } = await openModels();
    await page.getByText('Nothing is kept yet.').waitFor();
    await load(page, 'acme/gpt');
    await page.getByText('Now used by').waitFor();
    await button(page, 'Verify acme/gpt').click();
    await entry(page, 'acme/gpt').getByText('Every byte is as it was fetched.').waitFor();
    await entry(page, 'acme/gpt').locator('summary').click();
    assert.equal(
      await entry(page, 'acme/gpt')
        .getByText(/^sha256/)
        .count(),
      FILES.length,
    );
    await accessible(page, 'a verified model');

    await button(page, 'Delete acme/gpt').click();
    const question = page.getByRole('group', { name: 'Delete acme/gpt?' });
    assert.equal(
      await page.evaluate(() => {
        let active = document.activeElement;
        while (active?.shadowRoot?.activeElement) active = active.shadowRoot.activeElement;
        return active?.textContent?.trim();
      }),
      'Delete',
      'the question has the focus',
    );
    await accessible(page, 'the question');
    await question.getByRole('button', { name: 'Keep' }).click();
    await button(page, 'Delete acme/gpt').click();
    await question.getByRole('button', { name: 'Delete' }).click();
    await page.getByText('Nothing is kept yet.').waitFor();
    await close();
  });

  test('a damaged file is found, removed and said', async () => {
    const { page, close } = await openModels();
    await load(page, 'acme/gpt');
    await page.getByText('Now used by').waitFor();
    await page.evaluate(async () => {
      /** @param {FileSystemDirectoryHandle} folder @returns {Promise<void>} */
      const spoil = async (folder) => {
        for await (const handle of /** @type {any} */ (folder).values()) {
          if (handle.kind === 'directory') await spoil(handle);
          else if ((await handle.getFile()).size > 1e6) {
            const writable = await handle.createWritable({ keepExistingData: true });
            await writable.write({ type: 'write', position: 5e5, data: new Uint8Array(64).fill(7) });
            await writable.close();
          }
        }
      };
      await spoil(await navigator.storage.getDirectory());
    });
    await button(page, 'Verify acme/gpt').click();
    await alert(page).filter({ hasText: 'model.gguf was damaged and removed.' }).waitFor();
    await accessible(page, 'a damaged model');
    await close();
  });

  test('follows what another tab does', async () => {
    const { page, close } = await openModels();
    const other = await page.context().newPage();
    await other.goto(page.url());
    await other.getByText('Nothing is kept yet.').waitFor();
    await load(page, 'acme/gpt');
    await entry(other, 'acme/gpt').waitFor();
    await button(other, 'Delete acme/gpt').waitFor();
    await page.getByText('Now used by').waitFor();
    await button(other, 'Delete acme/gpt').click();
    await other.getByRole('group', { name: 'Delete acme/gpt?' }).getByRole('button', { name: 'Delete' }).click();
    await page.getByText('Nothing is kept yet.').waitFor();
    await close();
  });

  test('whether the browser promises to keep it is said', async () => {
    const { page, close } = await openModels({
      before: (fresh) =>
        fresh.addInitScript(() => {
          navigator.storage.persist = async () => false;
        }),
    });
    await button(page, 'Keep for good').click();
    await alert(page).filter({ hasText: 'The browser did not agree' }).waitFor();
    await page.evaluate(() => {
      navigator.storage.persist = navigator.storage.persisted = async () => true;
    });
    await button(page, 'Keep for good').click();
    await page.getByText('The browser has promised not to clear it away.').waitFor();
    assert.equal(await button(page, 'Keep for good').count(), 0);
    await close();
  });

  test('where nothing can be kept, models run all the same and the screen says so', async () => {
    const nothing = `Object.defineProperty(navigator.storage, 'getDirectory', { value: () => Promise.reject(new DOMException('denied', 'SecurityError')) });
      Object.defineProperty(globalThis, 'caches', { value: undefined });`;
    const root = copyOf(`${ROOT}web/dist`, nothing);
    after(() => rmSync(root, { recursive: true, force: true }));
    const { page, close } = await openModels({
      at: await serving(root),
      before: (fresh) => fresh.addInitScript(nothing),
    });
    await page.getByText('This browser lets the page keep nothing').waitFor();
    await accessible(page, 'nothing can be kept');
    await load(page, 'acme/bert');
    await page.getByText('Now used by Fill mask, Next sentence and Inside.').waitFor();
    await page.getByText('keeps no files for this page').waitFor();
    await tab(page, 'Fill mask').click();
    await resultOf(page, 'fill-mask', () => button(page, 'Predict').click());
    await close();
  });
});
