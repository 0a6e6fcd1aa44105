/** Where the wasm of each build lies, and of each lean one. The paths are literal, so that bundlers find the files. */
import { absolute } from '../border/addresses.js';
import { ClozeError } from '../border/errors.js';
import type { LoadRequest } from '../border/load-request.js';
import { workerErrors } from '../words/page/index.js';

/**
 * The whole addresses, by build.
 *
 * @throws ClozeError `not_found` where this module has an address that nothing lies beside (`blob:`, `data:`)
 */
export function wasmAddresses(): Pick<Required<LoadRequest>, 'wasm' | 'lean_wasm'> {
  try {
    return {
      wasm: {
        simd128: absolute(new URL('./wasm/simd128/cloze_bg.wasm', import.meta.url)),
        'relaxed-simd': absolute(new URL('./wasm/relaxed-simd/cloze_bg.wasm', import.meta.url)),
        'relaxed-simd-threads': absolute(new URL('./wasm/relaxed-simd-threads/cloze_bg.wasm', import.meta.url)),
      },
      lean_wasm: {
        simd128: absolute(new URL('./wasm-lean/simd128/cloze_bg.wasm', import.meta.url)),
        'relaxed-simd': absolute(new URL('./wasm-lean/relaxed-simd/cloze_bg.wasm', import.meta.url)),
        'relaxed-simd-threads': absolute(new URL('./wasm-lean/relaxed-simd-threads/cloze_bg.wasm', import.meta.url)),
      },
    };
  } catch (cause) {
    throw new ClozeError('not_found', workerErrors.noFiles, {}, { cause });
  }
}
