// GPT-2, BERT and ELMo in jax-js: weights to begin with, and the loss of a batch. Every array is used once, or by `.ref`.
import {
  nn,
  numpy as np,
  random,
} from '/target/bench/training-peers/node_modules/@jax-js/jax/dist/index.js';

let seed = 1;
const normal = (shape, std) => random.normal(random.key(seed++), shape).mul(std);
const uniform = (shape, bound) => random.uniform(random.key(seed++), shape, { minval: -bound, maxval: bound });
const ids = (values) => np.array(new Int32Array(values), { dtype: np.int32 });
const floats = (values) => np.array(new Float32Array(values));

const linear = (inputs, outputs, std = 0.02) => ({ w: normal([inputs, outputs], std), b: np.zeros([outputs]) });
const norm = (width) => ({ w: np.ones([width]), b: np.zeros([width]) });

const apply = (x, { w, b }) => np.matmul(x, w).add(b);
const layerNorm = (x, { w, b }, epsilon) => nn.standardize(x, -1, { epsilon }).mul(w).add(b);

/** Rows of a table, or of activations: as a product, since gradients of `np.take` cannot be in a jitted function (0.1.25). */
const rowsOf = (table, at) => {
  const [count] = table.shape;
  return np.matmul(nn.oneHot(at, count), table);
};

/** The mean of −ln softmax(logits)[target], each times its weight: `[m, classes]`, `[m]`. */
function crossEntropy(logits, targets, classes, weights) {
  const likely = np.sum(nn.logSoftmax(logits, -1).mul(nn.oneHot(targets, classes)), -1);
  return weights ? np.sum(likely.mul(weights)).neg() : np.mean(likely).neg();
}

/** Heads side by side in a row: `[batch·len, width]` → `[batch, len, heads, width / heads]`. */
const split = (x, { batch, context, heads, width }) => x.reshape([batch, context, heads, width / heads]);

export function gptLoss(model) {
  const { vocab, width, layers, context, batch } = model;
  const last = 0.02 / Math.sqrt(2 * layers);
  const block = () => ({
    ln_1: norm(width),
    c_attn: linear(width, 3 * width),
    attn_proj: linear(width, width, last),
    ln_2: norm(width),
    c_fc: linear(width, 4 * width),
    mlp_proj: linear(4 * width, width, last),
  });
  const forward = (x, p) => {
    const joint = apply(layerNorm(x.ref, p.ln_1, 1e-5), p.c_attn);
    const [q, k, v] = np.split(joint, 3, -1).map((part) => split(part, model));
    const mixed = nn.dotProductAttention(q, k, v, { isCausal: true }).reshape([batch * context, width]);
    const seen = x.add(apply(mixed, p.attn_proj));
    const inner = nn.gelu(apply(layerNorm(seen.ref, p.ln_2, 1e-5), p.c_fc), { approximate: true });
    return seen.add(apply(inner, p.mlp_proj));
  };
  return {
    initial: () => ({
      wte: normal([vocab, width], 0.02),
      wpe: normal([context, width], 0.02),
      blocks: Array.from({ length: layers }, block),
      ln_f: norm(width),
    }),
    inputs: ({ inputs, targets }) => ({ inputs: ids(inputs), targets: ids(targets) }),
    loss: ({ wte, wpe, blocks, ln_f }, { inputs, targets }) => {
      const words = rowsOf(wte.ref, inputs).reshape([batch, context, width]);
      const x = blocks.reduce(forward, words.add(wpe).reshape([batch * context, width]));
      const logits = np.matmul(layerNorm(x, ln_f, 1e-5), np.transpose(wte));
      return crossEntropy(logits, targets, vocab);
    },
  };
}

