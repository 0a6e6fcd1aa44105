/** Builds the service worker when the site is there, and tells it which files the site is made of. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, type Plugin } from 'vite';
import type { Site } from '../service-worker/site';

const SOURCE = fileURLToPath(new URL('../service-worker/main.ts', import.meta.url));
/** The scripts of the documentation: only its readers need them. */
const DOCS = fileURLToPath(new URL('../src/docs/', import.meta.url));
/** The folder of a package's entry, as the page imports it. */
const folderOf = (name: string): string => dirname(createRequire(import.meta.url).resolve(name));

export function serviceWorker(): Plugin {
  return {
    name: 'cloze-service-worker',
    apply: 'build',
    async writeBundle({ dir = '' }, bundle) {
      const entry = Object.values(bundle).find(
        (file) => file.type === 'chunk' && file.isEntry && file.name === 'index',
      );
      if (!entry) throw new Error('the page has no script');
      const ofDocs = Object.values(bundle)
        .filter((file) => file.type === 'chunk' && file.facadeModuleId?.startsWith(DOCS) === true)
        .map(({ fileName }) => fileName);
      await build({
        configFile: false,
        publicDir: false,
        logLevel: 'warn',
        define: { __SITE__: JSON.stringify(describe(dir, entry.fileName, ofDocs)) },
        build: {
          outDir: dir,
          emptyOutDir: false,
          target: 'es2022',
          modulePreload: false,
          rolldownOptions: { input: SOURCE, output: { format: 'iife', entryFileNames: 'sw.js' } },
        },
      });
    },
  };
}

/** What the built site in `dir` is made of; `ofDocs` are the documentation's files outside of its folder. */
function describe(dir: string, entry: string, ofDocs: readonly string[]): Site {
  const parts = partsOf(folderOf('cloze'));
  // The package stores its models itself; pictures of them stand in the documentation.
  const models = new Set(filesIn(folderOf('cloze-models')).map(digest));
  const all = createHash('sha256');
  const site: Site = { version: '', entry, page: [], parts: {} };
  for (const file of filesIn(dir)) {
    const path = file.slice(dir.length + 1).replaceAll('\\', '/');
    const hash = digest(file);
    const ofModels = models.has(hash) && !path.startsWith('docs/');
    if (path === 'sw.js' || ofModels) continue;
    all.update(`${path} ${hash}\n`);
    const name = path.startsWith('docs/') ? path : ofDocs.includes(path) ? `docs/${path}` : parts.get(hash);
    if (name !== undefined) site.parts[name] = { path, bytes: statSync(file).size };
    else site.page.push(path === 'index.html' ? './' : path);
  }
  site.version = all.digest('hex').slice(0, 16);
  return site;
}

/** The names of the files that are kept once they were used, by their digests. */
function partsOf(folder: string): Map<string, string> {
  const found = new Map<string, string>();
  for (const file of filesIn(folder)) {
    const path = file.slice(folder.length + 1).replaceAll('\\', '/');
    const build = /^wasm(?:-([^/]+))?\/([^/]+)\/[^/]+\.wasm$/u.exec(path);
    if (build) found.set(digest(file), nameOf(build[1], build[2]!));
    else if (/^texts\/.*\.(txt|json)$/u.test(path)) found.set(digest(file), path);
  }
  return found;
}

/** The name of a build of a kind: `simd128`, `lean/simd128`, `training/simd128`. */
const nameOf = (kind: string | undefined, build: string): string =>
  kind === undefined ? build : `${kind === 'train' ? 'training' : kind}/${build}`;

const filesIn = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));

const digest = (file: string): string => createHash('sha256').update(readFileSync(file)).digest('hex');
