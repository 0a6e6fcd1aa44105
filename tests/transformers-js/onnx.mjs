/** The seeded models as ONNX graphs, which transformers.js reads. Only recording needs them. */
import { MODELS, weightsOf } from './models.mjs';

/** TensorProto's numbers of types. */
const [FLOAT, INT64] = [1, 7];

/** A graph in the making; each method adds a node and returns the name of its output. */
class Graph {
  /** @param {any} onnx the package onnx-proto */
  constructor(onnx) {
    this.onnx = onnx;
    this.nodes = /** @type {any[]} */ ([]);
    this.initializers = /** @type {any[]} */ ([]);
    this.names = new Set();
  }

  /** @param {string} name @param {number[]} dims @param {Float32Array} values */
  weight(name, dims, values) {
    if (!this.names.has(name)) this.initializers.push({ name, dims, dataType: FLOAT, floatData: [...values] });
    this.names.add(name);
    return name;
  }

  /** @param {number[]} values @param {number[]} [dims] */
  ints(values, dims = [values.length]) {
    const name = `ints_${this.initializers.length}`;
    this.initializers.push({ name, dims, dataType: INT64, int64Data: values });
    return name;
  }

  /** @param {number} value */
  number(value) {
    const name = `number_${this.initializers.length}`;
    this.initializers.push({ name, dims: [], dataType: FLOAT, floatData: [value] });
    return name;
  }

  /**
   * @param {string} opType @param {string[]} input
   * @param {{ output?: string[], attributes?: Record<string, number | number[]>, domain?: string }} [options]
   */
  node(opType, input, { output, attributes = {}, domain = '' } = {}) {
    const name = `${opType}_${this.nodes.length}`;
    const outputs = output ?? [`${name}_0`];
    const attribute = Object.entries(attributes).map(([key, value]) =>
      Array.isArray(value)
        ? { name: key, type: 7, ints: value }
        : Number.isInteger(value)
          ? { name: key, type: 2, i: value }
          : { name: key, type: 1, f: value },
    );
    this.nodes.push({ opType, input, output: outputs, name, domain, attribute });
    return outputs[0];
  }

  /** @param {Value[]} inputs @param {Value[]} outputs @returns {Uint8Array} */
  encode(inputs, outputs) {
    const { onnx } = this.onnx;
    const value = (/** @type {Value} */ [name, elemType, dims]) => ({
      name,
      type: {
        tensorType: {
          elemType,
          shape: { dim: dims.map((dim) => (typeof dim === 'number' ? { dimValue: dim } : { dimParam: dim })) },
        },
      },
    });
    const model = {
      irVersion: 9,
      opsetImport: [
        { domain: '', version: 20 },
        { domain: 'com.microsoft', version: 1 },
      ],
      graph: {
        name: 'model',
        node: this.nodes,
        initializer: this.initializers,
        input: inputs.map(value),
        output: outputs.map(value),
      },
    };
    return onnx.ModelProto.encode(onnx.ModelProto.fromObject(model)).finish();
  }
}

/** @typedef {[name: string, type: number, dims: (number | string)[]]} Value */
/** @typedef {ReturnType<typeof weightsOf>} Weights */

/** @param {Graph} g @param {Weights} weights */
const reader =
  (g, weights) =>
  (/** @type {string} */ name, transposed = false) => {
    const { shape, values } = /** @type {{ shape: number[], values: Float32Array }} */ (weights.get(name));
    const plain = g.weight(name, shape, values);
    return transposed ? g.node('Transpose', [plain], { attributes: { perm: [1, 0] } }) : plain;
  };

