/** A page that loads models from a hub of its own. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { serveHub } from './hub-server.mjs';
import { open, ROOT, serving } from './support.mjs';

/** @typedef {import('./hub-server.mjs').Hub} Hub */

const at = (/** @type {string} */ name) => readFileSync(`${ROOT}models/bert/${name}`);

/** The default BERT as a model of the hub, with files that nobody needs. @returns {Record<string, Buffer>} */
export const bert = () => ({
  'README.md': Buffer.from('# A model'),
  'config.json': at('config.json'),
  'model.gguf': at('model.gguf'),
  'tokenizer.json': at('tokenizer.json'),
});

/** Its name on the hub. */
export const ID = 'acme/bert';
export const WEIGHTS = 'model.gguf';

/**
 * A hub with one model, and a page of the package's own files; both go when the work is done.
 * @param {(tools: { hub: Hub, page: import('playwright-core').Page, run: (script: string) => Promise<any> }) => Promise<void>} work
 *   `run` evaluates a script in the page in which `load(model, options)`, `models`, `env` and `pipeline` are there
 * @param {string} [first] a script that runs first in the page and in workers: it takes abilities away
 */
export async function withHub(work, first) {
  const hub = await serveHub({ [ID]: { files: bert() } });
  const root = first === undefined ? `${ROOT}pkg/dist` : copyOf(`${ROOT}pkg/dist`, first);
  try {
    const site = await serving(root);
    // Refusals are in the console, and the hub is elsewhere.
    const { page, close } = await open(`${site}models/bert/config.json`, {
      expected: /Failed to load resource|request to elsewhere|net::ERR|access control|CORS/,
      before: async (fresh) => first === undefined || fresh.addInitScript(first),
    });
    await work({ hub, page, run: runner(page, site, hub) });
    await close();
  } finally {
    await hub.close();
    if (first !== undefined) rmSync(root, { recursive: true, force: true });
  }
}

/** The package's files, but a worker that begins with a script. @param {string} dist @param {string} first */
function copyOf(dist, first) {
  const copy = mkdtempSync(join(tmpdir(), 'cloze-hub-'));
  for (const name of readdirSync(dist)) {
    if (name === 'worker.js') writeFileSync(join(copy, name), `${first}\n${readFileSync(join(dist, name), 'utf8')}`);
    else symlinkSync(join(dist, name), join(copy, name));
  }
  return copy;
}

/** @param {import('playwright-core').Page} page @param {string} site @param {Hub} hub */
export const runner = (page, site, hub) => (/** @type {string} */ script) =>
  page.evaluate(`(async () => {
    const { pipeline, env, models, LoadControl } = await import('${site}index.js');
    env.remote_host = '${hub.url}';
    const load = async (model = '${ID}', options = {}) => {
      const told = [];
      try {
        const unmask = await pipeline('fill-mask', model, { ...options, progress_callback: (progress) => { told.push(progress); options.progress_callback?.(progress); } });
        const [{ token_str }] = await unmask('She opened the [MASK] and went in.', { top_k: 1 });
        unmask.dispose();
        return { word: token_str, warnings: told.filter(({ status }) => status === 'warning').map(({ code }) => code), told };
      } catch (error) {
        return { code: error.code, message: error.message, details: error.details, told };
      }
    };
    ${script}
  })()`);
