/**
 * Where wasm32 ends: GPT-2 shapes whose weights in 8 bits are just within, about at and beyond the 4 GiB that an instance can
 * have, streamed as zeros (they are as large as others). What does not fit is a typed error; the page then runs another model.
 * Needs some 8 GB of memory and minutes: too much for every run of the tests.
 *
 *   node tests/e2e/out-of-memory.mjs
 *
 * Prints what came of each as JSON; fails where it was anything but a model that writes or the error `out_of_memory`.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { countOf, gpt2Tensors, headOf } from '../random-weights.mjs';
import { serveAnswers } from '../server/client.mjs';
import { BLANK, cleanUp, launch, ROOT, servingPackages } from './support.mjs';

/** Wide, with few layers: each of them takes 268 MB in 8 bits. */
const WIDE = { model_type: 'gpt2', vocab_size: 8192, n_positions: 512, n_embd: 4608, n_head: 36 };
const LAYERS = [13, 14, 15, 16, 17];

/** @param {number} n_layer */
function model(n_layer) {
  const config = { ...WIDE, n_layer };
  const tensors = gpt2Tensors(config);
  const values = tensors.reduce((sum, [, shape]) => sum + countOf(shape), 0);
  return { config: Buffer.from(JSON.stringify(config)), head: headOf(tensors, 'F16'), zeros: 2 * values };
}

/** @type {Record<string, ReturnType<typeof model>>} */
const models = Object.fromEntries(LAYERS.map((layers) => [layers, model(layers)]));
const tokenizer = readFileSync(`${ROOT}models/gpt/tokenizer.json`);

const server = await serveAnswers(({ target }) => {
  const [, layers = '', file] = target.split('/');
  const found = models[layers];
  const headers = {
    'Access-Control-Allow-Origin': '*',
    'Access-Control-Expose-Headers': '*',
    'Cross-Origin-Resource-Policy': 'cross-origin',
  };
  const small = file === 'config.json' ? found?.config : file === 'tokenizer.json' ? tokenizer : undefined;
  if (small) return { headers, body: small };
  if (!found || file !== 'model.safetensors') return { status: 404, headers };
  return { headers, body: [found.head, { zeros: found.zeros }] };
});

const site = await servingPackages();
try {
  const browser = await launch();
  const page = await (await browser.newContext()).newPage();
  await page.goto(`${site}${BLANK}`);
  for (const layers of LAYERS) {
    const result = await page.evaluate(`(async () => {
      const { pipeline, env } = await import('${site}index.js');
      env.use_browser_cache = false;
      const start = performance.now();
      const ms = () => Math.round(performance.now() - start);
      let write;
      try {
        write = await pipeline('text-generation', '${server.url}${layers}/', { dtype: 'q8' });
        const result = { loaded_ms: ms(), wasm_mb: Math.round(write.runtime.wasm_bytes / 1e6) };
        const prompt = 'The house on the hill. '.repeat(20);
        const [{ tokens }] = await write(prompt, { max_new_tokens: 2, do_sample: false });
        return { ...result, tokens: tokens.length, ms: ms() };
      } catch (error) {
        return { code: error.code, message: error.message, details: error.details, ms: ms() };
      } finally {
        write?.dispose();
      }
    })()`);
    const mb = Math.round((((models[String(layers)]?.zeros ?? 0) / 2) * 17) / 16 / 1e6);
    console.log(JSON.stringify({ layers, weights_mb: mb, ...result }));
    assert.ok(result.tokens === 2 || result.code === 'out_of_memory', `${layers} layers`);
    const next = await page.evaluate(`(async () => {
      const { pipeline } = await import('${site}index.js');
      const unmask = await pipeline('fill-mask');
      const [{ token_str }] = await unmask('She opened the [MASK] and went in.', { top_k: 1 });
      unmask.dispose();
      return token_str;
    })()`);
    assert.equal(next, 'door', 'the page goes on');
  }
} finally {
  await server.close();
  await cleanUp();
}
