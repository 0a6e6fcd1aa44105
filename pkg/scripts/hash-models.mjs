// Writes src/files/sources/default-hashes.ts from the files in ../models, so that a changed model is known by its new hash.
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';

const FILES = ['config.json', 'tokenizer.json', 'model.gguf'];
const lines = ['bert', 'gpt'].flatMap((model) => [
  `  ${model}: {`,
  ...FILES.map((name) => {
    const bytes = readFileSync(new URL(`../../models/${model}/${name}`, import.meta.url));
    return `    '${name}': { size: ${bytes.length}, sha256: '${createHash('sha256').update(bytes).digest('hex')}' },`;
  }),
  '  },',
]);

const target = new URL('../src/files/sources/default-hashes.ts', import.meta.url);
const text = `/** What the default models' files must be. Made by scripts/hash-models.mjs; do not edit. */
import type { DefaultModel } from './defaults.js';

/** Length and SHA-256 of each file. */
export const HASHES: Record<DefaultModel, Record<string, { size: number; sha256: string }>> = {
${lines.join('\n')}
};
`;
if (readFileSync(target, { encoding: 'utf8', flag: 'a+' }) !== text) writeFileSync(target, text);
