/** A page that loads models from a hub of its own. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { serveHub } from './hub.mjs';
import { BLANK, launchProfile, open, ROOT, servingPackages } from './support.mjs';

/** @typedef {import('./hub.mjs').Hub} Hub */

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
  const root = first === undefined ? undefined : copyOf(`${ROOT}pkg/dist`, first);
  try {
    const site = await servingPackages(root);
    // Refusals are in the console, and the hub is elsewhere.
    const { page, close } = await open(`${site}${BLANK}`, {
      expected: /Failed to load resource|request to elsewhere|net::ERR|access control|CORS/,
      before: async (fresh) => first === undefined || fresh.addInitScript(first),
    });
    await work({ hub, page, run: runner(page, site, hub) });
    await close();
  } finally {
    await hub.close();
    if (root !== undefined) rmSync(root, { recursive: true, force: true });
  }
}

/** The files of the package or of the site, but a worker that begins with a script. @param {string} dist @param {string} first */
export function copyOf(dist, first) {
  const copy = mkdtempSync(join(tmpdir(), 'cloze-hub-'));
  for (const entry of readdirSync(dist, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const from = join(entry.parentPath, entry.name);
    const to = join(copy, relative(dist, from));
    mkdirSync(dirname(to), { recursive: true });
    // The site's has a hash in its name.
    if (/^worker(-.{8})?\.js$/.test(entry.name)) writeFileSync(to, `${first}\n${readFileSync(from, 'utf8')}`);
    else symlinkSync(from, to);
  }
  return copy;
}

/**
 * A profile that outlives its browsers, for those that are killed.
 * @param {Hub} hub
 * @param {(start: () => Promise<{ context: import('playwright-core').BrowserContext, run: ReturnType<typeof runner> }>) => Promise<void>} work
 *   `start` opens a browser with the profile, on a page as that of {@link withHub}
 */
export async function withProfile(hub, work) {
  const profile = mkdtempSync(join(tmpdir(), 'cloze-profile-'));
  try {
    const site = await servingPackages();
    await work(async () => {
      const context = await launchProfile(profile);
      const page = await context.newPage();
      await page.goto(`${site}${BLANK}`);
      return { context, run: runner(page, site, hub) };
    });
  } finally {
    rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
  }
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
