/**
 * `cargo xtask bench`: speed and memory in headless Chromium, on random weights of GPT-2's and BERT-base's shapes, as JSON. `--quick`
 * does little of each, on the default models, to show that it works.
 *
 *     node tests/bench/bench.mjs [--quick] [--peers [--compat]] [--only SYSTEM,...] [--rounds N] [--out FILE]
 *
 * With `--peers` transformers.js and wllama run the same weights in the same rounds, after a check that they compute the same
 * model, and what the browser can do at most is measured too (`--only ceilings` for that alone). `--compat` adds wllama's build
 * for older browsers.
 */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, totalmem } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { serveFolder } from '../server/client.mjs';
import { attempt, failures, tellFailures } from './attempts.mjs';
import { besideBusyProcess, inFreshBrowser, rendererMemory } from './browser.mjs';
import { agreeing, verdict } from './peers/agreement.mjs';
import { PACKAGES, preparePeers } from './peers/prepare.mjs';
import { makeModels } from './random-models.mjs';
import { Results, table } from './results.mjs';
import { ourSystems, peerSystems, runtimeBytes } from './systems.mjs';

/** @typedef {import('./systems.mjs').System} System */

const root = join(dirname(fileURLToPath(import.meta.url)), '../..');
const bench = join(root, 'target/bench');
const profiles = join(bench, 'profiles');
const args = process.argv.slice(2);
const option = (/** @type {string} */ name) => (args.includes(name) ? args[args.indexOf(name) + 1] : undefined);
const quick = args.includes('--quick');
const peers = args.includes('--peers');
const repetitions = Number(option('--rounds') ?? (quick ? 1 : 5));
const gpt2 = { tokens: quick ? 8 : 64, prompt: quick ? 64 : 512 };
const bert = { lengths: quick ? [16] : [16, 128, 512] };
const results = new Results();
/** @type {string | undefined} */
let browser;

/**
 * Lets `work` call functions of page.js in a browser of its own.
 * @param {string} name @param {System} system
 * @param {(call: (name: string, ...params: unknown[]) => Promise<any>) => Promise<any>} work
 */
const inPage = (name, system, work) =>
  inFreshBrowser(join(profiles, name), `${server.url}tests/bench/index.html?kind=${system.kind}`, (page) =>
    work((call, ...params) =>
      page.evaluate(([c, p]) => /** @type {any} */ (window).measure[c](...p), /** @type {const} */ ([call, params])),
    ),
  );

/** One call in a browser of its own. @param {string} name @param {System} system @param {string} call @param {unknown[]} params */
const measured = (name, system, call, params) => inPage(name, system, (evaluate) => evaluate(call, ...params));

/** In f32 all must say what PyTorch says; the quantised ones are only told. @param {Record<string, System>} systems @param {import('./peers/prepare.mjs').Expected} expected */
async function checkAgreement(systems, expected) {
  const { prompt, ids } = expected.gpt2;
  for (const [name, system] of Object.entries(systems)) {
    if (name.endsWith('-1t') || name === 'cloze-simd128') continue;
    for (const [label, options] of Object.entries({ 'in f32': system.exact, 'as measured': system.options })) {
      if (!options || (label === 'as measured' && JSON.stringify(options) === JSON.stringify(system.exact))) continue;
      await attempt(`${name}, ${label}`, async () => {
        const count = agreeing(
          expected.gpt2,
          await measured(name, system, 'continuation', [options, prompt, ids.length]),
        );
        console.error(`  GPT-2's greedy continuation ${verdict(expected.gpt2, count)}`);
        const tie = (expected.gpt2.margins[count] ?? 0) < 0.005;
        if (label === 'in f32' && count < ids.length && !tie)
          failures.push(`${name}: another continuation than PyTorch's`);
      });
      if (!system.bert) continue;
      await attempt(`${name}, ${label}, BERT`, async () => {
        const token = await measured(name, system, 'mask', [options, expected.bert.text]);
        const same = token === expected.bert.token;
        console.error(`  the likeliest word for the mask ${same ? 'agrees with' : 'differs from'} PyTorch's`);
        if (label === 'in f32' && !same) failures.push(`${name}: another word for the mask than PyTorch's`);
      });
    }
  }
}

