/** Where the wasm of each training build lies. The paths are literal, so that bundlers find the files. */
import { absolute } from '../border/addresses.js';
import { ClozeError } from '../border/errors.js';
import type { BuildName } from '../border/types.js';
import { workerErrors } from '../words/page/index.js';

/**
 * The whole addresses, by build.
 *
 * @throws ClozeError `not_found` where this module has an address that nothing lies beside (`blob:`, `data:`)
 */
export function trainingWasm(): Record<BuildName, string> {
  try {
    return {
      simd128: absolute(new URL('./wasm-train/simd128/cloze_bg.wasm', import.meta.url)),
      'relaxed-simd': absolute(new URL('./wasm-train/relaxed-simd/cloze_bg.wasm', import.meta.url)),
      'relaxed-simd-threads': absolute(new URL('./wasm-train/relaxed-simd-threads/cloze_bg.wasm', import.meta.url)),
    };
  } catch (cause) {
    throw new ClozeError('not_found', workerErrors.noFiles, {}, { cause });
  }
}
