/**
 * `cargo xtask bench --kernels`: the core's matrix products alone, in the browser, on one thread: GMAC/s of each kernel and shape.
 *
 *     node tests/bench/kernels.mjs FOLDER [--out FILE]
 *
 * FOLDER, in the repository, holds the package in ./kernels as built by xtask, a folder for each build of the core.
 */
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { serveFolder } from '../server/client.mjs';
import { inFreshBrowser } from './browser.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '../..');
const [given = '', ...args] = process.argv.slice(2);
const folder = relative(root, given);
const out = args.includes('--out') ? args[args.indexOf('--out') + 1] : undefined;

/** @typedef {{ kernel: string, dtype: string, shape: [m: number, n: number, k: number], gmac_s: number, gb_s: number }} Row */

const server = await serveFolder(root);
const profile = mkdtempSync(join(tmpdir(), 'cloze-kernels-'));
/** @type {Record<string, Row[]>} */
const results = {};
try {
  for (const build of readdirSync(join(root, folder)).sort()) {
    console.error(`\n${build}\n${'kernel'.padEnd(10)} dtype ${'m × n × k'.padEnd(20)} GMAC/s   GB/s`);
    results[build] = await inFreshBrowser(profile, `${server.url}tests/bench/kernels.html`, async (page) => {
      await page.exposeFunction('tell', (/** @type {Row} */ { kernel, dtype, shape, gmac_s, gb_s }) =>
        console.error(
          `${kernel.padEnd(10)} ${dtype.padEnd(5)} ${shape.join(' × ').padEnd(20)} ${gmac_s.toFixed(2).padStart(6)} ${gb_s.toFixed(2).padStart(6)}`,
        ),
      );
      return page.evaluate((module) => /** @type {any} */ (window).measure(module), `/${folder}/${build}/kernels.js`);
    });
  }
} finally {
  await server.close();
  rmSync(profile, { recursive: true, force: true });
}
const json = JSON.stringify(results, undefined, 2);
if (out) writeFileSync(out, `${json}\n`);
else console.log(json);
