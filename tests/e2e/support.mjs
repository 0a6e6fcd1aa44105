/** What every screen's test needs: the site, the browser, a page that is watched, and the controls by their names. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import { serveAnswers, serveFolder } from '../server/client.mjs';

/** @typedef {import('playwright-core').Page} Page */
/** @typedef {import('playwright-core').Browser} Browser */
/** @typedef {import('playwright-core').Locator} Locator */

export const ROOT = fileURLToPath(new URL('../../', import.meta.url));
export const DIST = `${ROOT}web/dist`;

/** Generous: the tests say what happens, never how fast. */
export const LONG = Number(process.env.CLOZE_LONG ?? 120_000);

/** @type {Array<() => Promise<unknown>>} */
const cleanUps = [];

/** Stops the browser and the servers that this file started; for `after`. */
export async function cleanUp() {
  for (const one of cleanUps.splice(0).reverse()) await one();
}

/** @param {string} root @param {Parameters<typeof serveFolder>[1]} [options] */
export async function serving(root, options) {
  const server = await serveFolder(root, options);
  cleanUps.push(server.close);
  return server.url;
}

/**
 * A folder in which the packages lie beside each other, as npm unpacks them; `dist` may be a changed copy.
 * @param {string} [dist]
 */
export function packages(dist = `${ROOT}pkg/dist`) {
  const folder = mkdtempSync(join(tmpdir(), 'cloze-packages-'));
  cleanUps.push(async () => rmSync(folder, { recursive: true, force: true }));
  mkdirSync(`${folder}/cloze`);
  symlinkSync(dist, `${folder}/cloze/dist`);
  symlinkSync(`${ROOT}models`, `${folder}/cloze-models`);
  return folder;
}

/** Where the modules of the package lie on a server of that folder. */
export const MODULES = 'cloze/dist/';
/** From there, something that is no page of ours. */
export const BLANK = '../../cloze-models/bert/config.json';

/** The address of the package's modules on a server of {@link packages}. @param {string} [dist] */
export const servingPackages = async (dist) => `${await serving(packages(dist))}${MODULES}`;

/** What a CDN or an ordinary host says a file is. @type {Record<string, string>} */
const TYPES = {
  html: 'text/html; charset=utf-8',
  js: 'text/javascript',
  css: 'text/css',
  json: 'application/json',
  wasm: 'application/wasm',
};

/**
 * A folder on an ordinary host: no policy, no isolation; with `cors`, other origins may read it. `pages` are further files.
 * @param {string} root
 * @param {{ cors?: boolean, pages?: Record<string, string>, headers?: Record<string, string> }} [options]
 */
export async function servingPlainly(root, { cors = false, pages = {}, headers = {} } = {}) {
  const server = await serveAnswers(({ target }) => {
    const path = decodeURIComponent(target.split('?', 1)[0] ?? '').replace(/\/$/u, '/index.html');
    const file = `${root}${path}`;
    const page = pages[path];
    if (page === undefined && (path.includes('..') || !existsSync(file))) return { status: 404 };
    const type = TYPES[path.slice(path.lastIndexOf('.') + 1)] ?? 'application/octet-stream';
    return {
      headers: { 'content-type': type, ...(cors && { 'access-control-allow-origin': '*' }), ...headers },
      body: page ?? { file },
    };
  });
  cleanUps.push(server.close);
  return server.url;
}

/** @type {Map<string, Promise<string>>} */
const sites = new Map();

/**
 * The address of the built site: web/dist as `cargo xtask serve` serves it, or another copy that the environment names.
 * @param {{ isolated?: boolean }} [options]
 */
export function site({ isolated = true } = {}) {
  const name = isolated ? 'CLOZE_BASE_URL' : 'CLOZE_BASE_URL_NOT_ISOLATED';
  const given = process.env[name];
  if (given) return Promise.resolve(given.endsWith('/') ? given : `${given}/`);
  assert.ok(existsSync(`${DIST}/index.html`), `web/dist is not built: run \`cargo xtask build\`, or set ${name}`);
  let url = sites.get(name);
  if (!url) sites.set(name, (url = serving(DIST, { isolated })));
  return url;
}

/** How every browser of the tests is started. */
const LAUNCH = {
  executablePath: process.env.CHROME ?? '/usr/bin/chromium',
  args: [
    '--headless',
    '--no-sandbox',
    '--disable-gpu',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
    // Whatever tries to leave this machine fails, and is then seen in the console.
    '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1',
  ],
};