/** @param {any} onnx @param {Record<string, any>} config @param {Weights} weights */
function bert(onnx, config, weights) {
  const g = new Graph(onnx);
  const w = reader(g, weights);
  const norm = (/** @type {string} */ x, /** @type {string} */ name) =>
    g.node('LayerNormalization', [x, w(`${name}.weight`), w(`${name}.bias`)], {
      attributes: { epsilon: 1e-12, axis: -1 },
    });
  const linear = (/** @type {string} */ x, /** @type {string} */ name) =>
    g.node('Add', [g.node('MatMul', [x, w(`${name}.weight`, true)]), w(`${name}.bias`)]);
  const table = (/** @type {string} */ name, /** @type {string} */ ids) =>
    g.node('Gather', [w(`bert.embeddings.${name}.weight`), ids]);
  const zero = () => g.ints([0], []);
  const length = g.node('Gather', [g.node('Shape', ['input_ids']), g.ints([1], [])]);
  const places = g.node('Unsqueeze', [g.node('Range', [zero(), length, g.ints([1], [])]), g.ints([0])]);
  const words = g.node('Add', [
    table('word_embeddings', 'input_ids'),
    table('token_type_embeddings', 'token_type_ids'),
  ]);
  let x = norm(g.node('Add', [words, table('position_embeddings', places)]), 'bert.embeddings.LayerNorm');
  const mask = g.node('Cast', ['attention_mask'], { attributes: { to: 6 } });
  for (let i = 0; i < config.num_hidden_layers; i++) {
    const at = `bert.encoder.layer.${i}`;
    const [q, k, v] = ['query', 'key', 'value'].map((part) => linear(x, `${at}.attention.self.${part}`));
    const attended = g.node('MultiHeadAttention', [q, k, v, '', mask], {
      domain: 'com.microsoft',
      attributes: { num_heads: config.num_attention_heads },
    });
    x = norm(g.node('Add', [x, linear(attended, `${at}.attention.output.dense`)]), `${at}.attention.output.LayerNorm`);
    const h = g.node('Gelu', [linear(x, `${at}.intermediate.dense`)]);
    x = norm(g.node('Add', [x, linear(h, `${at}.output.dense`)]), `${at}.output.LayerNorm`);
  }
  const outputs = bertHead(g, config, { x, w, norm, linear });
  const ids = ['input_ids', 'attention_mask', 'token_type_ids'];
  return g.encode(
    ids.map((name) => [name, INT64, ['batch_size', 'sequence_length']]),
    outputs,
  );
}

/**
 * @param {Graph} g @param {Record<string, any>} config
 * @param {{ x: string, w: ReturnType<typeof reader>, norm: (x: string, name: string) => string, linear: (x: string, name: string) => string }} made
 * @returns {Value[]}
 */
function bertHead(g, config, { x, w, norm, linear }) {
  const named = (/** @type {string} */ value, /** @type {string} */ name) =>
    g.node('Identity', [value], { output: [name] });
  const rows = ['batch', 'sequence'];
  const first = (/** @type {string} */ value) =>
    g.node('Gather', [value, g.ints([0], [])], { attributes: { axis: 1 } });
  switch (config.architectures[0]) {
    case 'BertForMaskedLM': {
      const h = norm(
        g.node('Gelu', [linear(x, 'cls.predictions.transform.dense')]),
        'cls.predictions.transform.LayerNorm',
      );
      const scores = g.node('MatMul', [h, w('bert.embeddings.word_embeddings.weight', true)]);
      named(g.node('Add', [scores, w('cls.predictions.bias')]), 'logits');
      named(x, 'last_hidden_state');
      return [
        ['logits', FLOAT, [...rows, config.vocab_size]],
        ['last_hidden_state', FLOAT, [...rows, config.hidden_size]],
      ];
    }
    case 'BertForQuestionAnswering': {
      const both = linear(x, 'qa_outputs');
      const part = (/** @type {number} */ at) =>
        g.node('Gather', [both, g.ints([at], [])], { attributes: { axis: 2 } });
      named(part(0), 'start_logits');
      named(part(1), 'end_logits');
      return [
        ['start_logits', FLOAT, rows],
        ['end_logits', FLOAT, rows],
      ];
    }
    case 'BertForSequenceClassification':
      named(linear(g.node('Tanh', [linear(first(x), 'bert.pooler.dense')]), 'classifier'), 'logits');
      return [['logits', FLOAT, ['batch', 3]]];
    default:
      named(linear(x, 'classifier'), 'logits');
      return [['logits', FLOAT, [...rows, 5]]];
  }
}

