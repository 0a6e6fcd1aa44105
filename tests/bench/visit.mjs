/**
 * `cargo xtask bench --visit`: a first visit to the built site over a slow link, as JSON: when its text box takes what is typed, and
 * when the first mask is filled, from the navigation on, with what was fetched until then.
 *
 *     node tests/bench/visit.mjs [--quick] [--mbit N] [--slowdown N] [--rounds N] [--out FILE]
 *
 * The link is 20 Mbit/s with 40 ms there and back; scripts of the page run four times slower (DevTools' CPU throttling, which
 * workers do not feel).
 */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import { serveFolder } from '../server/client.mjs';
import { attempt, tellFailures } from './attempts.mjs';
import { BROWSER } from './browser.mjs';
import { slowLink } from './link.mjs';
import { Results, table } from './results.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '../..');
const args = process.argv.slice(2);
const option = (/** @type {string} */ name) => (args.includes(name) ? args[args.indexOf(name) + 1] : undefined);
const quick = args.includes('--quick');
const mbit = Number(option('--mbit') ?? (quick ? 400 : 20));
const slowdown = Number(option('--slowdown') ?? (quick ? 1 : 4));
const rounds = Number(option('--rounds') ?? (quick ? 1 : 5));
const results = new Results();
const profiles = join(root, 'target/bench', `visits-${process.pid}`);
/** @type {string | undefined} */
let version;

/** One visit with nothing kept from before. @param {string} site */
async function visit(site) {
  const link = await slowLink(site, { bytes_s: (mbit * 1e6) / 8, delay_ms: 20 });
  rmSync(profiles, { recursive: true, force: true });
  mkdirSync(profiles, { recursive: true });
  const browser = await chromium.launchPersistentContext(profiles, BROWSER);
  try {
    version = browser.browser()?.version() ?? version;
    const page = browser.pages()[0] ?? (await browser.newPage());
    const tools = await browser.newCDPSession(page);
    await tools.send('Emulation.setCPUThrottlingRate', { rate: slowdown });
    const start = performance.now();
    const since = () => performance.now() - start;
    const text = page.getByRole('textbox', { name: 'Text', exact: true });
    await page.goto(`${link.url}?lang=en#task=fill-mask`, { waitUntil: 'commit' });
    await text.waitFor();
    await text.fill('The cat sat on the [MASK].');
    results.add('visit.usable_ms', 'cloze', since());
    results.add('visit.usable_mb', 'cloze', link.bytes() / 1e6);
    const filled = page.getByRole('region', { name: 'Results' }).getByText(/\d\s%/u).first();
    await page.getByRole('button', { name: 'Predict', exact: true }).click();
    await filled.waitFor({ timeout: 120_000 });
    results.add('visit.first_mask_ms', 'cloze', since());
    results.add('visit.first_mask_mb', 'cloze', link.bytes() / 1e6);
    // The second has nothing to fetch: what it takes is the model's share.
    const again = performance.now();
    await text.fill('The king had a [MASK] on his head.');
    await page.getByRole('button', { name: 'Predict', exact: true }).click();
    await page.getByRole('region', { name: 'Results' }).getByText('on his head').first().waitFor();
    results.add('visit.second_mask_ms', 'cloze', performance.now() - again);
  } finally {
    await browser.close();
    await link.close();
  }
}

const server = await serveFolder(join(root, 'web/dist'));
try {
  for (let round = 1; round <= rounds; round++)
    await attempt(`Visit ${round} of ${rounds}: ${mbit} Mbit/s, scripts ${slowdown} times slower`, () =>
      visit(server.url),
    );
} finally {
  await server.close();
  rmSync(profiles, { recursive: true, force: true });
}
const machine = { cpu: cpus()[0]?.model, cores: cpus().length, browser: version, node: process.version };
const json = JSON.stringify({ machine, link: { mbit, slowdown }, results: results.summaries() }, undefined, 2);
const out = option('--out');
if (out) writeFileSync(out, `${json}\n`);
console.error(table(results.summaries()));
if (!out) console.log(json);
tellFailures();
