/**
 * `cargo xtask bench --training`: how fast models learn in headless Chromium, beside jax-js and nanogpt (tfjs), as JSON. `--quick` does
 * little of it and without the others, to show that it works.
 *
 *     node tests/bench/training.mjs [--quick] [--only SYSTEM,...] [--models gpt,bert,elmo] [--rounds N] [--out FILE]
 *
 * All learn the same model from the same batches with AdamW; before they are timed, their losses are compared after some steps.
 */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, loadavg, totalmem } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { serveFolder } from '../server/client.mjs';
import { attempt, failures, tellFailures } from './attempts.mjs';
import { inFreshBrowser, rendererMemory } from './browser.mjs';
import { installPackages } from './peers/prepare.mjs';
import { Results, table } from './results.mjs';
import { brief, LARGE, MODELS, ourSystems, PACKAGES, peerSystems } from './training/systems.mjs';

/** @typedef {import('./training/systems.mjs').System} System */
/** @typedef {import('./training/systems.mjs').Model} Model */
/** @typedef {(name: string, ...params: unknown[]) => Promise<any>} Call a function of the page */

const root = join(dirname(fileURLToPath(import.meta.url)), '../..');
const bench = join(root, 'target/bench');
const profiles = join(bench, `training-profiles-${process.pid}`);
const args = process.argv.slice(2);
const option = (/** @type {string} */ name) => (args.includes(name) ? args[args.indexOf(name) + 1] : undefined);
const quick = args.includes('--quick');
const repetitions = Number(option('--rounds') ?? (quick ? 1 : 7));
const TEXT = 'oz';
const wanted = option('--models')?.split(',') ?? Object.keys(MODELS);
const models = Object.values(MODELS).filter(({ architecture }) => wanted.includes(architecture));
/** By how much losses after the same batches may differ: first weights are drawn by each for itself. */
const SIMILAR = 0.1;
const results = new Results();
/** @type {number[]} */
const loads = [];
/** @type {string | undefined} */
let browser;

/**
 * Lets `work` call functions of page.js in a browser of its own.
 * @template T @param {System} system @param {(call: Call) => Promise<T>} work
 */
function inPage(system, work) {
  // What was kept of runs before would grow.
  rmSync(profiles, { recursive: true, force: true });
  mkdirSync(profiles, { recursive: true });
  return inFreshBrowser(profiles, `${server.url}tests/bench/training/index.html?kind=${system.kind}`, (page) =>
    work((call, ...params) =>
      page.evaluate(([c, p]) => /** @type {any} */ (window).measure[c](...p), /** @type {const} */ ([call, params])),
    ),
  );
}

/** Batches of each model: what ours is given in its first steps. @type {Map<Model, unknown[]>} */
const batches = new Map();

/** @param {Model} model @param {System} system */
const jobOf = (model, { kind, options = {}, muon = false }) =>
  kind === 'cloze' ? { model, options, muon, text: TEXT } : { model, batches: batches.get(model) };

/** @param {Record<string, System>} systems */
async function makeBatches(systems) {
  if (Object.values(systems).every(({ kind }) => kind === 'cloze')) return;
  const ours = ourSystems()['cloze'];
  if (!ours) return;
  for (const model of models) batches.set(model, await inPage(ours, (call) => call('batches', jobOf(model, ours), 40)));
}

/** Loss after each step by ours, for the same number of steps. @param {Record<string, System>} systems */
async function checkLosses(systems) {
  /** @type {Map<Model, number[]>} */
  const expected = new Map();
  for (const [name, system] of Object.entries(systems)) {
    for (const model of models) {
      const steps = system.checked[model.architecture];
      if (steps === undefined) continue;
      await attempt(`${name}: losses of ${model.architecture}`, async () => {
        const { opened, losses } = await inPage(system, async (call) => ({
          opened: await call('open', jobOf(model, system)),
          losses: /** @type {number[]} */ (await call('losses', steps - 1)),
        }));
        const last = losses.at(-1) ?? Number.NaN;
        const { build, threads } = opened.runtime;
        console.error(`  ${opened.parameters} weights, ${build}, ${threads} thread(s)`);
        console.error(`  ${opened.first_loss.toFixed(3)}, after ${steps} steps ${last.toFixed(3)}`);
        if (!(last < opened.first_loss)) failures.push(`${name}: the loss of ${model.architecture} does not fall`);
        if (!expected.has(model)) expected.set(model, losses);
        const ours = expected.get(model)?.at(losses.length - 1) ?? Number.NaN;
        if (!system.muon && Math.abs(last / ours - 1) > SIMILAR)
          failures.push(`${name}: ${last} instead of ${ours} after ${steps} steps of ${model.architecture}`);
      });
    }
  }
}

