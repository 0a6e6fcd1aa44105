/**
 * Fetches a random BERT-base of 440 MB through the hub that misbehaves, to the end: connections are cut, one in ten is
 * refused with 503, the browser is killed half-way and started again. Too slow for every run of the tests:
 *
 *   node tests/e2e/big-model.mjs [--good]
 *
 * `--good`: over a connection without faults, for comparison. Prints figures as JSON; fails unless every byte is right.
 */
import assert from 'node:assert/strict';
import { bertFiles } from '../random-weights.mjs';
import { serveHub, sha256 } from './hub.mjs';
import { withProfile } from './hub-support.mjs';
import { kill } from './kill.mjs';
import { cleanUp, until } from './support.mjs';

const ID = 'acme/bert-base';
const FILE = 'model.safetensors';
const good = process.argv.includes('--good');

const config = {
  architectures: ['BertForPreTraining'],
  model_type: 'bert',
  vocab_size: 30522,
  hidden_size: 768,
  num_hidden_layers: 12,
  num_attention_heads: 12,
  intermediate_size: 3072,
  hidden_act: 'gelu',
  max_position_embeddings: 512,
  type_vocab_size: 2,
  layer_norm_eps: 1e-12,
  pad_token_id: 0,
};

const files = bertFiles(config);
const file = files[FILE];
const hub = await serveHub({ [ID]: { files } });
if (!good) {
  hub.fault = ({ count }) => {
    if (count % 10 === 0) return { status: 503 };
    return count % 3 === 0 ? { cut: 7_000_000 } : undefined;
  };
}
const LOAD = `const start = performance.now();
  const unmask = await pipeline('fill-mask', '${ID}', { dtype: 'q8' });
  const ms = performance.now() - start;
  const [{ token_str }] = await unmask('w1 [MASK] w2', { top_k: 1 });
  unmask.dispose();
  return { ms: Math.round(ms), token_str };`;
/** @type {Record<string, unknown>} */
const figures = { bytes: file.length, faults: !good };
try {
  await withProfile(hub, async (start) => {
    let { context, run } = await start();
    if (!good) {
      const gone = run(LOAD).catch(() => 'killed');
      await until('half of it', async () => hub.sentOf(FILE) > file.length / 2);
      await kill(context);
      assert.equal(await gone, 'killed');
      ({ context, run } = await start());
      const [{ kept_bytes }] = await run('return models.list();');
      figures.kept_when_killed = kept_bytes;
    }
    const before = hub.sentOf(FILE);
    const cold = await run(LOAD);
    figures.load_ms = cold.ms;
    figures.sent_after_kill = good ? undefined : hub.sentOf(FILE) - before;
    figures.sent_in_all = hub.sentOf(FILE);
    figures.connections = hub.asked.filter(({ at }) => at === 'files').length;
    const [{ files }] = await run('return models.list();');
    const kept = files.find((/** @type {{ name: string }} */ one) => one.name === FILE);
    assert.deepEqual([kept.sha256, kept.verified, kept.complete], [sha256(file), true, true]);
    figures.sha256 = kept.sha256;
    const warm = await run(LOAD);
    figures.warm_ms = warm.ms;
    assert.equal(warm.token_str, cold.token_str);
    const since = performance.now();
    const { good: whole } = await run(`return models.verify('${ID}@main');`);
    figures.verify_ms = Math.round(performance.now() - since);
    assert.equal(whole, true);
    await context.close();
  });
} finally {
  await hub.close();
  await cleanUp();
}
console.log(JSON.stringify(figures, null, 2));
