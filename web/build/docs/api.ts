/** The reference of the API: TypeDoc reads the package's types and comments, and writes Markdown, a file a module. */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { API } from './pages.ts';

const PACKAGE = fileURLToPath(new URL('../../../pkg/', import.meta.url));
/** Has the versions. */
const LOCK = fileURLToPath(new URL('../../../package-lock.json', import.meta.url));
const CACHE = fileURLToPath(new URL('../../../node_modules/.cache/cloze-docs/', import.meta.url));

/** TypeDoc takes ten seconds: what it made of the same sources is taken again. */
export async function apiMarkdown(): Promise<Map<string, string>> {
  const folder = join(CACHE, inputs());
  if (!existsSync(folder)) {
    rmSync(CACHE, { recursive: true, force: true });
    const made = `${folder}.part`;
    await typedoc(made);
    renameSync(made, folder);
  }
  return new Map(API.map(({ name, imported, entry }) => [name, fitted(read(folder, entry), imported)]));
}

/** The name that TypeDoc gives to a module's file. */
const moduleOf = (entry: string): string => entry.replace(/^src\//u, '').replace(/(\/index)?\.ts$/u, '');
const read = (folder: string, entry: string): string => readFileSync(join(folder, `${moduleOf(entry)}.md`), 'utf8');

/**
 * The module is called as it is imported; rules between its members are of no use here. TypeDoc's plugin counts some names
 * twice that stand in one heading (`#run-1` where there is only `#run`).
 */
function fitted(markdown: string, imported: string): string {
  const headings = [...markdown.matchAll(/^#+ (.*)$/gmu)].map(([, text = '']) =>
    text.toLowerCase().replace(/[`()?]/gu, ''),
  );
  const once = (name: string): boolean => headings.filter((heading) => heading === name).length === 1;
  return markdown
    .replaceAll(/\]\(#(\w+)-1\)/gu, (link, name: string) => (once(name) ? `](#${name})` : link))
    .replace(/^# .*$/mu, `# ${imported}`)
    .replaceAll(/^\*\*\*\n/gmu, '')
    .replaceAll(/\]\(([\w-]+)\.md(#[^)]*)?\)/gu, (_, module: string, anchor = '') => {
      const page = API.find(({ entry }) => moduleOf(entry) === module);
      if (!page) throw new Error(`no page shows the module ${module}`);
      return `](${page.name}.md${anchor as string})`;
    });
}

async function typedoc(out: string): Promise<void> {
  const { Application } = await import('typedoc');
  const options = {
    entryPoints: API.map(({ entry }) => join(PACKAGE, entry)),
    tsconfig: join(PACKAGE, 'tsconfig.build.json'),
    basePath: join(PACKAGE, 'src'),
    plugin: ['typedoc-plugin-markdown'],
    outputs: [{ name: 'markdown', path: out }],
    readme: 'none',
    groupOrder: ['Functions', 'Classes', 'Variables', 'Interfaces', 'Type Aliases', '*'],
    disableGit: true,
    disableSources: true,
    excludePrivate: true,
    excludeProtected: true,
    excludeExternals: true,
    excludeInternal: true,
    logLevel: 'Error' as const,
    outputFileStrategy: 'modules',
    hidePageHeader: true,
    hideBreadcrumbs: true,
    useCodeBlocks: true,
    expandParameters: true,
    parametersFormat: 'table',
    interfacePropertiesFormat: 'table',
    typeAliasPropertiesFormat: 'table',
    typeDeclarationFormat: 'table',
  };
  const app = await Application.bootstrapWithPlugins(options);
  const project = await app.convert();
  if (!project) throw new Error('TypeDoc could not read the package');
  await app.generateOutputs(project);
}

/** A hash of all that TypeDoc reads, and of how it is asked. */
function inputs(): string {
  const hash = createHash('sha256').update(readFileSync(fileURLToPath(import.meta.url)));
  hash.update(readFileSync(LOCK));
  const files = readdirSync(join(PACKAGE, 'src'), { recursive: true, encoding: 'utf8' }).filter((file) =>
    file.endsWith('.ts'),
  );
  for (const file of files.sort()) hash.update(`${file}\n`).update(readFileSync(join(PACKAGE, 'src', file)));
  return hash.digest('hex').slice(0, 16);
}
