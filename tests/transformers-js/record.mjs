/**
 * Runs the rows' scripts with transformers.js and writes down what comes (recorded.json), and docs/transformers-js.md:
 *
 *     node tests/transformers-js/record.mjs
 *
 * transformers.js and onnx-proto come from npm into target/transformers-js; ONNX Runtime runs in Node.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { filesOf, MODELS } from './models.mjs';
import { onnxOf } from './onnx.mjs';
import { opener, runAll } from './rows.mjs';
import { page } from './table.mjs';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const FOLDER = join(ROOT, 'target/transformers-js');
const VERSION = '4.3.2';

/** @param {string} path below node_modules */
const imported = (path) => import(pathToFileURL(join(FOLDER, 'node_modules', path)).href);

function install() {
  const wanted = { '@huggingface/transformers': VERSION, 'onnx-proto': '8.0.1' };
  const isThere = Object.entries(wanted).every(([name, version]) => {
    const file = join(FOLDER, 'node_modules', name, 'package.json');
    return existsSync(file) && JSON.parse(readFileSync(file, 'utf8')).version === version;
  });
  if (isThere) return;
  mkdirSync(FOLDER, { recursive: true });
  const names = Object.entries(wanted).map(([name, version]) => `${name}@${version}`);
  // Without scripts: they fetch libraries for graphics cards.
  const flags = ['--no-audit', '--no-fund', '--ignore-scripts', '--save-exact'];
  execFileSync('npm', ['install', '--prefix', FOLDER, ...flags, ...names], { stdio: ['ignore', 2, 2] });
}

/** Writes the models' folders. */
async function makeModels() {
  const proto = await imported('onnx-proto/dist/onnx.js');
  for (const name of Object.keys(MODELS)) {
    const folder = join(FOLDER, 'models', name);
    mkdirSync(join(folder, 'onnx'), { recursive: true });
    for (const [file, bytes] of Object.entries(filesOf(name))) writeFileSync(join(folder, file), bytes);
    writeFileSync(join(folder, 'onnx/model.onnx'), onnxOf(proto.default ?? proto, name));
  }
}

/** Six digits are enough to compare by. @param {unknown} _ @param {unknown} value */
const rounded = (_, value) =>
  typeof value === 'number' && !Number.isInteger(value) ? Number(value.toPrecision(6)) : value;

install();
await makeModels();
const { pipeline, AutoTokenizer, TextStreamer, env } = await imported(
  '@huggingface/transformers/dist/transformers.node.mjs',
);
Object.assign(env, { allowRemoteModels: false, allowLocalModels: true, localModelPath: join(FOLDER, 'models/') });
const at = (/** @type {string} */ model) => model;
const outcomes = await runAll({ pipeline, AutoTokenizer, TextStreamer, at, open: opener(pipeline, at) });
const recorded = { version: VERSION, outcomes };
writeFileSync(
  new URL('recorded.json', import.meta.url),
  `${JSON.stringify(recorded, rounded, 1).replaceAll(FOLDER, 'target/transformers-js')}\n`,
);
writeFileSync(join(ROOT, 'docs/transformers-js.md'), page(VERSION));