export function bertLoss(model) {
  const { vocab, width, layers, context, batch } = model;
  const layer = () => ({
    query: linear(width, width),
    key: linear(width, width),
    value: linear(width, width),
    attention: linear(width, width),
    attention_norm: norm(width),
    intermediate: linear(width, 4 * width),
    output: linear(4 * width, width),
    output_norm: norm(width),
  });
  const forward = (mask) => (x, p) => {
    const [q, k, v] = [p.query, p.key, p.value].map((part) => split(apply(x.ref, part), model));
    const mixed = nn.dotProductAttention(q, k, v, { mask: mask.ref }).reshape([batch * context, width]);
    const seen = layerNorm(x.add(apply(mixed, p.attention)), p.attention_norm, 1e-12);
    const inner = nn.gelu(apply(seen.ref, p.intermediate), { approximate: false });
    return layerNorm(seen.add(apply(inner, p.output)), p.output_norm, 1e-12);
  };
  return {
    initial: () => ({
      words: normal([vocab, width], 0.02),
      positions: normal([context, width], 0.02),
      segments: normal([2, width], 0.02),
      norm: norm(width),
      layers: Array.from({ length: layers }, layer),
      transform: linear(width, width),
      transform_norm: norm(width),
      decoder_bias: np.zeros([vocab]),
      pooler: linear(width, width),
      next: linear(width, 2),
    }),
    inputs: (given) => ({
      inputs: ids(given.inputs),
      segments: ids(given.segments),
      mask: np.array(given.mask.map(Boolean)).reshape([batch, 1, 1, context]),
      chosen: ids(given.chosen),
      labels: ids(given.labels),
      weights: floats(given.weights),
      first: ids(Array.from({ length: batch }, (_, text) => text * context)),
      not_next: ids(given.not_next),
    }),
    loss: (p, { inputs, segments, mask, chosen, labels, weights, first, not_next }) => {
      const words = rowsOf(p.words.ref, inputs).add(rowsOf(p.segments, segments));
      const sum = words.reshape([batch, context, width]).add(p.positions).reshape([batch * context, width]);
      const hidden = p.layers.reduce(forward(mask.ref), layerNorm(sum, p.norm, 1e-12));
      mask.dispose();
      const rows = nn.gelu(apply(rowsOf(hidden.ref, chosen), p.transform), { approximate: false });
      const decoder = { w: np.transpose(p.words), b: p.decoder_bias };
      const logits = apply(layerNorm(rows, p.transform_norm, 1e-12), decoder);
      const pooled = np.tanh(apply(rowsOf(hidden, first), p.pooler));
      const mlm = crossEntropy(logits, labels, vocab, weights);
      return mlm.add(crossEntropy(apply(pooled, p.next), not_next, 2));
    },
  };
}

export function elmoLoss(model) {
  const { vocab, width, layers, context, batch } = model;
  const bound = 1 / Math.sqrt(width);
  /** Of both directions, one behind the other. */
  const cells = () => ({
    ih: uniform([2, width, 4 * width], bound),
    hh: uniform([2, width, 4 * width], bound),
    b_ih: uniform([2, 1, 4 * width], bound),
    b_hh: uniform([2, 1, 4 * width], bound),
  });
  /** One layer of both directions, each in its own order: `[2, batch·context, width]` → the same. */
  const lstm = (x, { ih, hh, b_ih, b_hh }) => {
    const gates = np.matmul(x, ih).add(b_ih).add(b_hh);
    const each = np.unstack(gates.reshape([2, batch, context, 4 * width]), 2);
    const states = [];
    let [h, c] = [undefined, undefined];
    for (const gate of each) {
      const sums = h ? gate.add(np.matmul(h, hh.ref)) : gate;
      const [i, f, g, o] = np.split(sums, 4, -1);
      const input = nn.sigmoid(i).mul(np.tanh(g));
      if (c) c = nn.sigmoid(f).mul(c).add(input);
      else {
        f.dispose();
        c = input;
      }
      h = nn.sigmoid(o).mul(np.tanh(c.ref));
      states.push(h.ref);
    }
    for (const used of [h, c, hh]) used.dispose();
    return np.stack(states, 2).reshape([2, batch * context, width]);
  };
  return {
    initial: () => ({
      words: uniform([vocab, width], bound),
      layers: Array.from({ length: layers }, cells),
      decoder: uniform([vocab, width], bound),
      decoder_bias: np.zeros([vocab]),
    }),
    inputs: ({ inputs, next, previous }) => ({ inputs: ids(inputs), targets: ids([...next, ...previous]) }),
    loss: (p, { inputs, targets }) => {
      const words = rowsOf(p.words, inputs).reshape([batch, context, width]);
      const x = np.stack([words.ref, np.flip(words, 1)], 0).reshape([2, batch * context, width]);
      const top = p.layers.reduce((below, cell, layer) => (layer === 0 ? lstm(below, cell) : below.ref.add(lstm(below, cell))), x);
      // Nothing follows the last position of either order. The two losses are means of equally many: their sum is twice the mean of all.
      const rows = top.reshape([2, batch, context, width]).slice([], [], [0, context - 1]);
      const logits = np.matmul(rows.reshape([2 * batch * (context - 1), width]), np.transpose(p.decoder)).add(p.decoder_bias);
      return crossEntropy(logits, targets, vocab).mul(2);
    },
  };
}
