// Runs the loops of ceilings.mjs in workers on one shared memory.
const DOT_TIMES = 400_000;
/** Rounds of the third loop: some tens of milliseconds. */
const MADD_TIMES = 10_000_000;
/** Multiplications of each byte of weights: with four vectors of activations. */
const DOT_USES = 4;

/** Lets all workers do the same at once; the seconds from the first start to the last end. */
async function together(workers, jobs) {
  const spans = await Promise.all(
    workers.map(
      (worker, i) =>
        new Promise((resolve, reject) => {
          worker.onmessage = ({ data }) => resolve(data);
          worker.onerror = reject;
          worker.postMessage(jobs[i]);
        }),
    ),
  );
  return (Math.max(...spans.map(({ end }) => end)) - Math.min(...spans.map(({ start }) => start))) / 1000;
}

window.ceilings = async ({ bytes, readBytes, dotBytes, maddFlops, threads, repetitions }) => {
  const module = await WebAssembly.compile(new Uint8Array(bytes));
  const pages = readBytes / 65536;
  const memory = new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true });
  // Untouched pages are one and the same page of zeros.
  new Uint32Array(memory.buffer).fill(0x01020304);
  const results = [];
  for (const count of threads) {
    const workers = Array.from({ length: count }, () => new Worker('./ceilings-worker.js', { type: 'module' }));
    await together(
      workers,
      workers.map(() => ({ module, memory })),
    );
    const share = Math.floor(readBytes / count / 256) * 256;
    const read = workers.map((_, i) => ({ call: 'read', args: [i * share, share] }));
    const dot = workers.map((_, i) => ({ call: 'dot', args: [i * 2 ** 20, dotBytes, DOT_TIMES / 100] }));
    const long = dot.map(({ call, args: [from, size] }) => ({ call, args: [from, size, DOT_TIMES / 4] }));
    const madd = workers.map(() => ({ call: 'madd', args: [MADD_TIMES] }));
    const result = { threads: count, read_gb_s: [], i8_gmac_s: [], f32_gflop_s: [] };
    await together(workers, read);
    await together(workers, dot);
    await together(workers, madd);
    for (let i = 0; i < repetitions; i++) {
      result.read_gb_s.push((share * count) / 1e9 / (await together(workers, read)));
      result.i8_gmac_s.push((count * dotBytes * DOT_USES * (DOT_TIMES / 4)) / 1e9 / (await together(workers, long)));
      result.f32_gflop_s.push((count * maddFlops * MADD_TIMES) / 1e9 / (await together(workers, madd)));
    }
    for (const worker of workers) worker.terminate();
    results.push(result);
  }
  return results;
};
window.ready = true;
