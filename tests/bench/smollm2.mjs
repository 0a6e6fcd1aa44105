/**
 * `cargo xtask bench --smollm2`: SmolLM2-135M in 4 bits (its Q4_1 file) and 8 (made of that), greedily, beside wllama and Flare,
 * as JSON.
 *
 *     node tests/bench/smollm2.mjs [--quick] [--only SYSTEM,...] [--rounds N] [--out FILE]
 */
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, loadavg } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { serveFolder } from '../server/client.mjs';
import { attempt, tellFailures } from './attempts.mjs';
import { inFreshBrowser, rendererMemory } from './browser.mjs';
import { inEightBits } from './eight-bits.mjs';
import { installPackages } from './peers/prepare.mjs';
import { Results, table } from './results.mjs';

const PACKAGES = {
  '@wllama/wllama': '3.13.0',
  '@wllama/wllama-compat': '3.13.0',
  '@sauravpanda/flare': '0.2.21',
};
/** What `cargo xtask smollm2` fetches. */
const Q4 = 'SmolLM2-135M-Instruct.Q4_1.gguf';
const Q8 = 'SmolLM2-135M-Instruct.Q8_0.gguf';

const root = join(dirname(fileURLToPath(import.meta.url)), '../..');
const args = process.argv.slice(2);
const option = (/** @type {string} */ name) => (args.includes(name) ? args[args.indexOf(name) + 1] : undefined);
const quick = args.includes('--quick');
const rounds = Number(option('--rounds') ?? (quick ? 1 : 5));
const wanted = { tokens: quick ? 8 : 64, prompt: quick ? 64 : 512 };
const bench = join(root, 'target/bench/smollm2');
const profiles = join(bench, 'profiles');
const results = new Results();
/** @type {string | undefined} */
let browser;

mkdirSync(bench, { recursive: true });
installPackages(bench, PACKAGES);
// As published it is no JavaScript: an example in a comment has a comment in it, which ends both.
const flare = join(bench, 'node_modules/@sauravpanda/flare/pkg/flare_web');
writeFileSync(`${flare}.mended.js`, readFileSync(`${flare}.js`, 'utf8').replaceAll('/* done */', ''));
const q4 = join(root, 'target/smollm2', Q4);
if (!existsSync(q4)) throw new Error(`${q4} is missing: run \`cargo xtask smollm2\``);
if (!existsSync(join(bench, Q8))) inEightBits(q4, join(bench, Q8));

const cores = availableParallelism();
/** @param {'q4' | 'q8'} dtype */
const at = (dtype) =>
  dtype === 'q4' ? { folder: '/target/smollm2/', file: Q4 } : { folder: '/target/bench/smollm2/', file: Q8 };
const modules = '/target/bench/smollm2/node_modules/@wllama';
/** @type {Record<string, { kind: string, options: Record<string, unknown> }>} */
const systems = {};
for (const dtype of /** @type {const} */ (['q4', 'q8'])) {
  const { folder, file } = at(dtype);
  systems[`cloze-${dtype}`] = { kind: 'cloze', options: { gpt2: folder + file, dtype } };
  systems[`cloze-${dtype}-1t`] = { kind: 'cloze', options: { gpt2: folder + file, dtype, build: 'relaxed-simd' } };
  systems[`wllama-${dtype}`] = { kind: 'peers/wllama', options: { folder, file, modules, threads: cores } };
  systems[`wllama-${dtype}-1t`] = { kind: 'peers/wllama', options: { folder, file, modules, threads: 1 } };
  systems[`wllama-compat-${dtype}`] = {
    kind: 'peers/wllama',
    options: { folder, file, modules, threads: cores, compat: true },
  };
  systems[`flare-${dtype}`] = { kind: 'peers/flare', options: { folder, file } };
}
const only = option('--only')?.split(',');

/** @param {string} name */
async function measure(name) {
  const { kind, options } = systems[name] ?? {};
  const url = `${server.url}tests/bench/index.html?kind=${kind}`;
  const run = await inFreshBrowser(join(profiles, name), url, async (page) => {
    /** @param {string} call @param {unknown[]} params */
    const evaluate = (call, ...params) =>
      page.evaluate(([c, p]) => /** @type {any} */ (window).measure[c](...p), /** @type {const} */ ([call, params]));
    const load = await evaluate('load', options);
    const ready = rendererMemory('now');
    return { ...(await evaluate('gpt2', wanted)), load, ready };
  });
  browser = run.browser;
  console.error(`  ${run.runtime.build}, ${run.runtime.threads} threads, a prompt of ${run.prompt_tokens} tokens`);
  results.add('smollm2.decode_tok_s', name, run.decode_tok_s);
  results.add(`smollm2.prefill${wanted.prompt}_tok_s`, name, run.prefill_tok_s);
  results.add('smollm2.load_ms', name, run.load);
  results.add('smollm2.ready_memory_mib', name, run.ready);
}

rmSync(profiles, { recursive: true, force: true });
const server = await serveFolder(root);
const before = loadavg()[0];
try {
  for (let round = 1; round <= rounds; round++)
    for (const name of Object.keys(systems).filter((system) => only?.includes(system) ?? true))
      await attempt(`${name}, round ${round} of ${rounds}`, () => measure(name));
} finally {
  await server.close();
  rmSync(profiles, { recursive: true, force: true });
}
const machine = { cpu: cpus()[0]?.model, cores: cpus().length, load_before: before, browser, node: process.version };
const json = JSON.stringify({ machine, peers: PACKAGES, results: results.summaries() }, undefined, 2);
const out = option('--out');
if (out) writeFileSync(out, `${json}\n`);
console.error(table(results.summaries()));
if (!out) console.log(json);
tellFailures();
