/**
 * The documentation: pages in `docs/` of the site, made of the Markdown files of web/docs and of those that the sources
 * have anyway, of TypeDoc's reading of the package, and of the elements' manifest. Plain HTML: a script adds the search,
 * the theme and what is live.
 */
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Plugin } from 'vite';
import type { Found } from '../../src/docs/found.ts';
import { apiMarkdown } from './api.ts';
import { withElements } from './live.ts';
import { addressOf, framed } from './frame.ts';
import { rendered, type Content } from './markdown.ts';
import { withCode } from './code.ts';
import { CHINESE_PAGES, PAGES, type Page } from './pages.ts';
import { withParts } from './parts.ts';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const read = (file: string): string => readFileSync(`${ROOT}${file}`, 'utf8');

/** The name of the script's entry in vite.config.ts. */
const ENTRY = 'docs';
/** Pages that are no page of the documentation, by the files that they are made of. */
const BESIDE: Record<string, string> = {
  'web/build/teachers.html': '../teachers.html',
  'web/build/teachers.zh.html': '../teachers.zh.html',
  'web/index.html': '../index.html',
};

export function docs(): Plugin {
  return {
    name: 'cloze-docs',
    apply: 'build',
    async generateBundle(_, bundle) {
      const script = Object.values(bundle).find((one) => one.type === 'chunk' && one.isEntry && one.name === ENTRY);
      if (!script) throw new Error('the documentation has no script');
      const [{ tokensText }, sources] = await Promise.all([import('cloze/elements'), markdown()]);
      const emit = (name: string, source: string | Uint8Array): void =>
        void this.emitFile({ type: 'asset', fileName: `docs/${name}`, source });
      const pictures = new Map<string, string>();
      const found = new Map<Page, Found[]>();
      for (const page of [...PAGES, ...CHINESE_PAGES]) {
        const content = contentOf(page, sources.get(page.name) ?? '', pictures);
        emit(`${page.name}.html`, framed(page, content, `../${script.fileName}`));
        found.set(page, sectionsOf(page, content));
      }
      for (const [file, name] of pictures) emit(name, readFileSync(`${ROOT}${file}`));
      emit('docs.css', [tokensText, read('web/src/page.css'), read('web/docs/docs.css')].join('\n'));
      emit('folds.js', read('web/docs/folds.js'));
      emit('search.json', JSON.stringify(PAGES.flatMap((page) => found.get(page)!)));
      // In Chinese, and in English what is there in English alone.
      const others = PAGES.filter((page) => CHINESE_PAGES.every(({ of }) => of !== page));
      emit('search.zh.json', JSON.stringify([...CHINESE_PAGES, ...others].flatMap((page) => found.get(page)!)));
    },
  };
}

/** The Markdown of each page. */
async function markdown(): Promise<Map<string, string>> {
  const made = await apiMarkdown();
  for (const { name, source } of PAGES) if (source !== undefined) made.set(name, withParts(read(source), read));
  const elements = withParts(read('web/docs/elements.md'), read);
  made.set('elements', await withElements(elements));
  for (const { name, source, of } of CHINESE_PAGES) {
    const translated = read(source!);
    if (of!.name === 'elements') made.set(name, await withElements(withCode(translated, elements, source!), 'zh'));
    else made.set(name, withCode(translated, made.get(of!.name)!, source!));
  }
  return made;
}

function contentOf(
  { name, source = `web/docs/${name}.md` }: Page,
  text: string,
  pictures: Map<string, string>,
): Content {
  return rendered(text, source, {
    page: (file) => {
      const shown = [...PAGES, ...CHINESE_PAGES].find(
        (page) => page.source === file || (!page.source && file === `web/docs/${page.name}.md`),
      );
      return shown ? addressOf(shown) : BESIDE[file];
    },
    picture: (file) => {
      const taken = [...pictures.values()];
      const picture = taken.includes(basename(file)) ? file.replaceAll('/', '-') : basename(file);
      if (!pictures.has(file)) pictures.set(file, picture);
      return `./${pictures.get(file)!}`;
    },
  });
}

/** Longer texts add little to what a search finds. */
const LONGEST = 1500;

function sectionsOf(page: Page, { sections }: Content): Found[] {
  return sections
    .filter(({ level }) => level <= 3)
    .map((section) => ({
      page: page.title,
      title: section.title,
      address: `${addressOf(page)}${section.anchor === '' ? '' : `#${section.anchor}`}`,
      text: section.text.slice(0, LONGEST),
    }));
}
