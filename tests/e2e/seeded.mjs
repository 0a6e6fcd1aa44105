/** The seeded models of the parity fixtures as folders: their weights follow from names and a seed (tests/parity/seeded.py). */
import { readdirSync, readFileSync } from 'node:fs';
import { countOf, headOf } from '../random-weights.mjs';
import { ROOT } from './support.mjs';

const FIXTURES = `${ROOT}tests/parity/fixtures`;

/** Which of the small tokenizers a model has. @type {Record<string, string>} */
const TOKENIZERS = {
  bert: 'wordpiece-uncased',
  distilbert: 'wordpiece-cased',
  roberta: 'roberta',
  albert: 'albert',
  gpt2: 'byte-level',
};

const MASK = (1n << 64n) - 1n;

/** @param {string} name */
function fnv1a64(name) {
  let state = 0xcbf29ce484222325n;
  for (const byte of Buffer.from(name)) state = ((state ^ BigInt(byte)) * 0x100000001b3n) & MASK;
  return state;
}

/** The values of one tensor. @param {{ name: string, shape: number[], scale: number, base: number }} tensor @param {number} seed */
export function valuesOf({ name, shape, scale, base }, seed) {
  const { fround } = Math;
  const width = fround(2 * fround(scale));
  const values = new Float32Array(countOf(shape));
  let counter = fnv1a64(name) ^ BigInt(seed);
  for (let i = 0; i < values.length; i++) {
    counter = (counter + 0x9e3779b97f4a7c15n) & MASK;
    let z = ((counter ^ (counter >> 30n)) * 0xbf58476d1ce4e5b9n) & MASK;
    z = ((z ^ (z >> 27n)) * 0x94d049bb133111ebn) & MASK;
    z ^= z >> 31n;
    const u = fround(Number(z >> 40n) * 2 ** -24);
    values[i] = base + fround(fround(u - 0.5) * width);
  }
  return values;
}

/** The fixtures of fine-tuned models, by name. */
export const headNames = () =>
  readdirSync(`${FIXTURES}/heads`)
    .filter((name) => name.endsWith('.json'))
    .map((name) => name.replace(/\.json$/u, ''))
    .sort();

/** Sizes of the fine-tuned models, and those that can be quantised: matrices with other rows stay as they are. @type {Record<number, number>} */
const QUANTISABLE = { 36: 64, 52: 128 };

/**
 * A fixture, and its model's files; more positions than it has change nothing of what it says. One that is `quantisable` is
 * another model, of which the fixture says nothing.
 * @param {string} name @param {number} [positions] @param {{ quantisable?: boolean }} [options]
 */
export function seededModel(name, positions, { quantisable = false } = {}) {
  const fixture = JSON.parse(readFileSync(`${FIXTURES}/heads/${name}.json`, 'utf8'));
  const { config, tensors, seed } = structuredClone(fixture);
  if (quantisable) {
    const sizes = ['hidden_size', 'intermediate_size', 'dim', 'hidden_dim'].filter((size) => size in config);
    for (const size of sizes) config[size] = QUANTISABLE[config[size]];
    config['n_heads' in config ? 'n_heads' : 'num_attention_heads'] = 4;
    for (const one of tensors) one.shape = one.shape.map((/** @type {number} */ size) => QUANTISABLE[size] ?? size);
  }
  if (positions !== undefined) {
    config.max_position_embeddings = positions;
    const table = tensors.find((/** @type {{ name: string }} */ one) =>
      one.name.endsWith('position_embeddings.weight'),
    );
    table.shape[0] = positions;
  }
  const weights = tensors.map((/** @type {Parameters<typeof valuesOf>[0]} */ one) =>
    Buffer.from(valuesOf(one, seed).buffer),
  );
  const head = headOf(tensors.map((/** @type {{ name: string, shape: number[] }} */ one) => [one.name, one.shape]));
  const tokenizer = `${FIXTURES}/tokenizers/${TOKENIZERS[config.model_type]}`;
  const files = {
    'config.json': Buffer.from(JSON.stringify(config)),
    'model.safetensors': Buffer.concat([head, ...weights]),
    ...Object.fromEntries(readdirSync(tokenizer).map((file) => [file, readFileSync(`${tokenizer}/${file}`)])),
  };
  return { fixture, files };
}

/** A model in the form of bert-base-chinese with `vocab.txt` alone, and its fixture. */
export function chineseModel() {
  const fixture = JSON.parse(readFileSync(`${FIXTURES}/chinese.json`, 'utf8'));
  const { config, tokenizer_config, tensors, seed } = fixture;
  // As TensorFlow called them.
  const published = (/** @type {string} */ name) =>
    name.replace(/LayerNorm\.weight$/u, 'LayerNorm.gamma').replace(/LayerNorm\.bias$/u, 'LayerNorm.beta');
  const head = headOf(tensors.map((/** @type {any} */ { name, shape }) => [published(name), shape]));
  const files = {
    'config.json': Buffer.from(JSON.stringify(config)),
    'tokenizer_config.json': Buffer.from(JSON.stringify(tokenizer_config)),
    'vocab.txt': readFileSync(`${FIXTURES}/tokenizers/chinese/vocab.txt`),
    'model.safetensors': Buffer.concat([
      head,
      ...tensors.map((/** @type {any} */ one) => Buffer.from(valuesOf(one, seed).buffer)),
    ]),
  };
  return { fixture, files };
}

/** A GPT-2 of random weights over bytes: most of what it writes is no character. */
export function bytesModel() {
  const { config, tensors, seed } = JSON.parse(readFileSync(`${FIXTURES}/tasks/gpt2.json`, 'utf8'));
  const tokenizer = `${FIXTURES}/tokenizers/byte-level`;
  const head = headOf(tensors.map((/** @type {any} */ { name, shape }) => [name, shape]));
  return {
    'config.json': Buffer.from(JSON.stringify(config)),
    'model.safetensors': Buffer.concat([
      head,
      ...tensors.map((/** @type {any} */ one) => Buffer.from(valuesOf(one, seed).buffer)),
    ]),
    ...Object.fromEntries(readdirSync(tokenizer).map((file) => [file, readFileSync(`${tokenizer}/${file}`)])),
  };
}

/** Python counts code points. @param {string} text @param {number} at */
export const unitsOf = (text, at) => [...text].slice(0, at).join('').length;
