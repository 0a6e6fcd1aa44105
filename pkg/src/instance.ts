/** An instance of the wasm core in the worker, with its threads. */
import type { BuildChoice } from './build-choice.js';
import { ClozeError } from './errors.js';
import type { ThreadStart } from './thread.js';
import { BUILDS } from './wasm-builds.js';
import type { WasmModule } from './wasm-module.js';

/** Loads the build and starts its threads. */
export async function instantiate({ build, threads }: BuildChoice): Promise<WasmModule> {
  const { module: wasm, wasm: url } = BUILDS[build];
  const module = await compile(url());
  const { memory } = await wasm.default({ module_or_path: module });
  if (build === 'relaxed-simd-threads') await startThreads(wasm, module, memory, threads);
  return wasm;
}

async function compile(url: URL): Promise<WebAssembly.Module> {
  const response = await fetch(url).catch((cause: unknown) => {
    throw new ClozeError('network', `The program file ${url.pathname} could not be fetched. Check the connection and try again.`, { url: url.href }, { cause });
  });
  if (!response.ok) {
    throw new ClozeError(
      response.status === 404 ? 'not_found' : 'network',
      `The program file ${url.pathname} was answered with status ${response.status}. Was the package's dist folder published whole?`,
      { url: url.href, status: response.status },
    );
  }
  // Some static hosts do not know the type of .wasm files, which streaming insists on.
  const streamed = response.headers.get('content-type')?.startsWith('application/wasm') === true;
  return streamed ? WebAssembly.compileStreaming(response) : WebAssembly.compile(await response.arrayBuffer());
}

async function startThreads(wasm: WasmModule, module: WebAssembly.Module, memory: WebAssembly.Memory, threads: number): Promise<void> {
  const { ThreadPoolBuilder } = wasm;
  if (!ThreadPoolBuilder) throw new ClozeError('internal', 'The build with threads has no thread pool.');
  const pool = new ThreadPoolBuilder(threads);
  const start: ThreadStart = { module, memory, receiver: pool.receiver() };
  await Promise.all(
    Array.from({ length: threads }, async (_, index) => {
      const worker = new Worker(new URL('./thread.js', import.meta.url), { type: 'module', name: `cloze thread ${index}` });
      await new Promise<void>((resolve, reject) => {
        worker.addEventListener('message', () => resolve(), { once: true });
        worker.addEventListener('error', (event) => reject(new ClozeError('worker_failed', `A thread did not start: ${event.message || 'its script could not be loaded'}. Reload the page.`)), {
          once: true,
        });
        worker.postMessage(start);
      });
    }),
  );
  pool.build();
  pool.free();
}