/** @type {Promise<Browser> | undefined} */
let browser;

export function launch() {
  browser ??= chromium.launch(LAUNCH).then((launched) => {
    cleanUps.push(() => launched.close());
    return launched;
  });
  return browser;
}

/** A browser with its own profile in a folder, which outlives it. @param {string} folder @param {string[]} [more] arguments */
export async function launchProfile(folder, more = []) {
  const args = [...LAUNCH.args, ...more];
  const context = await chromium.launchPersistentContext(folder, {
    ...LAUNCH,
    args,
    viewport: { width: 1280, height: 900 },
  });
  context.setDefaultTimeout(LONG);
  return context;
}

/**
 * @typedef {object} Watched
 * @property {Page} page
 * @property {string[]} troubles console errors and warnings, uncaught errors, refused content, requests to elsewhere
 * @property {() => Promise<void>} close closes the page and fails if there was trouble
 */

/**
 * A fresh browser profile with one page, watched for everything that must not happen.
 * @param {string} url
 * @param {import('playwright-core').BrowserContextOptions & {
 *   before?: (page: Page) => Promise<unknown>,
 *   expected?: RegExp,
 * }} [options] `expected`: console lines that belong to the test (a forced failure)
 * @returns {Promise<Watched>}
 */
export async function open(url, { before, expected, ...options } = {}) {
  // Most tests are of the page alone; those of the service worker say so.
  const context = await (
    await launch()
  ).newContext({ viewport: { width: 1280, height: 900 }, serviceWorkers: 'block', ...options });
  context.setDefaultTimeout(LONG);
  const page = await context.newPage();
  /** @type {string[]} */
  const troubles = [];
  const trouble = (/** @type {string} */ line) => {
    if (!expected?.test(line) && !line.includes('Service Worker registration blocked by Playwright'))
      troubles.push(line);
  };
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning')
      trouble(`console ${message.type()}: ${message.text()} (${message.location().url})`);
  });
  page.on('pageerror', (error) => trouble(`uncaught: ${error.stack ?? error}`));
  const origin = new URL(url).origin;
  context.on('request', (request) => {
    const at = request.url();
    if (!at.startsWith(`${origin}/`) && !at.startsWith('data:') && !at.startsWith('blob:'))
      trouble(`request to elsewhere: ${at}`);
  });
  await page.addInitScript(() => {
    addEventListener('securitypolicyviolation', (event) => {
      console.error(`refused by the policy: ${event.violatedDirective} ${event.blockedURI}`);
    });
  });
  await before?.(page);
  await page.goto(url);
  return {
    page,
    troubles,
    close: async () => {
      await context.close();
      assert.deepEqual(troubles, [], 'the page ran into trouble');
    },
  };
}

/**
 * Opens the site on one screen.
 * @param {string} fragment such as `task=fill-mask&text=…`
 * @param {NonNullable<Parameters<typeof open>[1]> & { isolated?: boolean, at?: string }} [options] `at`: where another copy of it is
 */
export async function openSite(fragment = '', { isolated = true, at, ...options } = {}) {
  const url = at ?? (await site({ isolated }));
  return open(fragment === '' ? url : `${url}#${fragment}`, options);
}

/** @param {Record<string, string | number | boolean | string[]>} fields */
export function fragment(fields) {
  const params = new URLSearchParams();
  for (const [key, value] of Object.entries(fields)) for (const one of [value].flat()) params.append(key, String(one));
  return params.toString();
}

// The controls, by the names that DESIGN.md promises. Only the shown tab's are in the accessibility tree.
/** @param {Page} page @param {string} name */
export const tab = (page, name) => page.getByRole('tab', { name, exact: true });
/** @param {Page} page @param {string} name */
export const box = (page, name) => page.getByRole('textbox', { name, exact: true });
/** @param {Page} page @param {string | RegExp} name */
export const button = (page, name) => page.getByRole('button', { name, exact: true });
/** @param {Page} page */
export const results = (page) => page.getByRole('region', { name: 'Results', exact: true });
/** @param {Page} page */
export const status = (page) => page.getByRole('status');
/** The worked examples of the shown tab. @param {Page} page */
export const examples = (page) => page.getByRole('group', { name: 'Examples' }).getByRole('button');
/** The heading that folds the shown tab's settings. @param {Page} page */
export const settings = (page) =>
  page
    .getByRole('tabpanel')
    .locator('summary')
    .filter({ hasText: /^\s*Settings/ });
