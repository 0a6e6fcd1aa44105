// Times the products of ./kernels, built for one set of instructions.

/** `[n, k]`: c_attn, c_proj, c_fc, mlp c_proj of GPT-2 small, and its vocabulary, which no cache holds. */
const LAYERS = [
  [2304, 768],
  [768, 768],
  [3072, 768],
  [768, 3072],
  [50264, 768],
];
/** Rows of activations: one token, a short text, a chunk of a prompt. */
const ROWS = [1, 16, 128];
const REPETITIONS = 7;

/** The median of some runs of a twentieth of a second each, in ms. */
function typical(run) {
  let times = 1;
  const timed = () => {
    const start = performance.now();
    run(times);
    return performance.now() - start;
  };
  for (let ms = timed(); ms < 50; ms = timed()) times = Math.ceil((times * 55) / Math.max(ms, 1));
  const all = Array.from({ length: REPETITIONS }, () => timed() / times);
  return all.sort((a, b) => a - b)[REPETITIONS >> 1];
}

window.measure = async (address) => {
  const { default: start, kernels, Product } = await import(address);
  await start({ module_or_path: address.replace(/\.js$/, '_bg.wasm') });
  const rows = [];
  for (const dtype of ['q8', 'q4']) {
    for (const m of ROWS) {
      for (const [n, k] of LAYERS) {
        if (n > 8192 && m > 1) continue; // only the last position's logits are computed
        const product = new Product(dtype, m, n, k);
        for (const kernel of kernels()) {
          const ms = typical((times) => product.run(kernel, times));
          const row = {
            kernel,
            dtype,
            shape: [m, n, k],
            gmac_s: (m * n * k) / ms / 1e6,
            gb_s: product.bytes() / ms / 1e6,
          };
          await window.tell(row);
          rows.push(row);
        }
        product.free();
      }
    }
  }
  return rows;
};
window.ready = true;
