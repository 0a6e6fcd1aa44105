/**
 * The glue of every build and where its wasm lies. Used by the worker only.
 *
 * Static imports: bundlers whose default worker format is a classic script (Vite) cannot split a worker. The paths are
 * literal, so that bundlers find the files. `src/wasm` has the declarations alone; `cargo xtask build` makes the files in
 * `dist/wasm`, beside which the bundled worker lies.
 */
import type { BuildName } from '../border/types.js';
import * as relaxedSimdThreads from '../wasm/relaxed-simd-threads/cloze.js';
import * as relaxedSimd from '../wasm/relaxed-simd/cloze.js';
import * as simd128 from '../wasm/simd128/cloze.js';
import type { Core } from './core.js';

/** A build of the core. */
export interface Build {
  core: Core;
  wasm: () => URL;
}

/** Every build, by name. */
export const BUILDS: Record<BuildName, Build> = {
  simd128: {
    core: simd128,
    wasm: () => new URL('./wasm/simd128/cloze_bg.wasm', import.meta.url),
  },
  'relaxed-simd': {
    core: relaxedSimd,
    wasm: () => new URL('./wasm/relaxed-simd/cloze_bg.wasm', import.meta.url),
  },
  'relaxed-simd-threads': {
    core: relaxedSimdThreads,
    wasm: () => new URL('./wasm/relaxed-simd-threads/cloze_bg.wasm', import.meta.url),
  },
};
