/** What is measured, and how its page sets it up. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';

/**
 * @typedef {object} System
 * @property {string} kind which adapter the page loads: `./KIND.js`
 * @property {Record<string, unknown>} options what the adapter's functions get
 * @property {boolean} [bert] whether it runs BERT
 * @property {Record<string, unknown>} [exact] options that run the weights in f32, for the check against PyTorch
 * @property {Record<string, unknown>} [floats] options that load an f32 file, to see what memory that takes
 * @property {string[]} runtime files a page must fetch before the weights, from the repository's root
 * @property {string[]} [lean] the same for BERT, where that is less
 */

const modules = 'target/bench/peers/node_modules';

/** @param {'simd128' | 'relaxed-simd' | 'relaxed-simd-threads'} build */
const ours = (build) => {
  const of = (/** @type {string} */ set) =>
    ['index.js', 'worker.js', 'thread.js', `${set}/${build}/cloze_bg.wasm`, `wasm/${build}/cloze.js`].map(
      (file) => `pkg/dist/${file}`,
    );
  return { runtime: of('wasm'), lean: of('wasm-lean') };
};

/**
 * @param {'quantized' | 'random' | 'default'} weights random ones quantised beforehand, as the peers' are (peer_models.py has run),
 *   or while they load; or the default models
 * @returns {Record<string, System>}
 */
export function ourSystems(weights) {
  const random = { gpt2: '/target/bench/gpt2/', bert: '/target/bench/bert-base/' };
  const models = weights === 'default' ? { gpt2: '/models/gpt/', bert: '/models/bert/' } : random;
  const of = (/** @type {string} */ type) =>
    weights === 'quantized' ? { ...models, gpt2: `/target/bench/peers/models/gpt2/model-${type}.gguf` } : models;
  const q8 = of('q8_0');
  const q4 = of('q4_0');
  const cloze = { kind: 'cloze', bert: true };
  const threads = ours('relaxed-simd-threads');
  return {
    cloze: {
      ...cloze,
      options: q8,
      exact: { ...random, dtype: 'fp32' },
      ...(weights !== 'default' && { floats: random }),
      ...threads,
    },
    'cloze-1t': { ...cloze, options: { build: 'relaxed-simd', ...q8 }, ...ours('relaxed-simd') },
    'cloze-simd128': { ...cloze, options: { build: 'simd128', ...q8 }, ...ours('simd128') },
    'cloze-q4': { ...cloze, options: { dtype: 'q4', ...q4 }, ...threads },
    'cloze-q4-1t': { ...cloze, options: { dtype: 'q4', build: 'relaxed-simd', ...q4 }, ...ours('relaxed-simd') },
  };
}

/** @param {number} cores @returns {Record<string, System>} */
export function peerSystems(cores) {
  const ort = `${modules}/onnxruntime-web/dist/ort-wasm-simd-threaded`;
  const transformers = {
    kind: 'peers/transformers',
    bert: true,
    runtime: [`${modules}/@huggingface/transformers/dist/transformers.min.js`, `${ort}.mjs`, `${ort}.wasm`],
  };
  const wllama = {
    kind: 'peers/wllama',
    runtime: [`${modules}/@wllama/wllama/esm/index.min.js`, `${modules}/@wllama/wllama/esm/wasm/wllama.wasm`],
  };
  // Its build with 32-bit memory, which costs no checks of addresses.
  const compatible = {
    kind: 'peers/wllama',
    runtime: [
      `${modules}/@wllama/wllama/esm/index.min.js`,
      ...['js', 'wasm'].map((type) => `${modules}/@wllama/wllama-compat/wasm/wllama.${type}`),
    ],
  };
  /** @type {Record<string, System>} */
  const systems = {};
  // Left to itself wllama takes half of the cores; all of them is its best here.
  for (const [suffix, threads] of /** @type {const} */ ([
    ['', cores],
    ['-1t', 1],
  ])) {
    const files = /** @type {const} */ (['q8_0', 'q4_0']);
    for (const dtype of /** @type {const} */ (['fp32', 'q8']))
      systems[`transformers.js-${dtype}${suffix}`] = { ...transformers, options: { dtype, threads } };
    for (const type of files)
      systems[`wllama-${type}${suffix}`] = { ...wllama, options: { file: `model-${type}.gguf`, threads } };
    for (const type of files)
      systems[`wllama-compat-${type}${suffix}`] = {
        ...compatible,
        options: { file: `model-${type}.gguf`, threads, compat: true },
      };
  }
  // One of each build stands for all: they differ in their weights only.
  const exact = { file: 'model-f32.gguf', threads: cores };
  for (const [name, options] of Object.entries({
    'transformers.js-fp32': { dtype: 'fp32', threads: cores },
    'wllama-q8_0': exact,
    'wllama-compat-q8_0': { ...exact, compat: true },
  })) {
    const system = systems[name];
    if (system) system.exact = options;
  }
  return systems;
}

/** A module and all that it imports, and those import. @param {string} root @param {string} file @param {Set<string>} seen */
function withImports(root, file, seen = new Set()) {
  if (seen.has(file)) return seen;
  seen.add(file);
  const imports = file.endsWith('.js')
    ? readFileSync(join(root, file), 'utf8').matchAll(/\b(?:from|import)\s*["'](\.{1,2}\/[^"']+)["']/gu)
    : [];
  for (const [, path = ''] of imports) withImports(root, join(dirname(file), path), seen);
  return seen;
}

/** Bytes of `gzip -9`. Node's own zlib, a fork made for speed, makes 2 % more. @param {Buffer} bytes */
function gzipped(bytes) {
  const { status, stdout } = spawnSync('gzip', ['-9', '-c'], { input: bytes, maxBuffer: 2 ** 26 });
  return (status === 0 ? stdout : gzipSync(bytes, { level: 9 })).length;
}

/** What must be fetched to run it, gzipped. @param {string} root @param {string} kind @param {string[]} runtime */
export function runtimeBytes(root, kind, runtime) {
  // The peers' files are bundles.
  const files =
    kind === 'cloze' ? runtime.reduce((seen, file) => withImports(root, file, seen), new Set()) : new Set(runtime);
  return [...files].reduce((sum, file) => sum + gzipped(readFileSync(join(root, file))), 0);
}