/** @param {any} onnx @param {Record<string, any>} config @param {Weights} weights */
function gpt2(onnx, { n_layer, n_head, n_embd, vocab_size }, weights) {
  const g = new Graph(onnx);
  const w = reader(g, weights);
  const norm = (/** @type {string} */ x, /** @type {string} */ name) =>
    g.node('LayerNormalization', [x, w(`${name}.weight`), w(`${name}.bias`)], {
      attributes: { epsilon: 1e-5, axis: -1 },
    });
  const linear = (/** @type {string} */ x, /** @type {string} */ name) =>
    g.node('Add', [g.node('MatMul', [x, w(`${name}.weight`)]), w(`${name}.bias`)]);
  const size = n_embd / n_head;
  /** @type {Value[]} */
  const inputs = ['input_ids', 'position_ids'].map((name) => [name, INT64, ['batch_size', 'sequence_length']]);
  /** @type {Value[]} */
  const outputs = [['logits', FLOAT, ['batch_size', 'sequence_length', vocab_size]]];
  let x = g.node('Add', [
    g.node('Gather', [w('wte.weight'), 'input_ids']),
    g.node('Gather', [w('wpe.weight'), 'position_ids']),
  ]);
  for (let i = 0; i < n_layer; i++) {
    const past = ['key', 'value'].map((part) => `past_key_values.${i}.${part}`);
    const present = ['key', 'value'].map((part) => `present.${i}.${part}`);
    for (const name of past) inputs.push([name, FLOAT, ['batch_size', n_head, 'past_sequence_length', size]]);
    for (const name of present) outputs.push([name, FLOAT, ['batch_size', n_head, 'total_sequence_length', size]]);
    const qkv = ['q', 'k', 'v'].map((part) => `${part}.${i}`);
    g.node('Split', [linear(norm(x, `h.${i}.ln_1`), `h.${i}.attn.c_attn`)], {
      output: qkv,
      attributes: { axis: -1, num_outputs: 3 },
    });
    const attended = g.node('MultiHeadAttention', [...qkv, '', '', '', ...past], {
      output: [`attended.${i}`, ...present],
      domain: 'com.microsoft',
      attributes: { num_heads: n_head, unidirectional: 1 },
    });
    x = g.node('Add', [x, linear(attended, `h.${i}.attn.c_proj`)]);
    x = g.node('Add', [x, linear(tanhGelu(g, linear(norm(x, `h.${i}.ln_2`), `h.${i}.mlp.c_fc`)), `h.${i}.mlp.c_proj`)]);
  }
  g.node('MatMul', [norm(x, 'ln_f'), w('wte.weight', true)], { output: ['logits'] });
  return g.encode(inputs, outputs);
}

/** GPT-2's GELU, by its formula: x/2 · (1 + tanh(√(2/π) · (x + 0.044715 x³))). @param {Graph} g @param {string} x */
function tanhGelu(g, x) {
  const cube = g.node('Mul', [g.node('Mul', [x, x]), x]);
  const inner = g.node('Add', [x, g.node('Mul', [cube, g.number(0.044715)])]);
  const tanh = g.node('Tanh', [g.node('Mul', [inner, g.number(Math.sqrt(2 / Math.PI))])]);
  return g.node('Mul', [g.node('Mul', [x, g.number(0.5)]), g.node('Add', [tanh, g.number(1.0)])]);
}

/** A model's graph. @param {any} onnx the package onnx-proto @param {string} name */
export function onnxOf(onnx, name) {
  const { config } = MODELS[name];
  const weights = weightsOf(MODELS[name]);
  return config.model_type === 'bert' ? bert(onnx, config, weights) : gpt2(onnx, config, weights);
}
