/** The service worker: without a network, across versions, and for threads on hosts that send no headers. */
import assert from 'node:assert/strict';
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { serveFolder } from '../server/client.mjs';
import {
  accessible,
  box,
  button,
  cleanUp,
  DIST,
  fragment,
  launchProfile,
  open,
  resultOf,
  ROOT,
  serving,
  tab,
  until,
} from './support.mjs';

after(cleanUp);

/** @typedef {import('playwright-core').Page} Page */

/** Requests that fail while there is no server. */
const NO_SERVER = /ERR_CONNECTION_REFUSED|ERR_CONNECTION_RESET|Failed to load resource|service worker/i;

/** Threads are used where there are several cores. */
const isolated = (/** @type {Page} */ page) => page.evaluate(() => crossOriginIsolated);
const controlled = (/** @type {Page} */ page) => page.evaluate(() => navigator.serviceWorker.controller !== null);
const fact = (/** @type {Page} */ page, /** @type {string} */ name) => page.locator(`#fact-${name}`);
/** What the footer says of use without a network. @param {Page} page @param {RegExp} text */
const says = (page, text) => fact(page, 'offline').filter({ hasText: text }).waitFor();
/** All that an offline visit to any screen needs is there. @param {Page} page */
const ready = (page) => says(page, /^Ready: this page, BERT .* and GPT-2 .* run without a network\./);
/** What the first screen needs is there. @param {Page} page */
const begun = (page) => says(page, /^(Ready|This page and BERT)/);
/** Keeps all of it. @param {Page} page */
async function keepAll(page) {
  await begun(page);
  await page.getByRole('button', { name: /^Keep for offline: up to \d+\.\d MB$/ }).click();
  await ready(page);
}
const notice = (/** @type {Page} */ page) => page.getByText('A new version is ready.');
/** The page's own script, by which its version is known. */
const script = (/** @type {Page} */ page) =>
  page.evaluate(() => document.querySelector('script[type=module]')?.getAttribute('src'));

/** @param {Page} page */
async function everythingRuns(page) {
  await tab(page, 'Fill mask').click();
  await resultOf(page, 'fill-mask', () => button(page, 'Predict').click());
  await tab(page, 'Generate').click();
  await box(page, 'Prompt').fill('Once upon a time');
  await resultOf(page, 'generate', () => button(page, 'Generate').click());
  await tab(page, 'Inside').click();
  await resultOf(page, 'inside', () => button(page, 'Look inside').click());
}

