/**
 * Folders in Hugging Face layout with random weights of GPT-2's and BERT-base's shapes. Speed does not depend on what the
 * weights say, so none need be downloaded; the tokenizers are those of the default models.
 */
import { copyFile, mkdir, open, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { bertTensors, countOf, gpt2Tensors, headOf, random } from '../random-weights.mjs';

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

/** @param {string} path @param {import('../random-weights.mjs').Tensors} tensors */
async function writeSafetensors(path, tensors) {
  const file = await open(path, 'w');
  await file.write(headOf(tensors));
  const next = random();
  for (const [name, shape] of tensors) {
    const norm = /(LayerNorm|ln_\w)\.weight$/.test(name);
    const data = Float32Array.from({ length: countOf(shape) }, () => (norm ? 1 : 0) + 0.2 * next());
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
