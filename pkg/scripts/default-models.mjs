// Writes src/files/sources/default-models.ts from the files in ../models, so that a changed model is known by its new hash.
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';

const MODEL = ['config.json', 'tokenizer.json', 'model.gguf'];
const list = (model, files) => [
  '() => ({',
  ...files.flatMap((name) => {
    const bytes = readFileSync(new URL(`../../models/${model}/${name}`, import.meta.url));
    return [
      `    '${name}': {`,
      `      key: 'cloze:${model}/${name}',`,
      `      url: absolute(new URL('./models/${model}/${name}', import.meta.url)),`,
      `      size: ${bytes.length},`,
      `      expected: { sha256: '${createHash('sha256').update(bytes).digest('hex')}' },`,
      '    },',
    ];
  }),
  '  })',
];
const lines = ['bert', 'gpt'].flatMap((model) => `  ${model}: ${list(model, MODEL).join('\n')},`);
const layers = ['bert', 'gpt'].map((model) => {
  const config = JSON.parse(readFileSync(new URL(`../../models/${model}/config.json`, import.meta.url), 'utf8'));
  return `${model}: ${config.num_hidden_layers ?? config.n_layer}`;
});
const unigram = list('unigram', ['tokenizer.json']).map((line) => line.replace(/^ {2}/u, ''));

const target = new URL('../src/files/sources/default-models.ts', import.meta.url);
const text = `/** The models that come with the package. Made by scripts/default-models.mjs; do not edit. */
import { absolute } from '../../border/addresses.js';
import type { DefaultModel, ListedFile } from '../../border/load-request.js';

/**
 * Where each file of a default model lies and what it must be. Addresses are relative to the built modules in dist/, and
 * written out, so that bundlers find and copy the files. Keys name the model and not the address: bundlers put a hash
 * into addresses, and what an older version of a page has stored is to be replaced.
 */
export const DEFAULT_MODELS: Record<DefaultModel, () => Record<string, ListedFile>> = {
${lines.join('\n')}
};

/** How many layers each has. */
export const DEFAULT_LAYERS: Record<DefaultModel, number> = { ${layers.join(', ')} };

/** A tokenizer of SentencePiece's kind that belongs to no model, to compare with the models' own. */
export const UNIGRAM_TOKENIZER: () => Record<string, ListedFile> = ${unigram.join('\n')};
`;
if (readFileSync(target, { encoding: 'utf8', flag: 'a+' }) !== text) writeFileSync(target, text);
