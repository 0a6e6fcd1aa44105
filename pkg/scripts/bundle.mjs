// Makes dist/*.js: modules that work in a plain page as they are, few enough for it not to wait for them one by one.
import { build } from 'esbuild';
import { cpSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { ELEMENTS, ENTRIES } from './entries.mjs';

const NOTICE = '/*! SHA from hash-wasm, (c) 2020 Dani Biro, MIT licence: https://github.com/Daninet/hash-wasm */';
const options = {
  bundle: true,
  format: 'esm',
  target: 'es2022',
  outdir: 'dist',
  minify: true,
  logLevel: 'warning',
  metafile: true,
};

/** Bundles; templates lose their indentation, and what holds others' code says whose it is. */
async function bundle(settings) {
  const { metafile } = await build(settings);
  for (const [file, { inputs }] of Object.entries(metafile.outputs)) {
    const text = readFileSync(file, 'utf8').replaceAll(/\n +/gu, '\n');
    const others = Object.keys(inputs).some((input) => input.includes('/hash-wasm/'));
    writeFileSync(file, others ? `${NOTICE}\n${text}` : text);
  }
}

// What Lit needs while it is imported: in Node and other servers there is no DOM, and nobody makes an element.
const WITHOUT_DOM =
  'const HTMLElement = globalThis.HTMLElement ?? class {}, document = globalThis.document ?? { createTreeWalker: () => undefined };';
const noDom = {
  name: 'no-dom',
  setup: ({ onLoad }) => {
    onLoad({ filter: /[\\/](reactive-element|lit-html)\.js$/ }, ({ path }) => ({
      contents: WITHOUT_DOM + readFileSync(path, 'utf8'),
    }));
  },
};

// An element by itself is told to import all that lies outside of the elements' own folders, else esbuild cuts this into some
// thirty pieces by which elements use what.
const SINGLE = new Set(ELEMENTS.map((name) => resolve(`src/entries/${name}.ts`)));
// Not what only some elements use, nor the list of all screens, which has every element's settings.
const OF_SOME =
  /^(language|legible|token-bytes|token-faces|screens|rows|capabilities|examples|controllers[\\/](writing|saved-run|recorded|told)|download|styles[\\/](quoted|writing)|widgets[\\/](token-stream|written|alternatives|number-setting|seed-setting|reset|offer|invitation|passage))\.ts$/u;
// What runs a model on a text typed: two elements have none of it.
const FRAMELESS = new Set(['models', 'train'].map((name) => resolve(`src/entries/${name}.ts`)));
const OF_FRAME =
  /^(screen-element|told-examples|clipboard|papers|controllers[\\/](screen|screen-parts|beginning|run|recording)|widgets[\\/](frame|answer|roving))\.ts$/u;
const FILES = readdirSync('src/elements', { recursive: true, encoding: 'utf8' }).filter(
  (file) => /(?<!\.test)\.ts$/u.test(file) && !ELEMENTS.includes(file.split(/[\\/]/u)[0]) && !OF_SOME.test(file),
);
const imports = (files) => files.map((file) => `import './elements/${file.replaceAll('\\', '/')}';`).join('\n');
const COMMON = {
  'common:all': imports(FILES),
  'common:frameless': imports(FILES.filter((file) => !OF_FRAME.test(file))),
};

// What is fetched later is told to import all of the entry that it belongs to, which is there by then: else esbuild cuts that entry
// into a dozen pieces by who else uses what, and a page waits for them. Nothing comes of the import itself, as nothing is used of it.
const OF_ELEMENTS = /[\\/]src[\\/](elements|words[\\/](index|inside|train|screens[\\/][\w-]+)\.ts$)/;
const OF_TASKS = /[\\/]src[\\/]page[\\/](pipeline|stored-models)\.ts$/;
const later = {
  name: 'later',
  setup: ({ onLoad, onResolve }) => {
    const entry = (name) => resolve(`src/${name}.ts`);
    const whole = new Map([[entry('training/index'), entry('index')]]);
    onResolve({ filter: /^\.{1,2}\// }, ({ kind, path, importer }) => {
      if (kind !== 'dynamic-import' || !(OF_ELEMENTS.test(importer) || OF_TASKS.test(importer))) return undefined;
      const file = resolve(dirname(importer), path.replace(/\.js$/, '.ts'));
      if (!whole.has(file)) whole.set(file, entry(OF_TASKS.test(importer) ? 'index' : 'elements'));
      return undefined;
    });
    onResolve({ filter: /^later:/ }, ({ path }) => ({ path: path.slice('later:'.length) }));
    onResolve({ filter: /^common:/ }, ({ path }) => ({ path, namespace: 'common' }));
    onLoad({ filter: /./, namespace: 'common' }, ({ path }) => ({
      contents: COMMON[path],
      resolveDir: resolve('src'),
    }));
    onLoad({ filter: /[\\/]src[\\/].*\.ts$/ }, ({ path }) => {
      if (SINGLE.has(path)) {
        const common = FRAMELESS.has(path) ? 'common:frameless' : 'common:all';
        return { contents: `${readFileSync(path, 'utf8')}\nimport '${common}';`, loader: 'ts' };
      }
      const of = whole.get(path);
      return of && { contents: `${readFileSync(path, 'utf8')}\nimport 'later:${of}';`, loader: 'ts' };
    });
  },
};

// API, elements and screens share what they need, so that elements and scripts of one page share models and settings. What only a
// check of kept files needs is fetched when it is. All of it lies at the top of dist/, which addresses in it begin from.
await bundle({
  ...options,
  splitting: true,
  chunkNames: 'shared-[hash]',
  entryPoints: ENTRIES,
  plugins: [noDom, later],
  logOverride: { 'ignored-bare-import': 'silent' },
});

// esbuild drops the comments by which bundlers leave such an import to the browser: webpack would warn of each.
const COMPUTED = /(?<=\bawait )import\((\w+)\)/gu;
const LEFT_ALONE = 'import(/* @vite-ignore */ /* webpackIgnore: true */ /* turbopackIgnore: true */ $1)';
for (const file of readdirSync('dist').filter((name) => name.endsWith('.js'))) {
  const text = readFileSync(`dist/${file}`, 'utf8');
  const changed = text.replaceAll(COMPUTED, LEFT_ALONE);
  if (changed !== text) writeFileSync(`dist/${file}`, changed);
}

// For pages without module scripts of other origins: a classic script that fetches the elements, or says why it cannot.
await bundle({ ...options, format: 'iife', entryPoints: { loader: 'src/loader.ts' } });

// The glue of the wasm builds stays beside its wasm; in src are only its declarations. A training worker is the same code with
// the glue of the builds that train, which have the same names in dist/wasm-train.
const glue = (folder) => ({
  name: 'glue',
  setup: ({ onResolve }) => {
    const filter = /^\.\.\/wasm\/.*\.js$/;
    onResolve({ filter }, ({ path }) => ({ path: path.replace('../wasm', folder), external: true }));
  },
});
// The words of another language are fetched by those who speak it. Nothing else of a worker is in pieces.
const worker = { ...options, splitting: true, chunkNames: 'words-[hash]' };
await bundle({ ...worker, entryPoints: ['src/worker/worker.ts'], plugins: [glue('./wasm')] });
await bundle({ ...options, entryPoints: ['src/worker/thread.ts'], plugins: [glue('./wasm')] });
const training = { outdir: 'dist/training', plugins: [glue('../wasm-train')] };
await bundle({ ...worker, ...training, entryPoints: { worker: 'src/training/worker/worker.ts' } });
await bundle({ ...options, ...training, entryPoints: { thread: 'src/worker/thread.ts' } });

// Texts to train on and tables to fine-tune from: fetched when they are asked for.
cpSync('texts', 'dist/texts', { recursive: true });
