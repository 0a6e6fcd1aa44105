/** Which build of the core this browser can run, and with how many threads. */
import { ClozeError, invalidOption } from '../border/errors.js';
import { buildErrors, optionErrors } from '../words/page/index.js';
import type { BuildChoice } from '../border/load-request.js';
import type { BuildName } from '../border/types.js';

/** `auto` or one build. */
export type BuildOption = 'auto' | BuildName;

/** What the browser offers. */
export interface Abilities {
  /** Fixed-width SIMD. */
  simd: boolean;
  /** Relaxed SIMD. */
  relaxed_simd: boolean;
  /** Whether the page is cross-origin isolated, so that memory can be shared. */
  isolated: boolean;
  /** Logical cores. */
  cores: number;
}

const off = buildErrors.threadsOff;

const BUILDS: readonly BuildOption[] = ['auto', 'simd128', 'relaxed-simd', 'relaxed-simd-threads'];

/** More threads than this cost more in waiting than they bring. */
const MAX_THREADS = 8;

/**
 * A module with one function `() -> v128` of the given body, for `WebAssembly.validate`: type section, function
 * section, code section.
 */
function probe(body: readonly number[]): Uint8Array<ArrayBuffer> {
  const code = [0x00, ...body, 0x0b]; // no locals, body, end
  return new Uint8Array([
    0x00,
    0x61,
    0x73,
    0x6d,
    0x01,
    0x00,
    0x00,
    0x00, // "\0asm", version 1
    0x01,
    0x05,
    0x01,
    0x60,
    0x00,
    0x01,
    0x7b, // type 0: () -> v128
    0x03,
    0x02,
    0x01,
    0x00, // function 0 has type 0
    0x0a,
    code.length + 2,
    0x01,
    code.length,
    ...code,
  ]);
}

const SPLAT_ZERO = [0x41, 0x00, 0xfd, 0x11]; // i32.const 0; i32x4.splat
/** Fixed-width SIMD. */
export const SIMD_PROBE = probe(SPLAT_ZERO);
/** `i8x16.relaxed_swizzle`, of the relaxed SIMD proposal. */
export const RELAXED_SIMD_PROBE = probe([...SPLAT_ZERO, ...SPLAT_ZERO, 0xfd, 0x80, 0x02]);

/** Asks the browser. */
export function abilities(): Abilities {
  const wasm = typeof WebAssembly === 'object';
  return {
    simd: wasm && WebAssembly.validate(SIMD_PROBE),
    relaxed_simd: wasm && WebAssembly.validate(RELAXED_SIMD_PROBE),
    isolated: globalThis.crossOriginIsolated === true && typeof SharedArrayBuffer === 'function',
    cores: globalThis.navigator?.hardwareConcurrency ?? 1,
  };
}

/**
 * The fastest build that runs here, or the one asked for.
 *
 * @throws ClozeError `unsupported_browser` where it cannot run, `invalid_option` for a wrong `build` or `threads`.
 */
export function chooseBuild(build: BuildOption = 'auto', threads?: number, here: Abilities = abilities()): BuildChoice {
  if (!BUILDS.includes(build)) {
    throw invalidOption('build', optionErrors.noneOf(build, BUILDS));
  }
  if (threads !== undefined && !(Number.isInteger(threads) && threads >= 1)) {
    throw invalidOption('threads', optionErrors.threads);
  }
  if (!here.simd) {
    throw new ClozeError('unsupported_browser', buildErrors.noSimd);
  }
  if (build === 'simd128') return { build, threads: 1, threads_off_reason: off.buildWithout };
  if (!here.relaxed_simd) {
    if (build !== 'auto') {
      throw new ClozeError('unsupported_browser', buildErrors.noRelaxedSimdFor(build));
    }
    return {
      build: 'simd128',
      threads: 1,
      threads_off_reason: off.noRelaxedSimd,
    };
  }
  const reason = whyNoThreads(build, threads, here);
  if (reason === null) {
    const fallback: BuildChoice = {
      build: 'relaxed-simd',
      threads: 1,
      threads_off_reason: off.notStarted,
    };
    return {
      build: 'relaxed-simd-threads',
      threads: Math.min(threads ?? here.cores, MAX_THREADS),
      threads_off_reason: null,
      ...(build === 'auto' && { fallback }),
    };
  }
  if (build === 'relaxed-simd-threads') {
    if (!here.isolated) throw new ClozeError('unsupported_browser', buildErrors.cannotRun(build, reason));
    return { build, threads: 1, threads_off_reason: reason };
  }
  return { build: 'relaxed-simd', threads: 1, threads_off_reason: reason };
}

function whyNoThreads(build: BuildOption, threads: number | undefined, here: Abilities): string | null {
  if (build === 'relaxed-simd') return off.buildWithout;
  if (threads === 1) return off.oneThread;
  if (!here.isolated) {
    return off.notIsolated;
  }
  if (threads === undefined && here.cores < 2) return off.oneCore;
  return null;
}
