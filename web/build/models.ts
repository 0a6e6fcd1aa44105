/**
 * Writes `models.json`: which models lie beside the site, so that the page need not ask for what is not there. The file
 * itself is put there by `cargo xtask build`, which names it in the environment.
 */
import { statSync } from 'node:fs';
import { basename } from 'node:path';
import type { Plugin } from 'vite';

/** A file of weights on this machine that will lie in the site's folder `smollm2`. */
const GGUF = 'CLOZE_SMOLLM2';

export function models(): Plugin {
  return {
    name: 'cloze-models',
    apply: 'build',
    generateBundle() {
      const file = process.env[GGUF];
      const smollm2 = file ? { path: `smollm2/${basename(file)}`, bytes: statSync(file).size } : null;
      this.emitFile({ type: 'asset', fileName: 'models.json', source: JSON.stringify({ smollm2 }) });
    },
  };
}