/** @param {Page} page @param {string} task */
export const element = (page, task) => page.locator(`cloze-${task}`);

/**
 * Runs `act` and resolves with the detail of the element's next `cloze-result`; rejects with its `cloze-error`.
 * @param {Page} page
 * @param {string} task element name without `cloze-`
 * @param {() => Promise<unknown>} act
 * @returns {Promise<any>}
 */
export async function resultOf(page, task, act) {
  const key = `outcome${Math.random()}`;
  await element(page, task).evaluate((node, name) => {
    const store = /** @type {any} */ (window);
    store[name] = new Promise((resolve) => {
      node.addEventListener('cloze-result', (event) => resolve({ detail: /** @type {CustomEvent} */ (event).detail }), {
        once: true,
      });
      node.addEventListener(
        'cloze-error',
        (event) => {
          const { code, message } = /** @type {CustomEvent} */ (event).detail;
          resolve({ error: `${code}: ${message}` });
        },
        { once: true },
      );
    });
  }, key);
  await act();
  const outcome = await page.evaluate(
    (name) => /** @type {any} */ (window)[name].then((/** @type {any} */ it) => JSON.parse(JSON.stringify(it))),
    key,
  );
  if (outcome.error) throw new Error(outcome.error);
  return outcome.detail;
}

/** @param {Page} page @param {string} task @returns {Promise<any>} */
export const stateOf = (page, task) => element(page, task).evaluate((node) => /** @type {any} */ (node).state);

/**
 * Polls until `read` gives something truthy.
 * @template T
 * @param {string} what
 * @param {() => Promise<T>} read
 * @returns {Promise<NonNullable<T>>}
 */
export async function until(what, read, within = LONG) {
  const end = Date.now() + within;
  for (;;) {
    const value = await read();
    if (value) return /** @type {NonNullable<T>} */ (value);
    if (Date.now() > end) throw new Error(`waited in vain for: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/**
 * Watches the Generate screen from inside the page, frame by frame, from a click on Generate (`start`) or from now on, and
 * clicks Stop once `tokens` tokens of turn `turns` stand there. A fast machine may be at the end of a text before a test
 * could ask from outside. Returns the state before Stop, and each length of the text that was seen while it ran.
 *
 * @param {Page} page
 * @param {{ start?: boolean, tokens?: number, turns?: number }} settings
 * @returns {Promise<{ state: any, lengths: number[] }>}
 */
export const watch = (page, settings) =>
  element(page, 'generate').evaluate(
    async (node, { start = false, tokens = Infinity, turns = 0, within }) => {
      const screen = /** @type {any} */ (node);
      const root = screen.shadowRoot;
      const shown = () => [
        ...([...root.querySelectorAll('cloze-token-stream')].at(-1)?.shadowRoot.querySelectorAll('[data-index]') ?? []),
      ];
      const lengths = new Set();
      const end = Date.now() + within;
      let begun = false;
      if (start) root.querySelector('#run').click();
      while (Date.now() < end) {
        const stop = root.querySelector('#stop');
        const runs = !stop.classList.contains('away');
        begun ||= runs;
        if (begun && !runs) return { state: screen.state, lengths: [...lengths] };
        const here = shown();
        if (runs) lengths.add(here.map((token) => token.textContent).join('').length);
        if (runs && here.length >= tokens && root.querySelectorAll('.turn:not([hidden])').length >= turns) {
          const { state } = screen;
          stop.click();
          return { state, lengths: [...lengths] };
        }
        await new Promise(requestAnimationFrame);
      }
      throw new Error('waited in vain for a text to be written');
    },
    { ...settings, within: LONG },
  );

/** @type {Promise<string> | undefined} */
let axeSource;

/** No violation that axe-core knows of, in what is shown now. @param {Page} page @param {string} what */
export async function accessible(page, what) {
  axeSource ??= readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
  await page.evaluate(await axeSource);
  const violations = await page.evaluate(async () => {
    const found = await /** @type {any} */ (window).axe.run(document, { resultTypes: ['violations'] });
    return found.violations.map(
      (/** @type {any} */ it) =>
        `${it.id}: ${it.help}: ${it.nodes.map((/** @type {any} */ node) => `${node.target.flat().join(' ')} (${node.failureSummary})`).join(' | ')}`,
    );
  });
  assert.deepEqual(violations, [], `accessibility of ${what}`);
}
