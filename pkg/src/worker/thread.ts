/** A helper worker of the build with threads, on the memory of the model's worker. */
import { crashed, isTrap, toData, trapped } from '../border/errors.js';
import * as core from '../wasm/relaxed-simd-threads/cloze.js';

/** What the model's worker sends. */
export interface ThreadStart {
  module: WebAssembly.Module;
  memory: WebAssembly.Memory;
  /** Where to say that this thread crashed. */
  alarm: string | undefined;
}

/** What it answers, once. */
export type ThreadAnswer = { ready: true } | { ready: false; message: string };

const answer = (message: ThreadAnswer): void => postMessage(message);

addEventListener(
  'message',
  async (event: MessageEvent<ThreadStart>) => {
    const { module, memory, alarm } = event.data;
    try {
      await core.default({ module_or_path: module, memory });
    } catch (error) {
      return answer({ ready: false, message: String(error) });
    }
    answer({ ready: true });
    try {
      // Blocks this worker for good: it now takes parts of loops, and sleeps while there are none.
      core.startThread();
    } catch (error) {
      // The model's worker now waits for a result that never comes, so the page must be told directly.
      if (alarm !== undefined)
        new BroadcastChannel(alarm).postMessage(
          toData(isTrap(error) ? trapped(error, core.refused_bytes()) : crashed(String(error))),
        );
      throw error;
    }
  },
  { once: true },
);
