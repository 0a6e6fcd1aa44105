/** A model whose weights are in several files, from a hub and from a disk. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, describe, test } from 'node:test';
import { ID, withHub } from './hub-support.mjs';
import { cleanUp, ROOT } from './support.mjs';

after(cleanUp);

const HIDDEN = 32;
const LAYERS = 2;
const VOCABULARY = ['[PAD]', '[UNK]', '[CLS]', '[SEP]', '[MASK]', 'she', 'opened', 'the', 'and', 'went', 'in', '.', 'door', 'window'];

const config = {
  architectures: ['BertForMaskedLM'], model_type: 'bert', vocab_size: VOCABULARY.length, hidden_size: HIDDEN, num_hidden_layers: LAYERS,
  num_attention_heads: 2, intermediate_size: 64, hidden_act: 'gelu', max_position_embeddings: 32, type_vocab_size: 2, layer_norm_eps: 1e-12, pad_token_id: 0,
};

/** Every tensor of a tiny BertForMaskedLM. @returns {[string, number[]][]} */
function tensors() {
  /** @type {[string, number[]][]} */
  const all = [];
  const linear = (/** @type {string} */ name, /** @type {number} */ out, /** @type {number} */ inn) => all.push([`${name}.weight`, [out, inn]], [`${name}.bias`, [out]]);
  const norm = (/** @type {string} */ name) => all.push([`${name}.weight`, [HIDDEN]], [`${name}.bias`, [HIDDEN]]);
  all.push(['bert.embeddings.word_embeddings.weight', [VOCABULARY.length, HIDDEN]], ['bert.embeddings.position_embeddings.weight', [32, HIDDEN]], ['bert.embeddings.token_type_embeddings.weight', [2, HIDDEN]]);
  norm('bert.embeddings.LayerNorm');
  for (let i = 0; i < LAYERS; i++) {
    const layer = `bert.encoder.layer.${i}`;
    for (const part of ['self.query', 'self.key', 'self.value', 'output.dense']) linear(`${layer}.attention.${part}`, HIDDEN, HIDDEN);
    norm(`${layer}.attention.output.LayerNorm`);
    linear(`${layer}.intermediate.dense`, 64, HIDDEN);
    linear(`${layer}.output.dense`, HIDDEN, 64);
    norm(`${layer}.output.LayerNorm`);
  }
  linear('cls.predictions.transform.dense', HIDDEN, HIDDEN);
  norm('cls.predictions.transform.LayerNorm');
  all.push(['cls.predictions.bias', [VOCABULARY.length]]);
  return all;
}

/** The values of a tensor follow from its name, so that a file has the same ones however the tensors are spread. @param {string} name @param {number} count */
function values(name, count) {
  let state = [...name].reduce((sum, letter) => (Math.imul(sum, 31) + letter.charCodeAt(0)) | 0, 7) || 1;
  return Float32Array.from({ length: count }, () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state / 2 ** 31) * 0.5;
  });
}

/** @param {[string, number[]][]} list */
function safetensors(list) {
  /** @type {Record<string, object>} */
  const header = {};
  /** @type {Buffer[]} */
  const parts = [];
  let at = 0;
  for (const [name, shape] of list) {
    const bytes = Buffer.from(values(name, shape.reduce((a, b) => a * b, 1)).buffer);
    header[name] = { dtype: 'F32', shape, data_offsets: [at, (at += bytes.length)] };
    parts.push(bytes);
  }
  const text = Buffer.from(JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(text.length));
  return Buffer.concat([length, text, ...parts]);
}

const SMALL = { 'config.json': Buffer.from(JSON.stringify(config)), 'vocab.txt': Buffer.from(VOCABULARY.join('\n')) };
const WHOLE = { ...SMALL, 'model.safetensors': safetensors(tensors()) };
const half = Math.floor(tensors().length / 2);
const SHARDS = [tensors().slice(0, half), tensors().slice(half)];
const nameOf = (/** @type {number} */ index) => `model-0000${index + 1}-of-00002.safetensors`;
const SHARDED = {
  ...SMALL,
  'model.safetensors.index.json': Buffer.from(JSON.stringify({ metadata: {}, weight_map: Object.fromEntries(SHARDS.flatMap((list, index) => list.map(([name]) => [name, nameOf(index)]))) })),
  ...Object.fromEntries(SHARDS.map((list, index) => [nameOf(index), safetensors(list)])),
};

/** The core of builds from before there were shards cannot read them. */
const able = readFileSync(`${ROOT}pkg/dist/wasm/simd128/cloze.js`, 'utf8').includes('end_file');

describe('shards', { skip: able ? false : 'pkg/dist has a core that reads no shards: run `cargo xtask build`' }, () => {
  test('give the same model as one file', () =>
    withHub(async ({ hub, run }) => {
      hub.models[ID] = { files: WHOLE };
      const LOAD = `const unmask = await pipeline('fill-mask', '${ID}', { dtype: 'fp32' }); const found = await unmask('she opened the [MASK] .', { top_k: 5 }); unmask.dispose(); return found;`;
      const whole = await run(LOAD);
      hub.models[ID] = { files: SHARDED, commit: 'd'.repeat(40) };
      assert.deepEqual(await run(LOAD), whole);
      const [kept] = await run('return models.list();');
      for (const index of [0, 1]) assert.ok(kept.files.some((/** @type {any} */ file) => file.name === nameOf(index) && file.verified), nameOf(index));
    }));

  test('a shard that is missing is named', () =>
    withHub(async ({ hub, run }) => {
      const { [nameOf(1)]: _, ...files } = /** @type {Record<string, Buffer>} */ (SHARDED);
      hub.models[ID] = { files };
      const { code, message } = await run('return load();');
      assert.equal(code, 'not_found');
      assert.match(message, /has no model-00002-of-00002\.safetensors, which model\.safetensors\.index\.json names/);
    }));
});
