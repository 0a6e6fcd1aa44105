// What of dist/ has dependencies is bundled with them, so that dist/ works in a plain page.
import { build } from 'esbuild';

const options = { bundle: true, format: 'esm', target: 'es2022', minify: true, logLevel: 'warning' };

// lit goes into dist/elements.js; the API stays a module beside it, so that elements and scripts of one page share models.
const api = {
  name: 'api',
  setup: ({ onResolve }) => {
    onResolve({ filter: /^\.\.?\/index\.js$/ }, () => ({ path: './index.js', external: true }));
    // It reads the `env` that scripts set.
    onResolve({ filter: /^\.\.\/sources\/resolve\.js$/ }, () => ({ path: './sources/resolve.js', external: true }));
  },
};
await build({ ...options, entryPoints: ['src/elements.ts'], outfile: 'dist/elements.js', plugins: [api] });

// The API in one file: a page without a bundler would wait for thirty modules, one after the other. What only a check of
// kept files needs is fetched when it is; what bundlers are to find in here stays as it is written.
const later = {
  name: 'later',
  setup: ({ onResolve }) => {
    onResolve({ filter: /\/download\/digest\.js$/ }, () => ({ path: './download/digest.js', external: true }));
  },
};
await build({ ...options, minify: false, entryPoints: ['src/index.ts'], outfile: 'dist/index.js', plugins: [later] });

const banner = { js: '/*! SHA from hash-wasm, (c) 2020 Dani Biro, MIT licence: https://github.com/Daninet/hash-wasm */' };
await build({ ...options, entryPoints: ['src/download/digest.ts'], outfile: 'dist/download/digest.js', banner });

// The worker in one file: pages without a bundler wait for each module of it before a model loads. The glue of the wasm
// builds stays beside its wasm, and what bundlers are to find in here stays as it is written.
const glue = {
  name: 'glue',
  setup: ({ onResolve }) => {
    onResolve({ filter: /^\.\/wasm\/.*\.js$/ }, ({ path }) => ({ path, external: true }));
  },
};
await build({ ...options, minify: false, entryPoints: ['src/worker.ts'], outfile: 'dist/worker.js', plugins: [glue], banner });
