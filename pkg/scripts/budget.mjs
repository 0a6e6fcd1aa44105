// Bytes of the package, beside what budget.json allows: printed by the build; with `--check` it is an error to have more.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { ELEMENTS } from './entries.mjs';

const here = fileURLToPath(new URL('../', import.meta.url));
const { most } = JSON.parse(readFileSync(join(here, 'budget.json'), 'utf8'));
const packed = (/** @type {string} */ file) => gzipSync(readFileSync(file), { level: 9 }).length;

/** The files that an entry waits for: itself and what it imports at once. @param {string} file */
function closure(file, found = new Set()) {
  if (found.has(file)) return found;
  found.add(file);
  const source = readFileSync(file, 'utf8');
  // The glue of the builds is fetched with its wasm and counted there.
  for (const [, name = ''] of source.matchAll(/(?:from|import)"(\.{1,2}\/[^"]+\.js)"/gu))
    if (!name.includes('/wasm')) closure(join(dirname(file), name), found);
  return found;
}

/** @param {string[]} entries in dist/ */
const scripts = (...entries) => {
  const files = new Set(entries.flatMap((entry) => [...closure(join(here, 'dist', `${entry}.js`))]));
  return [...files].reduce((sum, file) => sum + packed(file), 0);
};

/** @type {Record<string, number>} */
const bytes = { api: scripts('index'), 'all elements': scripts('elements', 'index'), worker: scripts('worker') };
for (const name of ELEMENTS) bytes[`element ${name} with api`] = scripts(`elements/${name}`, 'index');

const build = join(here, 'dist/wasm/relaxed-simd');
const lean = join(here, 'dist/wasm-lean/relaxed-simd');
if (existsSync(build) && existsSync(lean)) {
  const glue = packed(join(build, 'cloze.js'));
  bytes['one build of the core'] = packed(join(build, 'cloze_bg.wasm')) + glue;
  bytes['one lean build of the core'] = packed(join(lean, 'cloze_bg.wasm')) + glue;
  const bert = join(here, '../models/bert');
  const weights = readFileSync(join(bert, 'model.gguf')).length + packed(join(bert, 'tokenizer.json'));
  bytes['page to a first filled mask'] =
    bytes['element fill-mask with api'] + bytes.worker + bytes['one lean build of the core'] + weights;
  const pack = ['pack', '--json', '--dry-run', '--ignore-scripts'];
  bytes.tarball = JSON.parse(execFileSync('npm', pack, { cwd: here, encoding: 'utf8' }))[0].size;
}

const over = Object.entries(bytes).filter(([name, size]) => size > (most[name] ?? 0));
for (const [name, size] of Object.entries(bytes))
  console.log(`${String(size).padStart(9)} of ${String(most[name]).padStart(9)} bytes: ${name}`);
if (process.argv.includes('--check') && over.length > 0) {
  console.error(`More than budget.json allows: ${over.map(([name]) => name).join(', ')}`);
  process.exitCode = 1;
}
