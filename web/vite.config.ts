import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { docs } from './build/docs/index.ts';
import { models } from './build/models.ts';
import { screens } from './build/screens.ts';
import { serviceWorker } from './build/service-worker.ts';
import { teachers } from './build/teachers.ts';

const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
  // Relative addresses: the built site works from any sub-path of any host.
  base: './',
  plugins: [screens(), models(), teachers(), docs(), serviceWorker()],
  build: {
    target: 'es2022',
    // The Content-Security-Policy allows no data: scripts, workers or wasm.
    assetsInlineLimit: 0,
    // The hash is a folder, so that the page can say "model.gguf" when it fetches it.
    rolldownOptions: {
      input: { index: at('./index.html'), docs: at('./src/docs/docs.ts') },
      output: { assetFileNames: 'assets/[hash]/[name][extname]' },
    },
  },
  worker: { format: 'es' },
  test: {
    // Unit tests need no built package.
    alias: { 'cloze/screens': fileURLToPath(new URL('../pkg/src/screens.ts', import.meta.url)) },
  },
});
