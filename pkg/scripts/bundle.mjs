// What of dist/ has dependencies is bundled with them, so that dist/ works in a plain page.
import { build } from 'esbuild';

const options = { bundle: true, format: 'esm', target: 'es2022', minify: true, logLevel: 'warning' };

// lit goes into dist/elements.js; the API stays a module beside it, so that elements and scripts of one page share models.
const api = {
  name: 'api',
  setup: ({ onResolve }) => {
    onResolve({ filter: /^\.\.?\/index\.js$/ }, () => ({ path: './index.js', external: true }));
  },
};
await build({ ...options, entryPoints: ['src/elements.ts'], outfile: 'dist/elements.js', plugins: [api] });

await build({
  ...options,
  entryPoints: ['src/download/digest.ts'],
  outfile: 'dist/download/digest.js',
  banner: { js: '/*! SHA from hash-wasm, (c) 2020 Dani Biro, MIT licence: https://github.com/Daninet/hash-wasm */' },
});