/** @param {string} name @param {System} system */
async function measure(name, system) {
  const { options } = system;
  await attempt(`${name}: GPT-2`, async () => {
    const run = await inPage(name, system, async (call) => {
      const load = await call('load', options);
      const ready = rendererMemory('now');
      const speeds = await call('gpt2', gpt2);
      return {
        ...speeds,
        load,
        ready,
        peak: rendererMemory('peak'),
        busy: await besideBusyProcess(() => call('decode', gpt2.tokens)),
      };
    });
    browser = run.browser;
    console.error(`  ${run.runtime.build}, ${run.runtime.threads} threads, a prompt of ${run.prompt_tokens} tokens`);
    results.add('gpt2.decode_tok_s', name, run.decode_tok_s);
    results.add(`gpt2.prefill${gpt2.prompt}_tok_s`, name, run.prefill_tok_s);
    results.add('gpt2.first_token_ms', name, run.first_token_ms);
    results.add('gpt2.load_ms', name, run.load);
    results.add('gpt2.decode_busy_tok_s', name, run.busy);
    results.add('gpt2.ready_memory_mib', name, run.ready);
    results.add('gpt2.peak_memory_mib', name, run.peak);
  });
  // The profile now has in its caches what the system keeps there.
  await attempt(`${name}: load`, async () =>
    results.add('load.warm_ms', name, await measured(name, system, 'warmLoad', [options])),
  );
  if (system.floats) {
    const peak = (/** @type {(name: string, ...params: unknown[]) => Promise<any>} */ call) =>
      call('load', system.floats).then(() => rendererMemory('peak'));
    await attempt(`${name}: load of f32`, async () =>
      results.add('load.f32_peak_memory_mib', name, await inPage(`${name}-f32`, system, peak)),
    );
  }
  if (!system.bert) return;
  await attempt(`${name}: BERT`, async () => {
    for (const [metric, value] of Object.entries(await measured(name, system, 'bert', [options, bert])))
      results.add(`bert.${metric}_ms`, name, value);
  });
}

/** What a page takes that has loaded no model. */
async function emptyPage() {
  const system = systems['cloze'];
  if (system)
    results.add('memory.empty_page_mib', 'cloze', await inPage('empty', system, async () => rendererMemory('now')));
}

async function ceilings() {
  // binaryen is loaded only where it is used: that takes a second.
  const { measureCeilings } = await import('./peers/ceilings.mjs');
  const threads = [...new Set([1, availableParallelism()])];
  const found = await inFreshBrowser(
    join(profiles, 'ceilings'),
    `${server.url}tests/bench/peers/ceilings.html`,
    (page) => measureCeilings(page, threads, repetitions),
  );
  for (const { threads: count, read_gb_s, i8_gmac_s, f32_gflop_s } of found) {
    results.add('ceiling.read_gb_s', `${count}t`, ...read_gb_s);
    results.add('ceiling.i8_gmac_s', `${count}t`, ...i8_gmac_s);
    results.add('ceiling.f32_gflop_s', `${count}t`, ...f32_gflop_s);
  }
}

function report() {
  const machine = {
    cpu: cpus()[0]?.model,
    cores: cpus().length,
    memory_gib: Math.round(totalmem() / 2 ** 30),
    browser,
    node: process.version,
    ...(peers && { peers: PACKAGES }),
  };
  const json = JSON.stringify({ machine, results: results.summaries() }, undefined, 2);
  const out = option('--out');
  if (out) writeFileSync(out, `${json}\n`);
  return json;
}

// The short version is there to show that all of this works: the default models are enough for it.
if (!quick) await makeModels(root, bench);
const expected = peers ? preparePeers(root, bench) : undefined;
const only = option('--only')?.split(',');
/** What is asked for, or what is worth its time. @param {string} name */
const chosen = (name) =>
  only?.includes(name) ??
  !((peers && name === 'cloze-simd128') || (name.includes('-compat-') && !args.includes('--compat')));
const systems = Object.fromEntries(
  Object.entries({
    ...ourSystems(peers ? 'quantized' : quick ? 'default' : 'random'),
    ...(peers ? peerSystems(availableParallelism()) : {}),
  }).filter(([name]) => chosen(name)),
);
const unknown = only?.filter((name) => !systems[name] && !(peers && name === 'ceilings'));
if (unknown?.length)
  throw new Error(`no such system: ${unknown.join(', ')}${peers ? '' : ' (the peers need --peers)'}`);
rmSync(profiles, { recursive: true, force: true });
mkdirSync(profiles, { recursive: true });
const server = await serveFolder(root);
try {
  if (expected) await checkAgreement(systems, expected);
  if (peers && (!only || only.includes('ceilings'))) await attempt('Ceilings', ceilings);
  for (const [name, system] of Object.entries(systems)) {
    const { kind, runtime, lean, bert: runsBert } = system;
    await attempt(`${name}: runtime`, async () => {
      results.add('bytes.runtime_gz', name, runtimeBytes(root, kind, runtime));
      if (runsBert) results.add('bytes.fill_mask_runtime_gz', name, runtimeBytes(root, kind, lean ?? runtime));
    });
  }
  await attempt('An empty page', emptyPage);
  for (let round = 1; round <= repetitions; round++) {
    for (const [name, system] of Object.entries(systems)) {
      await attempt(`Round ${round} of ${repetitions}`, () => measure(name, system));
    }
    report();
  }
} finally {
  await server.close();
  rmSync(profiles, { recursive: true, force: true });
}

const json = report();
console.error(table(results.summaries()));
if (!option('--out')) console.log(json);
tellFailures();
