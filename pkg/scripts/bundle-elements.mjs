// dist/elements.js works in a plain page: lit is bundled in, the API stays a module beside it, so that
// elements and scripts of one page share models.
import { build } from 'esbuild';

const api = {
  name: 'api',
  setup: ({ onResolve }) => {
    onResolve({ filter: /^\.\.?\/index\.js$/ }, () => ({ path: './index.js', external: true }));
  },
};

await build({
  entryPoints: ['src/elements.ts'],
  outfile: 'dist/elements.js',
  bundle: true,
  format: 'esm',
  target: 'es2022',
  minify: true,
  plugins: [api],
  logLevel: 'warning',
});
