/**
 * Folders in Hugging Face layout with random weights of GPT-2's and BERT-base's shapes. Speed does not depend on what the
 * weights say, so none need be downloaded; the tokenizers are those of the default models.
 */
import { copyFile, mkdir, open, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** GPT-2 small: 124M parameters. */
const GPT2 = { model_type: 'gpt2', vocab_size: 50257, n_positions: 1024, n_embd: 768, n_layer: 12, n_head: 12 };

/** GPT-2 medium: 355M parameters. */
const GPT2_MEDIUM = { ...GPT2, n_embd: 1024, n_layer: 24, n_head: 16 };

/** BERT-base: 110M parameters. */
const BERT = {
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
};

/** @typedef {[name: string, shape: number[]][]} Tensors */

/** @param {typeof GPT2} c @returns {Tensors} */
function gpt2Tensors({ vocab_size, n_positions, n_embd, n_layer }) {
  const layer = (/** @type {number} */ i) => /** @type {Tensors} */ ([
    [`h.${i}.ln_1.weight`, [n_embd]],
    [`h.${i}.ln_1.bias`, [n_embd]],
    [`h.${i}.attn.c_attn.weight`, [n_embd, 3 * n_embd]],
    [`h.${i}.attn.c_attn.bias`, [3 * n_embd]],
    [`h.${i}.attn.c_proj.weight`, [n_embd, n_embd]],
    [`h.${i}.attn.c_proj.bias`, [n_embd]],
    [`h.${i}.ln_2.weight`, [n_embd]],
    [`h.${i}.ln_2.bias`, [n_embd]],
    [`h.${i}.mlp.c_fc.weight`, [n_embd, 4 * n_embd]],
    [`h.${i}.mlp.c_fc.bias`, [4 * n_embd]],
    [`h.${i}.mlp.c_proj.weight`, [4 * n_embd, n_embd]],
    [`h.${i}.mlp.c_proj.bias`, [n_embd]],
  ]);
  return [
    ['wte.weight', [vocab_size, n_embd]],
    ['wpe.weight', [n_positions, n_embd]],
    ...Array.from({ length: n_layer }, (_, i) => layer(i)).flat(),
    ['ln_f.weight', [n_embd]],
    ['ln_f.bias', [n_embd]],
  ];
}

/** @param {typeof BERT} c @returns {Tensors} */
function bertTensors({ vocab_size, hidden_size: h, num_hidden_layers, intermediate_size, max_position_embeddings, type_vocab_size }) {
  /** @type {(name: string, out: number, input: number) => Tensors} */
  const linear = (name, out, input) => [[`${name}.weight`, [out, input]], [`${name}.bias`, [out]]];
  /** @type {(name: string) => Tensors} */
  const norm = (name) => [[`${name}.weight`, [h]], [`${name}.bias`, [h]]];
  const layer = (/** @type {string} */ at) => [
    ...['query', 'key', 'value'].flatMap((part) => linear(`${at}.attention.self.${part}`, h, h)),
    ...linear(`${at}.attention.output.dense`, h, h),
    ...norm(`${at}.attention.output.LayerNorm`),
    ...linear(`${at}.intermediate.dense`, intermediate_size, h),
    ...linear(`${at}.output.dense`, h, intermediate_size),
    ...norm(`${at}.output.LayerNorm`),
  ];
  return [
    ['bert.embeddings.word_embeddings.weight', [vocab_size, h]],
    ['bert.embeddings.position_embeddings.weight', [max_position_embeddings, h]],
    ['bert.embeddings.token_type_embeddings.weight', [type_vocab_size, h]],
    ...norm('bert.embeddings.LayerNorm'),
    ...Array.from({ length: num_hidden_layers }, (_, i) => layer(`bert.encoder.layer.${i}`)).flat(),
    ...linear('bert.pooler.dense', h, h),
    ['cls.predictions.bias', [vocab_size]],
    ...linear('cls.predictions.transform.dense', h, h),
    ...norm('cls.predictions.transform.LayerNorm'),
    ...linear('cls.seq_relationship', 2, h),
  ];
}

/** xorshift32: quick, and the same on every machine. Values from -0.5 to 0.5. */
function random(seed = 2463534242) {
  return () => {
    seed ^= seed << 13;
    seed ^= seed >>> 17;
    seed ^= seed << 5;
    return (seed >>> 0) / 2 ** 32 - 0.5;
  };
}

/** @param {string} path @param {Tensors} tensors */
async function writeSafetensors(path, tensors) {
  /** @type {Record<string, object>} */
  const header = {};
  let end = 0;
  const sizes = tensors.map(([name, shape]) => {
    const count = shape.reduce((a, b) => a * b, 1);
    header[name] = { dtype: 'F32', shape, data_offsets: [end, end + 4 * count] };
    end += 4 * count;
    return count;
  });
  const json = Buffer.from(JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(json.length));
  const file = await open(path, 'w');
  await file.write(length);
  await file.write(json);
  const next = random();
  for (const [index, [name]] of tensors.entries()) {
    const norm = /(LayerNorm|ln_\w)\.weight$/.test(name);
    const data = Float32Array.from({ length: sizes[index] ?? 0 }, () => (norm ? 1 : 0) + 0.2 * next());
    await file.write(new Uint8Array(data.buffer));
  }
  await file.close();
}

const MODELS = {
  gpt2: { config: GPT2, tensors: () => gpt2Tensors(GPT2), tokenizer: 'gpt' },
  'gpt2-medium': { config: GPT2_MEDIUM, tensors: () => gpt2Tensors(GPT2_MEDIUM), tokenizer: 'gpt' },
  'bert-base': { config: BERT, tensors: () => bertTensors(BERT), tokenizer: 'bert' },
};

/**
 * Makes the folders that are not there yet.
 * @param {string} root repository
 * @param {string} out where the folders go
 * @param {(keyof typeof MODELS)[]} names
 */
export async function makeModels(root, out, names = ['gpt2', 'bert-base']) {
  for (const name of names) {
    const { config, tensors, tokenizer } = MODELS[name];
    const folder = join(out, name);
    if (await stat(join(folder, 'config.json')).catch(() => undefined)) continue;
    console.error(`Making random weights of ${name}'s shape (half a minute, once)`);
    await mkdir(folder, { recursive: true });
    await copyFile(join(root, 'models', tokenizer, 'tokenizer.json'), join(folder, 'tokenizer.json'));
    await writeSafetensors(join(folder, 'model.safetensors'), tensors());
    await writeFile(join(folder, 'config.json'), JSON.stringify(config));
  }
}
