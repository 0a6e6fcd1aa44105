/** The same model with its weights in one file, in several, and as PyTorch writes them, from a hub. */
import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { crc32 } from 'node:zlib';
import { bertTensors, countOf, headOf } from '../random-weights.mjs';
import { ID, withHub } from './hub-support.mjs';
import { cleanUp } from './support.mjs';

after(cleanUp);

const HIDDEN = 32;
const LAYERS = 2;
const VOCABULARY = [
  '[PAD]',
  '[UNK]',
  '[CLS]',
  '[SEP]',
  '[MASK]',
  'she',
  'opened',
  'the',
  'and',
  'went',
  'in',
  '.',
  'door',
  'window',
];

/** @typedef {import('../random-weights.mjs').Tensors} Tensors */

const config = {
  architectures: ['BertForPreTraining'],
  model_type: 'bert',
  vocab_size: VOCABULARY.length,
  hidden_size: HIDDEN,
  num_hidden_layers: LAYERS,
  num_attention_heads: 2,
  intermediate_size: 64,
  hidden_act: 'gelu',
  max_position_embeddings: 32,
  type_vocab_size: 2,
  layer_norm_eps: 1e-12,
  pad_token_id: 0,
};

const TENSORS = bertTensors(config);

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

/** @param {Tensors} list */
const safetensors = (list) =>
  Buffer.concat([headOf(list), ...list.map(([name, shape]) => Buffer.from(values(name, countOf(shape)).buffer))]);

/** What `torch.save` writes of a state dict: an archive of a pickle and the values of each tensor. @param {Tensors} list */
function torchSave(list) {
  const uint32 = (/** @type {number} */ value) => Buffer.from(Uint32Array.of(value).buffer);
  const uint16 = (/** @type {number} */ value) => Buffer.from(Uint16Array.of(value).buffer);
  /** @type {(string | Buffer)[]} */
  const pickle = [Buffer.from('8002', 'hex'), 'ccollections\nOrderedDict\n)R('];
  const text = (/** @type {string} */ value) => pickle.push('X', uint32(value.length), value);
  const number = (/** @type {number} */ value) => pickle.push('J', uint32(value));
  const tuple = (/** @type {number[]} */ sizes) => {
    pickle.push('(');
    sizes.forEach(number);
    pickle.push('t');
  };
  for (const [index, [name, shape]] of list.entries()) {
    text(name);
    pickle.push('ctorch._utils\n_rebuild_tensor_v2\n((');
    text('storage');
    pickle.push('ctorch\nFloatStorage\n');
    text(String(index));
    text('cpu');
    number(countOf(shape));
    pickle.push('tQ', 'K\0');
    tuple(shape);
    tuple(shape.map((_, dim) => countOf(shape.slice(dim + 1))));
    pickle.push(Buffer.from('89', 'hex'), 'ccollections\nOrderedDict\n)RtR');
  }
  pickle.push('u.');
  /** @type {[string, Buffer][]} */
  const entries = [
    ['data.pkl', Buffer.concat(pickle.map((part) => Buffer.from(part)))],
    ...list.map(
      ([name, shape], index) =>
        /** @type {[string, Buffer]} */ ([`data/${index}`, Buffer.from(values(name, countOf(shape)).buffer)]),
    ),
    ['version', Buffer.from('3\n')],
  ];
  const local = entries.flatMap(([name, bytes]) => {
    const path = Buffer.from(`archive/${name}`);
    const sizes = [uint32(crc32(bytes)), uint32(bytes.length), uint32(bytes.length)];
    return [
      Buffer.from('PK\x03\x04\0\0\0\0\0\0\0\0\0\0', 'latin1'),
      ...sizes,
      uint16(path.length),
      uint16(0),
      path,
      bytes,
    ];
  });
  // The reader streams, and does not look at the table at the end.
  return Buffer.concat([...local, Buffer.from('PK\x05\x06', 'latin1'), Buffer.alloc(18)]);
}

const SMALL = { 'config.json': Buffer.from(JSON.stringify(config)), 'vocab.txt': Buffer.from(VOCABULARY.join('\n')) };
const WHOLE = { ...SMALL, 'model.safetensors': safetensors(TENSORS) };
const half = Math.floor(TENSORS.length / 2);
const SHARDS = [TENSORS.slice(0, half), TENSORS.slice(half)];
const nameOf = (/** @type {number} */ index) => `model-0000${index + 1}-of-00002.safetensors`;
const SHARDED = {
  ...SMALL,
  'model.safetensors.index.json': Buffer.from(
    JSON.stringify({
      metadata: {},
      weight_map: Object.fromEntries(SHARDS.flatMap((list, index) => list.map(([name]) => [name, nameOf(index)]))),
    }),
  ),
  ...Object.fromEntries(SHARDS.map((list, index) => [nameOf(index), safetensors(list)])),
};

/** The five likeliest words. */
const LOAD = `const unmask = await pipeline('fill-mask', '${ID}', { dtype: 'fp32' }); const found = await unmask('she opened the [MASK] .', { top_k: 5 }); unmask.dispose(); return found;`;

describe('other files', () => {
  test('shards give the same model as one file', () =>
    withHub(async ({ hub, run }) => {
      hub.models[ID] = { files: WHOLE };
      const whole = await run(LOAD);
      hub.models[ID] = { files: SHARDED, commit: 'd'.repeat(40) };
      assert.deepEqual(await run(LOAD), whole);
      const [kept] = await run('return models.list();');
      for (const index of [0, 1])
        assert.ok(
          kept.files.some((/** @type {any} */ file) => file.name === nameOf(index) && file.verified),
          nameOf(index),
        );
    }));

  test('so does a file of PyTorch', () =>
    withHub(async ({ hub, run }) => {
      hub.models[ID] = { files: WHOLE };
      const whole = await run(LOAD);
      hub.models[ID] = { files: { ...SMALL, 'pytorch_model.bin': torchSave(TENSORS) }, commit: 'e'.repeat(40) };
      assert.deepEqual(await run(LOAD), whole);
      const [kept] = await run('return models.list();');
      assert.ok(kept.files.some((/** @type {any} */ file) => file.name === 'pytorch_model.bin' && file.verified));
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