/** @param {string} name @param {System} system @param {Model} model */
async function measure(name, system, model) {
  const { architecture } = model;
  const run = await inPage(system, async (call) => ({
    opened: await call('open', jobOf(model, system)),
    ...(await call('speed', system.speed)),
  }));
  browser = run.opened.browser;
  results.add(`train.${architecture}_tok_s`, name, run.tok_s);
  results.add(`train.${architecture}_step_ms`, name, run.step_ms);
  const flops = work.get(model);
  if (flops !== undefined) results.add(`train.${architecture}_gflop_s`, name, flops / run.step_ms / 1e6);
  if (system.kind === 'cloze') results.add(`train.${architecture}_first_step_ms`, name, run.opened.first_step_ms);
}

/** What a step of each model multiplies and adds. @type {Map<Model, number>} */
const work = new Map();

async function countWork() {
  const ours = ourSystems()['cloze'];
  if (!ours) return;
  for (const model of models) {
    const cost = await inPage(ours, (call) => call('cost', jobOf(model, ours)));
    work.set(model, cost.flops_per_step);
  }
}

/** Of 4 million weights, accompanied as in the playground: losses of held-out text, samples, saved every five seconds. */
async function memory() {
  const system = ourSystems()['cloze'];
  if (!system) return;
  const job = { ...jobOf(LARGE, { ...system, muon: true }), plan: { evaluate_every: 10, sample_every: 10 } };
  const peak = await inPage(system, async (call) => {
    results.add('memory.empty_page_mib', 'cloze', rendererMemory('now'));
    const { parameters } = await call('open', job);
    console.error(`  ${parameters} weights`);
    await call('speed', { warm: 0, steps: quick ? 1 : 40, seconds: quick ? 0 : 15 });
    return rendererMemory('peak');
  });
  results.add('train.peak_memory_mib', 'cloze', peak);
}

async function ceilings() {
  const { measureCeilings } = await import('./peers/ceilings.mjs');
  const threads = [...new Set([1, availableParallelism()])];
  const found = await inFreshBrowser(profiles, `${server.url}tests/bench/peers/ceilings.html`, (page) =>
    measureCeilings(page, threads, 1),
  );
  for (const { threads: count, f32_gflop_s } of found) results.add('ceiling.f32_gflop_s', `${count}t`, ...f32_gflop_s);
}

function report() {
  const machine = {
    cpu: cpus()[0]?.model,
    cores: cpus().length,
    memory_gib: Math.round(totalmem() / 2 ** 30),
    // What else ran: of two cores, 2 is what a system takes by itself.
    load: { least: Math.min(...loads), most: Math.max(...loads) },
    browser,
    node: process.version,
    ...(!quick && { peers: PACKAGES }),
  };
  const json = JSON.stringify({ machine, results: results.summaries() }, undefined, 2);
  const out = option('--out');
  if (out) writeFileSync(out, `${json}\n`);
  return json;
}

const only = option('--only')?.split(',');
const every = quick
  ? { cloze: ourSystems()['cloze'], 'cloze-simd128': ourSystems()['cloze-simd128'] }
  : { ...ourSystems(), ...peerSystems() };
const chosen = Object.entries(every).filter(([name]) =>
  only ? only.includes(name) : quick || name !== 'cloze-simd128',
);
const systems = /** @type {Record<string, System>} */ (
  Object.fromEntries(chosen.map(([name, system]) => [name, quick && system ? brief(system) : system]))
);
const unknown = only?.filter((name) => !systems[name] && !['ceilings', 'memory'].includes(name));
if (unknown?.length) throw new Error(`no such system: ${unknown.join(', ')}`);
const asked = (/** @type {string} */ name) => only?.includes(name) ?? true;

if (Object.values(systems).some(({ kind }) => kind !== 'cloze'))
  installPackages(join(bench, 'training-peers'), PACKAGES);
const server = await serveFolder(root);
try {
  if (Object.keys(systems).length > 0) {
    await countWork();
    await makeBatches(systems);
    await checkLosses(systems);
  }
  for (let round = 1; round <= repetitions; round++) {
    loads.push(loadavg()[0] ?? Number.NaN);
    if (asked('ceilings')) await attempt('Ceilings', ceilings);
    for (const model of models) {
      for (const [name, system] of Object.entries(systems)) {
        if (system.checked[model.architecture] === undefined) continue;
        await attempt(`Round ${round} of ${repetitions}: ${name}, ${model.architecture}`, () =>
          measure(name, system, model),
        );
      }
    }
    report();
  }
  if (asked('memory')) await attempt('Memory', memory);
} finally {
  await server.close();
  rmSync(profiles, { recursive: true, force: true });
}

const json = report();
console.error(table(results.summaries()));
if (!option('--out')) console.log(json);
tellFailures();
