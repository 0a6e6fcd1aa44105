/**
 * `cargo xtask bench`: speed and memory in headless Chromium, on random weights of GPT-2's and BERT-base's shapes, as JSON.
 *
 *     node tests/bench/bench.mjs [--quick] [--only SYSTEM] [--out FILE]
 */
import { execFileSync } from 'node:child_process';
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { chromium } from 'playwright-core';
import { serve } from '../e2e/server.mjs';
import { makeModels } from './random-models.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '../..');
const args = process.argv.slice(2);
const option = (/** @type {string} */ name) => (args.includes(name) ? args[args.indexOf(name) + 1] : undefined);
const quick = args.includes('--quick');
const repetitions = quick ? 1 : 5;

/** @type {Record<string, object>} */
const SYSTEMS = {
  cloze: {},
  'cloze-1t': { build: 'relaxed-simd' },
  'cloze-simd128': { build: 'simd128' },
  'cloze-q4': { dtype: 'q4' },
};

/** @type {Record<string, Record<string, { median: number, min: number, max: number, n: number }>>} */
const results = {};

/** @param {string} metric @param {string} system @param {number[]} values */
function record(metric, system, values) {
  const sorted = values.toSorted ? values.toSorted((a, b) => a - b) : [...values].sort((a, b) => a - b);
  const round = (/** @type {number | undefined} */ x) => Number((x ?? Number.NaN).toPrecision(4));
  const median = sorted[Math.floor(sorted.length / 2)];
  (results[metric] ??= {})[system] = { median: round(median), min: round(sorted[0]), max: round(sorted.at(-1)), n: sorted.length };
  console.error(`${metric.padEnd(26)} ${system.padEnd(14)} ${round(median)}`);
}

/** Highest resident size of the largest Chromium renderer on this machine, MiB (Linux only). */
function rendererPeak() {
  const peaks = readdirSync('/proc')
    .filter((pid) => /^\d+$/.test(pid))
    .map((pid) => {
      try {
        const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8');
        if (!command.includes('--type=renderer')) return 0;
        return Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024;
      } catch {
        return 0; // ended meanwhile
      }
    });
  return Math.max(0, ...peaks);
}

/** Runs `work` in a page of a browser of its own. @template T @param {(page: import('playwright-core').Page) => Promise<T>} work */
async function inFreshBrowser(work) {
  const browser = await chromium.launch({
    executablePath: process.env['CHROME'] ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
  });
  try {
    const page = await browser.newPage();
    page.on('pageerror', (error) => console.error(error));
    await page.goto(`${server.url}tests/bench/index.html`);
    await page.waitForFunction('window.ready');
    return await work(page);
  } finally {
    await browser.close();
  }
}

await makeModels(root, join(root, 'target/bench'));
const server = await serve(root);
try {
  for (const [system, options] of Object.entries(SYSTEMS)) {
    if (option('--only') && option('--only') !== system) continue;
    const gpt2 = { repetitions, tokens: quick ? 8 : 64, prompt: quick ? 64 : 512 };
    await inFreshBrowser(async (page) => {
      const { runs, load, runtime } = await page.evaluate(([o, g]) => /** @type {any} */ (window).measure.gpt2(o, g), /** @type {const} */ ([options, gpt2]));
      console.error(`${system}: ${runtime.build}, ${runtime.threads} threads`);
      record('gpt2.decode_tok_s', system, runs.decode);
      record(`gpt2.prefill${gpt2.prompt}_tok_s`, system, runs.prefill);
      record('gpt2.first_token_ms', system, runs.first);
      record('gpt2.load_ms', system, [load]);
      record('gpt2.peak_memory_mib', system, [rendererPeak()]);
    });
    const bert = { repetitions, lengths: quick ? [16] : [16, 128, 512] };
    await inFreshBrowser(async (page) => {
      const { runs } = await page.evaluate(([o, b]) => /** @type {any} */ (window).measure.bert(o, b), /** @type {const} */ ([options, bert]));
      for (const [name, values] of Object.entries(runs)) record(`bert.${name}_ms`, system, /** @type {number[]} */ (values));
    });
  }
} finally {
  await server.close();
}

const dist = join(root, 'pkg/dist');
const script = execFileSync('cat', ['index.js', 'worker.js', 'thread.js'].map((name) => join(dist, name)));
for (const build of ['simd128', 'relaxed-simd', 'relaxed-simd-threads']) {
  const bytes = ['cloze_bg.wasm', 'cloze.js'].map((name) => gzipSync(readFileSync(join(dist, 'wasm', build, name)), { level: 9 }).length);
  record('bytes.runtime_gz', `cloze-${build}`, [bytes.reduce((a, b) => a + b, gzipSync(script).length)]);
}
const machine = { cpu: cpus()[0]?.model, cores: cpus().length, memory_gib: Math.round(totalmem() / 2 ** 30), node: process.version };
const json = JSON.stringify({ machine, results }, undefined, 2);
const out = option('--out');
if (out) writeFileSync(out, `${json}\n`);
else console.log(json);
