/** A helper worker of the build with threads: one thread of the pool, on the memory of the model's worker. */
import type { WasmModule } from './wasm-module.js';
// @ts-ignore: made by `cargo xtask build`, after this compiles
import * as threads from './wasm/relaxed-simd-threads/cloze.js';

/** What the model's worker sends. */
export interface ThreadStart {
  module: WebAssembly.Module;
  memory: WebAssembly.Memory;
  receiver: number;
}

const wasm = threads as unknown as WasmModule;

addEventListener(
  'message',
  async (event: MessageEvent<ThreadStart>) => {
    const { module, memory, receiver } = event.data;
    await wasm.default({ module_or_path: module, memory });
    postMessage('ready');
    // Blocks this worker for good: it now runs what rayon gives it, and sleeps while there is nothing.
    wasm.startThread?.(receiver);
  },
  { once: true },
);
