/**
 * `cargo xtask bench --scaling`: time and memory by length of the text, number of candidates, threads and size of the model, as JSON
 * and as the figure that docs/performance.md shows.
 *
 *     node tests/bench/scaling.mjs [--out FILE] [--figure FILE]
 */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { serveFolder } from '../server/client.mjs';
import { inFreshBrowser, rendererMemory } from './browser.mjs';
import { figure } from './figure.mjs';
import { makeModels } from './random-models.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '../..');
const bench = join(root, 'target/bench');
const profile = join(bench, 'scaling-profile');
const args = process.argv.slice(2);
const option = (/** @type {string} */ name) => (args.includes(name) ? args[args.indexOf(name) + 1] : undefined);

const LENGTHS = [16, 32, 64, 128, 256, 512];
const CANDIDATES = [1, 2, 4, 8, 16, 32];
/** The greatest context, one token left to write. */
const WHOLE = 1023;
const MODELS = {
  'our GPT': { task: 'gpt2', folder: '/models/gpt/', lengths: [16, 128] },
  'GPT-2 small': { task: 'gpt2', folder: '/target/bench/gpt2/', lengths: [...LENGTHS, WHOLE] },
  'GPT-2 medium': { task: 'gpt2', folder: '/target/bench/gpt2-medium/', lengths: [16, 128] },
  'our BERT': { task: 'bert', folder: '/models/bert/', lengths: [16, 128] },
  'BERT-base': { task: 'bert', folder: '/target/bench/bert-base/', lengths: LENGTHS, candidates: CANDIDATES },
};
/** Builds by the threads that they run on. */
const BUILDS = new Map(
  availableParallelism() > 1
    ? [
        [1, 'relaxed-simd'],
        [availableParallelism(), 'relaxed-simd-threads'],
      ]
    : [[1, 'relaxed-simd']],
);

/** @typedef {import('./figure.mjs').Measured} Measured */

await makeModels(root, bench, ['gpt2', 'gpt2-medium', 'bert-base']);
const server = await serveFolder(root);
/** @type {Record<string, Record<number, Measured>>} model, threads */
const models = {};
/** @type {Record<number, number>} tokens of a prompt: MiB */
const memory = {};
let browser = '';

/**
 * One of the page's functions in a browser of its own, with what it took of memory at the most.
 * @param {string} task @param {unknown[]} params @returns {Promise<Measured>}
 */
async function measure(task, params) {
  rmSync(profile, { recursive: true, force: true });
  mkdirSync(profile, { recursive: true });
  return inFreshBrowser(profile, `${server.url}tests/bench/scaling.html`, async (page) => {
    browser ||= await page.evaluate(() => /\w*Chrome\/[\d.]+/.exec(navigator.userAgent)?.[0] ?? '');
    const result = await page.evaluate(
      ([t, p]) => /** @type {any} */ (window).scaling[t](...p),
      /** @type {const} */ ([task, params]),
    );
    return { ...result, peak_memory_mib: rendererMemory('peak') };
  });
}

try {
  for (const [name, { task, folder, lengths, ...rest }] of Object.entries(MODELS)) {
    models[name] = {};
    for (const [threads, build] of BUILDS) {
      console.error(`${name}, ${threads} thread(s)`);
      const params = [
        folder,
        { build },
        lengths,
        ...(task === 'bert' ? ['candidates' in rest ? rest.candidates : []] : []),
      ];
      const measured = await measure(task, params);
      console.error(`  ${JSON.stringify(measured)}`);
      models[name][threads] = measured;
    }
  }
  // A renderer gives nothing back while it lives, so each length has one of its own.
  for (const length of [16, 128, 512, WHOLE]) {
    const { peak_memory_mib } = await measure('gpt2', ['/target/bench/gpt2/', {}, [length]]);
    memory[length] = peak_memory_mib;
    console.error(`GPT-2 small, a prompt of ${length}: ${Math.round(peak_memory_mib)} MiB`);
  }
} finally {
  await server.close();
  rmSync(profile, { recursive: true, force: true });
}

const machine = { cpu: cpus()[0]?.model, cores: cpus().length, browser };
const json = JSON.stringify({ machine, models, memory_by_prompt_mib: memory }, undefined, 2);
const [out, svg] = [option('--out'), option('--figure')];
if (out) writeFileSync(out, `${json}\n`);
else console.log(json);
if (svg) writeFileSync(svg, figure(models, memory));
