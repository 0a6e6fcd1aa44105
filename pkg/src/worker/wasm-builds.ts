/**
 * The glue of every build and where its wasm lies. Used by the worker only.
 *
 * Static imports: bundlers whose default worker format is a classic script (Vite) cannot split a worker. The paths are
 * literal, so that bundlers find the files, which `cargo xtask build` makes after this compiles: hence the ts-ignores.
 */
import type { BuildName } from '../border/types.js';
import type { WasmModule } from '../border/wasm-module.js';
// @ts-ignore: built later
import * as simd128 from './wasm/simd128/cloze.js';
// @ts-ignore: built later
import * as relaxedSimd from './wasm/relaxed-simd/cloze.js';
// @ts-ignore: built later
import * as relaxedSimdThreads from './wasm/relaxed-simd-threads/cloze.js';

/** A build of the core. */
export interface Build {
  module: WasmModule;
  wasm: () => URL;
}

/** Every build, by name. */
export const BUILDS: Record<BuildName, Build> = {
  simd128: {
    module: simd128 as unknown as WasmModule,
    wasm: () => new URL('./wasm/simd128/cloze_bg.wasm', import.meta.url),
  },
  'relaxed-simd': {
    module: relaxedSimd as unknown as WasmModule,
    wasm: () => new URL('./wasm/relaxed-simd/cloze_bg.wasm', import.meta.url),
  },
  'relaxed-simd-threads': {
    module: relaxedSimdThreads as unknown as WasmModule,
    wasm: () => new URL('./wasm/relaxed-simd-threads/cloze_bg.wasm', import.meta.url),
  },
};
