// llama.cpp compiled to wasm.
export async function gpt2({
  file,
  threads,
  compat,
  modules = '/target/bench/peers/node_modules/@wllama',
  folder = '/target/bench/peers/models/gpt2/',
}) {
  const { LoggerWithoutDebug, Wllama } = await import(`${modules}/wllama/esm/index.min.js`);
  const wllama = new Wllama(
    { default: `${modules}/wllama/esm/wasm/wllama.wasm` },
    { logger: LoggerWithoutDebug, suppressNativeLog: true, allowOffline: true },
  );
  wllama.setCompat({
    worker: `${modules}/wllama-compat/wasm/wllama.js`,
    wasm: `${modules}/wllama-compat/wasm/wllama.wasm`,
  });
  // The build for browsers without JSPI and 64-bit memories; it is chosen where they are missing.
  if (compat) delete WebAssembly.Suspending;
  await wllama.loadModelFromUrl(new URL(folder + file, location.href).href, {
    n_ctx: 1024,
    n_batch: 1024,
    n_threads: threads,
    n_gpu_layers: 0,
    n_parallel: 1,
    warmup: false,
  });
  const stream = async (prompt, tokens, onToken) => {
    let text = '';
    let usage;
    await wllama.createCompletion({
      prompt,
      max_tokens: tokens,
      temperature: 0,
      top_k: 1,
      ignore_eos: true,
      // Each prompt is to be read afresh.
      cache_prompt: false,
      stream: true,
      onData(chunk) {
        const [choice] = chunk.choices;
        usage = chunk.timings ?? usage;
        if (choice && choice.finish_reason === null) {
          text += choice.text;
          onToken();
        }
      },
    });
    return { prompt_tokens: usage?.prompt_n, text };
  };
  return Object.assign(stream, {
    runtime: { build: compat ? 'wllama-compat' : 'wllama', threads: wllama.getNumThreads() },
  });
}
