/** Weights that say nothing, for tests of loading and of speed: names and shapes of the tensors, and files of them. */

/** @typedef {[name: string, shape: number[]][]} Tensors */

/** @param {{ vocab_size: number, n_positions: number, n_embd: number, n_layer: number }} config @returns {Tensors} */
export function gpt2Tensors({ vocab_size, n_positions, n_embd, n_layer }) {
  const layer = (/** @type {number} */ i) =>
    /** @type {Tensors} */ ([
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

/**
 * Of BertForPreTraining.
 * @param {{ vocab_size: number, hidden_size: number, num_hidden_layers: number, intermediate_size: number, max_position_embeddings: number, type_vocab_size: number }} config
 * @returns {Tensors}
 */
export function bertTensors({
  vocab_size,
  hidden_size: h,
  num_hidden_layers,
  intermediate_size,
  max_position_embeddings,
  type_vocab_size,
}) {
  /** @type {(name: string, out: number, input: number) => Tensors} */
  const linear = (name, out, input) => [
    [`${name}.weight`, [out, input]],
    [`${name}.bias`, [out]],
  ];
  /** @type {(name: string) => Tensors} */
  const norm = (name) => [
    [`${name}.weight`, [h]],
    [`${name}.bias`, [h]],
  ];
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
export function random(seed = 2463534242) {
  return () => {
    seed ^= seed << 13;
    seed ^= seed >>> 17;
    seed ^= seed << 5;
    return (seed >>> 0) / 2 ** 32 - 0.5;
  };
}

/** @param {number[]} shape */
export const countOf = (shape) => shape.reduce((product, size) => product * size, 1);

/** Bytes of a value. */
const SIZES = { F32: 4, F16: 2 };

/**
 * How a safetensors file begins; the values follow, tensor by tensor.
 * @param {Tensors} tensors @param {keyof typeof SIZES} dtype
 */
export function headOf(tensors, dtype = 'F32') {
  /** @type {Record<string, object>} */
  const header = {};
  let at = 0;
  for (const [name, shape] of tensors)
    header[name] = { dtype, shape, data_offsets: [at, (at += SIZES[dtype] * countOf(shape))] };
  const text = JSON.stringify(header);
  // Values begin at a multiple of eight bytes.
  const json = Buffer.from(text.padEnd(Math.ceil(text.length / 8) * 8));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(json.length));
  return Buffer.concat([length, json]);
}

/**
 * A folder of random BERT, its WordPiece vocabulary as large as the configuration says: five special tokens, then w0, w1 and so on.
 * @param {Parameters<typeof bertTensors>[0]} config
 */
export function bertFiles(config) {
  const special = ['[PAD]', '[UNK]', '[CLS]', '[SEP]', '[MASK]'];
  const words = Array.from({ length: config.vocab_size - special.length }, (_, index) => `w${index}`);
  return {
    'config.json': Buffer.from(JSON.stringify(config)),
    'vocab.txt': Buffer.from([...special, ...words].join('\n')),
    'model.safetensors': safetensors(bertTensors(config)),
  };
}

/**
 * A whole safetensors file, in f32, of values within ±`scale`/2.
 * @param {Tensors} tensors
 */
export function safetensors(tensors, scale = 0.1) {
  const head = headOf(tensors);
  const file = Buffer.alloc(head.length + 4 * tensors.reduce((sum, [, shape]) => sum + countOf(shape), 0));
  head.copy(file);
  const values = new Float32Array(file.buffer, file.byteOffset + head.length, (file.length - head.length) / 4);
  const next = random(20261125);
  for (let i = 0; i < values.length; i++) values[i] = scale * next();
  return file;
}
