/**
 * The glue of every build; the page says where its wasm lies. Used by the worker only.
 *
 * Static imports: bundlers whose default worker format is a classic script (Vite) cannot split a worker. `src/wasm` has the
 * declarations alone; `cargo xtask build` makes the files in `dist/wasm`, beside which the bundled worker lies.
 */
import type { BuildName } from '../border/types.js';
import * as relaxedSimdThreads from '../wasm/relaxed-simd-threads/cloze.js';
import * as relaxedSimd from '../wasm/relaxed-simd/cloze.js';
import * as simd128 from '../wasm/simd128/cloze.js';
import type { Core } from './core.js';

/** Every build, by name. */
export const BUILDS: Record<BuildName, Core> = {
  simd128,
  'relaxed-simd': relaxedSimd,
  'relaxed-simd-threads': relaxedSimdThreads,
};
