// Writes models/index.js from the files beside it, so that a changed model is known by its new hash.
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';

const FILES = {
  bert: ['config.json', 'tokenizer.json', 'model.gguf'],
  gpt: ['config.json', 'tokenizer.json', 'model.gguf'],
  unigram: ['tokenizer.json'],
};
const folder = new URL('../../models/', import.meta.url);

const models = Object.entries(FILES).map(([model, names]) => {
  const files = names.map((name) => {
    const bytes = readFileSync(new URL(`${model}/${name}`, folder));
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    return `    '${name}': {
      url: () => new URL('./${model}/${name}', import.meta.url),
      size: ${bytes.length},
      sha256: '${sha256}',
    },`;
  });
  return `  ${model}: {\n${files.join('\n')}\n  },`;
});

const target = new URL('index.js', folder);
const text = `// Made by pkg/scripts/default-models.mjs; do not edit.

/** Where each file lies and what it must be. The addresses are written out, so that bundlers find and copy the files. */
export const models = {
${models.join('\n')}
};

// Where \`cloze\` looks for them: importing this package is all that a page does. The first copy on a page stays.
globalThis[Symbol.for('cloze-models')] ??= models;
`;
if (readFileSync(target, { encoding: 'utf8', flag: 'a+' }) !== text) writeFileSync(target, text);
