// Makes dist/*.d.ts: what the entries declare and no more, so that nobody needs the libraries that the package is made with.
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { rollup } from 'rollup';
import { dts } from 'rollup-plugin-dts';
import { ENTRIES } from './entries.mjs';

const dist = new URL('../dist/', import.meta.url);
const before = existsSync(dist) ? readdirSync(dist) : [];
// Those of frameworks are made of these and of the modules, by manifest.mjs.
for (const name of before) if (/(?<!^react|^vue|^svelte)\.d\.ts$/u.test(name)) rmSync(new URL(name, dist));

const bundle = await rollup({
  input: ENTRIES,
  plugins: [dts({ tsconfig: 'tsconfig.build.json' })],
  external: ['lit'],
  onwarn: (warning) => {
    throw new Error(warning.message);
  },
});
const { output } = await bundle.write({ dir: 'dist', chunkFileNames: 'types-[hash].d.ts' });
for (const { fileName, imports } of output)
  if (imports.some((name) => !name.endsWith('.d.ts'))) throw new Error(`${fileName} needs ${imports.join(', ')}`);