/** A folder that goes when the tests are over. */
function scratch() {
  const folder = mkdtempSync(join(tmpdir(), 'cloze-offline-'));
  after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** The addresses that the service worker keeps. @param {Page} page @returns {Promise<string[]>} */
const keptBySite = (page) =>
  page.evaluate(async () => {
    const urls = [];
    for (const name of await caches.keys())
      for (const { url } of await (await caches.open(name)).keys()) urls.push(url);
    return urls;
  });

describe('without a network', () => {
  test('one visit fetches what its screen needs; that runs, and the footer says what does not', async () => {
    const server = await serveFolder(DIST, { packs: true });
    /** @type {string[]} */
    const asked = [];
    const { page, close } = await open(server.url, {
      serviceWorkers: 'allow',
      expected: NO_SERVER,
      before: async (fresh) => fresh.context().on('request', (request) => asked.push(request.url())),
    });
    await says(page, /^This page and BERT .* run without a network\. GPT-2 .* is not kept here\./);
    await button(page, /^Keep for offline: up to \d+\.\d MB$/).waitFor();
    const fetched = (/** @type {RegExp} */ kind) => new Set(asked.filter((url) => kind.test(url))).size;
    assert.deepEqual([fetched(/\.gguf$/), fetched(/\.wasm$/)], [1, 1]);
    assert.equal((await keptBySite(page)).filter((url) => url.endsWith('.wasm')).length, 1);

    await server.close();
    await page.reload();
    await resultOf(page, 'fill-mask', () => button(page, 'Predict').click());
    await tab(page, 'Next sentence').click();
    await resultOf(page, 'next-sentence', () => button(page, 'Compare').click());
    await tab(page, 'Generate').click();
    await button(page, 'Retry').waitFor();
    await says(page, /GPT-2 .* is not kept here/);
    await close();
  });

  test('keeping can be stopped; a model that was fetched by a click on its tab counts as well', async () => {
    const { page, close } = await open(await serving(DIST), { serviceWorkers: 'allow' });
    await begun(page);
    /** @type {() => void} */
    let letGo = () => undefined;
    const held = new Promise((resolve) => (letGo = () => resolve(undefined)));
    await page.context().route(/\.gguf$/, async (route) => {
      await held;
      await route.continue().catch(() => undefined);
    });
    await button(page, /^Keep for offline/).click();
    await says(page, /^GPT-2 .* is being fetched: \d+\.\d MB of \d+\.\d MB/);
    await accessible(page, 'keeping');
    await button(page, 'Stop keeping').click();
    await says(page, /^This page and BERT .* run without a network/);
    letGo();
    await tab(page, 'Generate').click();
    await resultOf(page, 'generate', () => button(page, 'Generate').click());
    await ready(page);
    await close();
  });

  test('once it was asked for, a reload starts and runs, on a screen that was not opened before too', async () => {
    const server = await serveFolder(DIST);
    const { page, close } = await open(server.url, { serviceWorkers: 'allow', expected: NO_SERVER });
    await keepAll(page);
    await server.close();
    await page.reload();
    assert.ok(await controlled(page));
    await everythingRuns(page);
    assert.ok(await isolated(page), 'the headers are kept with the page');
    await close();
  });

  test('a browser that is started again with the same profile', async () => {
    const profile = scratch();
    const server = await serveFolder(DIST);
    const first = await launchProfile(profile);
    const page = await first.newPage();
    await page.goto(server.url);
    await keepAll(page);
    await first.close();
    await server.close();
    const second = await launchProfile(profile);
    const again = await second.newPage();
    await again.goto(`${server.url}#${fragment({ task: 'fill-mask', text: 'The [MASK] is open.' })}`);
    await everythingRuns(again);
    await second.close();
  });

  test('a second copy on the same host, in a sub-path, has its own', async () => {
    const server = await serveFolder(DIST, { prefix: '/some/deep/path/' });
    const { page, close } = await open(server.url, { serviceWorkers: 'allow', expected: NO_SERVER });
    await keepAll(page);
    const names = await page.evaluate(() => caches.keys());
    assert.ok(
      names.every((name) => name.startsWith(`cloze ${server.url} `)),
      names.join(),
    );
    await server.close();
    await page.reload();
    await everythingRuns(page);
    await close();
  });

  test('what can be trained on is kept once it was used, and all of it by the button; the teacher’s page always', async () => {
    const [oz, grimm] = readdirSync(DIST, { recursive: true, encoding: 'utf8' }).filter((name) =>
      /(oz|grimm)\.txt$/.test(name),
    );
    const server = await serveFolder(DIST);
    const { page, close } = await open(server.url, { serviceWorkers: 'allow', expected: NO_SERVER });
    await begun(page);
    await until('the worker answers for the page', () => controlled(page));
    const texts = async () => (await keptBySite(page)).filter((url) => /\.txt$|tables/.test(url)).length;
    const length = (/** @type {string | undefined} */ name) =>
      page.evaluate(async (address) => (await (await fetch(address)).text()).length, `${server.url}${name}`);
    assert.equal(await texts(), 0);
    assert.ok((await length(oz)) > 100_000);
    await until('the text is kept', async () => (await texts()) === 1);
    await says(page, /What the screen Train needs \(\d+\.\d MB\) is not kept yet\./);
    await keepAll(page);
    await fact(page, 'offline').filter({ hasNotText: 'Train' }).waitFor();
    await server.close();
    assert.ok((await length(grimm)) > 100_000);
    await page.goto(`${server.url}teachers.html`);
    await page.getByRole('heading', { name: 'Cloze for teachers' }).waitFor();
    await close();
  });

  test('no model file is stored twice, and no build that this browser does not run', async () => {
    const { page, close } = await open(await serving(DIST), { serviceWorkers: 'allow' });
    await keepAll(page);
    const kept = await keptBySite(page);
    assert.deepEqual(
      kept.filter((url) => /model\.gguf|tokenizer\.json|config\.json/.test(url)),
      [],
    );
    assert.equal(
      kept.filter((url) => url.endsWith('.wasm')).length,
      6,
      'the best, and the one for when threads do not start, each whole, lean and with training',
    );
    await close();
  });
});

/**
 * The site with other names for its page's script and its worker, as after a change in both; the old files are gone.
 * @param {string} folder
 */
function renew(folder) {
  const assets = readdirSync(join(folder, 'assets'));
  /** @type {Array<[string, string]>} */
  const names = [];
  for (const start of ['index-', 'worker-']) {
    const name = assets.find((one) => one.startsWith(start));
    assert.ok(name);
    names.push([name, name.replace(/-.{8}\.js$/, '-RENEWED0.js')]);
    renameSync(join(folder, 'assets', name), join(folder, 'assets', names.at(-1)?.[1] ?? ''));
  }
  for (const file of ['index.html', 'sw.js', ...names.map(([, name]) => `assets/${name}`)]) {
    let text = readFileSync(join(folder, file), 'utf8');
    for (const [from, to] of names) text = text.replaceAll(from, to);
    if (file === 'sw.js') text = text.replace(/version:([`'"])\w+/, 'version:$1renewed');
    writeFileSync(join(folder, file), text);
  }
}

describe('a new version', () => {
  test('is offered, breaks no open tab, and takes the old one’s place when it is wanted', async () => {
    const folder = scratch();
    cpSync(DIST, folder, { recursive: true });
    const server = await serving(folder);
    const { page: old, close } = await open(server, { serviceWorkers: 'allow' });
    await keepAll(old);
    const before = await script(old);
    renew(folder);
    assert.ok(!existsSync(join(folder, before ?? '')), 'the server has the old script no longer');

    const page = await old.context().newPage();
    await page.goto(server);
    assert.equal(await script(page), before, 'a page is of one version, the one in charge');
    await notice(page).waitFor();
    await notice(old).waitFor();
    await button(page, 'Reload').click();
    await until(
      'the new version',
      async () => (await script(page).catch(() => undefined)) === './assets/index-RENEWED0.js',
    );
    await ready(page);
    await everythingRuns(page);

    // The old tab starts workers only now: from files that only its cache still has.
    assert.equal(await script(old), before);
    await notice(old).waitFor();
    await everythingRuns(old);

    assert.equal(await versions(page), 2);
    await old.close();
    await page.reload();
    await ready(page);
    assert.equal(await versions(page), 1, 'no tab uses the old one any more');
    await close();
  });

  test('a page that is of another version than the worker’s files is not taken', async () => {
    const folder = scratch();
    cpSync(DIST, folder, { recursive: true });
    // As in the middle of a deployment: the page is the next version's, the worker still this one's.
    const worker = readFileSync(join(folder, 'sw.js'));
    renew(folder);
    writeFileSync(join(folder, 'sw.js'), worker);
    cpSync(join(DIST, 'assets'), join(folder, 'assets'), { recursive: true });
    const { page, close } = await open(await serving(folder), {
      serviceWorkers: 'allow',
      expected: /different versions/,
    });
    await fact(page, 'offline')
      .filter({ hasText: /^Not yet/ })
      .waitFor();
    await close();
  });

  test('a host that answers with its page to what is not there yet: no page is kept as a script or as wasm', async () => {
    const folder = scratch();
    cpSync(DIST, folder, { recursive: true });
    const inside = readdirSync(folder, { recursive: true, encoding: 'utf8' });
    const wasm = inside.filter((name) => name.endsWith('.wasm')).map((name) => join(folder, name));
    assert.equal(wasm.length, 9);
    // The build that stands in when threads do not start: only keeping asks for it.
    const spare = readFileSync(`${ROOT}pkg/dist/wasm/relaxed-simd/cloze_bg.wasm`);
    const [late = '', ...others] = wasm.sort((file) => (readFileSync(file).equals(spare) ? -1 : 1));
    for (const file of wasm) renameSync(file, `${file}.later`);
    const server = await serving(folder, { fallback: true });
    const { page, close } = await open(server, { serviceWorkers: 'allow', expected: /wasm|worker/i });
    await button(page, 'Retry').waitFor();
    await says(page, /^Only the page itself starts without a network/);
    const keep = button(page, /^Keep for offline/);
    await keep.click();
    await says(page, /^Not all of it could be kept: .* was answered with a web page/);
    for (const file of others) renameSync(`${file}.later`, file);
    await page.reload();
    await begun(page);
    await keep.click();
    await says(page, /^Not all of it could be kept: the server answered with a page/);
    const wrong = await page.evaluate(async () => {
      const found = [];
      for (const name of await caches.keys()) {
        const cache = await caches.open(name);
        for (const request of await cache.keys()) {
          const type = (await cache.match(request))?.headers.get('content-type') ?? '';
          if (/\.(js|wasm)$/.test(new URL(request.url).pathname) && type.startsWith('text/html'))
            found.push(request.url);
        }
      }
      return found;
    });
    assert.deepEqual(wrong, []);

    // The rest of the deployment arrives.
    renameSync(`${late}.later`, late);
    await page.reload();
    await ready(page);
    await everythingRuns(page);
    await close();
  });

  /** @param {Page} page */
  const versions = (page) =>
    page.evaluate(async () => (await caches.keys()).filter((name) => !name.endsWith(' builds')).length);
});

describe('threads', () => {
  for (const prefix of ['/', '/some/deep/path/']) {
    test(`a host without headers: one reload, then threads (${prefix})`, async () => {
      const url = await serving(DIST, { isolated: false, prefix });
      let loads = 0;
      const { page, close } = await open(`${url}#${fragment({ task: 'fill-mask', text: 'The [MASK] is open.' })}`, {
        serviceWorkers: 'allow',
        before: async (fresh) => fresh.on('load', () => (loads += 1)),
      });
      await until('isolation', () => isolated(page).catch(() => false));
      await begun(page);
      assert.equal(await box(page, 'Text').inputValue(), 'The [MASK] is open.');
      await resultOf(page, 'fill-mask', () => button(page, 'Predict').click());
      const cores = await page.evaluate(() => navigator.hardwareConcurrency);
      if (cores > 1) assert.match(await fact(page, 'build').innerText(), /^relaxed-simd-threads/);
      await page.reload();
      await begun(page);
      assert.ok(await isolated(page));
      assert.equal(loads, 3, 'the visit, the reload for threads, the one above');
      await close();
    });
  }

  test('what was begun on the page is not lost to the reload: it is offered', async () => {
    const url = await serving(DIST, { isolated: false });
    /** @type {() => void} */
    let letGo = () => undefined;
    const held = new Promise((resolve) => {
      letGo = () => resolve(undefined);
    });
    const { page, close } = await open(url, {
      serviceWorkers: 'allow',
      before: (fresh) =>
        fresh.context().route('**/sw.js', async (route) => {
          await held;
          await route.continue();
        }),
    });
    await box(page, 'Text').fill('I type a [MASK].');
    letGo();
    await page.getByText('After a reload the models compute on several threads.').waitFor();
    assert.equal(await isolated(page), false);
    assert.equal(await box(page, 'Text').inputValue(), 'I type a [MASK].');
    await button(page, 'Reload').click();
    await until('isolation', () => isolated(page).catch(() => false));
    assert.equal(await box(page, 'Text').inputValue(), 'I type a [MASK].');
    await close();
  });

  test('a host that sends the headers is left alone: no reload, its own values', async () => {
    const url = await serving(DIST);
    let loads = 0;
    const { page, close } = await open(url, {
      serviceWorkers: 'allow',
      before: async (fresh) => fresh.on('load', () => (loads += 1)),
    });
    await begun(page);
    assert.equal(loads, 1);
    const headers = (await page.reload())?.headers() ?? {};
    assert.ok(await controlled(page));
    assert.equal(headers['cross-origin-embedder-policy'], 'require-corp');
    assert.match(
      headers['content-security-policy'] ?? '',
      /default-src 'none'/,
      'the strict policy holds for the kept page too',
    );
    await close();
  });
});
