/**
 * Small seeded models that both packages open: BERT with each of its heads, GPT-2, and a GPT-2 that talks. Their tokenizers are
 * those of the default models; their weights follow from names and a seed (tests/e2e/seeded.mjs).
 */
import { readFileSync } from 'node:fs';
import { valuesOf } from '../e2e/seeded.mjs';
import { bertTensors, gpt2Tensors, headOf } from '../random-weights.mjs';

const ROOT = new URL('../../', import.meta.url);
const SEED = 20261128;

/** @typedef {import('../random-weights.mjs').Tensors} Tensors */
/** @typedef {{ config: Record<string, any>, tokenizer: 'bert' | 'gpt', tokenizerConfig: object, tensors: Tensors }} Model */

/** @param {'bert' | 'gpt'} name */
const tokenizerFile = (name) => readFileSync(new URL(`models/${name}/tokenizer.json`, ROOT));
/** @param {'bert' | 'gpt'} name */
const vocabularySize = (name) => {
  const { model, added_tokens } = JSON.parse(tokenizerFile(name).toString());
  const ids = [...Object.values(model.vocab), ...added_tokens.map((/** @type {{ id: number }} */ { id }) => id)];
  return 1 + Math.max(...ids);
};

const BERT = {
  model_type: 'bert',
  vocab_size: vocabularySize('bert'),
  hidden_size: 32,
  num_hidden_layers: 2,
  num_attention_heads: 4,
  intermediate_size: 64,
  hidden_act: 'gelu',
  max_position_embeddings: 128,
  type_vocab_size: 2,
  layer_norm_eps: 1e-12,
};

const GPT2 = {
  model_type: 'gpt2',
  architectures: ['GPT2LMHeadModel'],
  vocab_size: vocabularySize('gpt'),
  n_positions: 128,
  n_embd: 32,
  n_layer: 2,
  n_head: 4,
  layer_norm_epsilon: 1e-5,
  activation_function: 'gelu_new',
  bos_token_id: 0,
  eos_token_id: 0,
};

const BERT_TOKENS = {
  tokenizer_class: 'BertTokenizer',
  do_lower_case: true,
  model_max_length: 128,
  unk_token: '[UNK]',
  sep_token: '[SEP]',
  pad_token: '[PAD]',
  cls_token: '[CLS]',
  mask_token: '[MASK]',
};

const GPT_TOKENS = {
  tokenizer_class: 'GPT2Tokenizer',
  model_max_length: 128,
  bos_token: '<|endoftext|>',
  eos_token: '<|endoftext|>',
  unk_token: '<|endoftext|>',
};

const TEMPLATE =
  "{% for message in messages %}{{ message.role + ': ' + message.content + '\n' }}{% endfor %}" +
  "{% if add_generation_prompt %}{{ 'assistant:' }}{% endif %}";

/** BERT without the heads of pretraining, and with one of its own. @param {string} architecture @param {Tensors} head */
function bert(architecture, head, labels = /** @type {Record<string, string>} */ ({})) {
  const all = bertTensors(BERT);
  const body = all.filter(([name]) => name.startsWith('bert.'));
  const mlm = all.filter(([name]) => name.startsWith('cls.predictions'));
  const config = {
    ...BERT,
    architectures: [architecture],
    ...(Object.keys(labels).length > 0 && {
      id2label: labels,
      label2id: Object.fromEntries(Object.entries(labels).map(([id, label]) => [label, Number(id)])),
    }),
  };
  return /** @type {Model} */ ({
    config,
    tokenizer: 'bert',
    tokenizerConfig: BERT_TOKENS,
    tensors: [...body, ...(architecture === 'BertForMaskedLM' ? mlm : head)],
  });
}

/** @type {Record<string, Model>} */
export const MODELS = {
  'bert-mlm': bert('BertForMaskedLM', []),
  'bert-qa': bert('BertForQuestionAnswering', [
    ['qa_outputs.weight', [2, 32]],
    ['qa_outputs.bias', [2]],
  ]),
  'bert-classes': bert(
    'BertForSequenceClassification',
    [
      ['classifier.weight', [3, 32]],
      ['classifier.bias', [3]],
    ],
    { 0: 'bad', 1: 'good', 2: 'so-so' },
  ),
  'bert-tags': bert(
    'BertForTokenClassification',
    [
      ['classifier.weight', [5, 32]],
      ['classifier.bias', [5]],
    ],
    { 0: 'O', 1: 'B-PER', 2: 'I-PER', 3: 'B-LOC', 4: 'I-LOC' },
  ),
  gpt2: { config: GPT2, tokenizer: 'gpt', tokenizerConfig: GPT_TOKENS, tensors: gpt2Tensors(GPT2) },
  // Its second token ends a text.
  'gpt2-ends': {
    config: { ...GPT2, eos_token_id: 4224 },
    tokenizer: 'gpt',
    tokenizerConfig: GPT_TOKENS,
    tensors: gpt2Tensors(GPT2),
  },
  'gpt2-chat': {
    config: GPT2,
    tokenizer: 'gpt',
    tokenizerConfig: { ...GPT_TOKENS, chat_template: TEMPLATE },
    tensors: gpt2Tensors(GPT2),
  },
};

/** Wide enough that softmax and GELU leave their linear range, and texts wander. @param {string} name @param {number[]} shape */
function scaleOf(name, shape) {
  if (/LayerNorm|ln_/u.test(name)) return { scale: 0.3, base: name.endsWith('weight') ? 1 : 0 };
  if (name.endsWith('bias')) return { scale: 0.2, base: 0 };
  if (/embeddings|wte|wpe/u.test(name)) return { scale: 0.7, base: 0 };
  const conv1d = /\.c_/u.test(name);
  return { scale: 2.6 / Math.sqrt(conv1d ? shape[0] : shape[1]), base: 0 };
}

/** The weights of a model by name. @param {Model} model */
export const weightsOf = ({ tensors }) =>
  new Map(
    tensors.map(([name, shape]) => {
      return [name, { shape, values: valuesOf({ name, shape, ...scaleOf(name, shape) }, SEED) }];
    }),
  );

/** The folder of a model, without ONNX. @param {string} name */
export function filesOf(name) {
  const model = MODELS[name];
  const weights = [...weightsOf(model).values()].map(({ values }) => Buffer.from(values.buffer));
  return {
    'config.json': Buffer.from(JSON.stringify(model.config)),
    'tokenizer.json': tokenizerFile(model.tokenizer),
    'tokenizer_config.json': Buffer.from(JSON.stringify(model.tokenizerConfig)),
    'model.safetensors': Buffer.concat([headOf(model.tensors), ...weights]),
  };
}
