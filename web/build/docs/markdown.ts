/** Markdown → HTML: headings with anchors as GitHub makes them, links between pages, tables that scroll, code with colours. */
import { posix } from 'node:path';
import MarkdownIt from 'markdown-it';
import { highlighted } from './highlight.ts';

type Tokens = ReturnType<MarkdownIt['parse']>;
type Token = Tokens[number];

/** A heading, and the text up to the next one. */
export interface Section {
  readonly level: number;
  readonly title: string;
  readonly anchor: string;
  readonly text: string;
}

/** A page's content. */
export interface Content {
  readonly html: string;
  readonly title: string;
  readonly sections: readonly Section[];
}

/** Where links lead. */
export interface Places {
  /** The page that a file of the sources is shown on; undefined where it is on none. */
  page(file: string): string | undefined;
  /** Takes a picture of the sources; its address from a page. */
  picture(file: string): string;
}

const text = (token: Token): string =>
  (token.children ?? []).map(({ type, content }) => (/^(text|code_inline)$/u.test(type) ? content : ' ')).join('');

/** Anchors as GitHub makes them, each once. */
class Anchors {
  readonly #seen = new Map<string, number>();

  of(title: string): string {
    const plain = title
      .trim()
      .toLowerCase()
      .replace(/[^\p{L}\p{M}\p{N}\p{Pc} -]/gu, '')
      .replaceAll(' ', '-');
    const before = this.#seen.get(plain) ?? 0;
    this.#seen.set(plain, before + 1);
    return before === 0 ? plain : `${plain}-${before}`;
  }
}

const markdown = new MarkdownIt({ html: true });
const { rules } = markdown.renderer;

// Both scroll where they are too wide, and by keyboard as well.
rules['table_open'] = (tokens, at) =>
  `<div class="scroll" tabindex="0" role="group" aria-label="${markdown.utils.escapeHtml(String(tokens[at]?.meta ?? 'Table'))}"><table>\n`;
rules['table_close'] = () => '</table></div>\n';
rules['fence'] = (tokens, at) => {
  const { content, info } = tokens[at]!;
  return `<pre tabindex="0"><code>${highlighted(content, info.trim().split(/\s/u, 1)[0] ?? '')}</code></pre>\n`;
};
rules['code_block'] = (tokens, at) =>
  `<pre tabindex="0"><code>${markdown.utils.escapeHtml(tokens[at]?.content ?? '')}</code></pre>\n`;
// Strict policies allow no style in HTML.
for (const cell of ['th_open', 'td_open'])
  rules[cell] = (tokens, at, options, _, self) => {
    const token = tokens[at]!;
    const style = token.attrGet('style');
    if (style) token.attrs = [['class', style.includes('right') ? 'number' : 'middle']];
    return self.renderToken(tokens, at, options);
  };

/** A Markdown file as a page's content. `from` is where it lies in the sources. */
export function rendered(source: string, from: string, places: Places): Content {
  const tokens = markdown.parse(source.replace(/^---\n.*?\n---\n/su, ''), {});
  const sections = sectionsOf(tokens);
  for (const token of tokens) for (const child of token.children ?? []) redirect(child, from, places);
  unlink(tokens);
  const html = markdown.renderer.render(tokens, markdown.options, {});
  const title = sections.find(({ level }) => level === 1)?.title;
  if (title === undefined) throw new Error(`${from} has no heading of the first level`);
  return { html, title, sections };
}

/** Gives headings their anchors and tables their names, and says what stands below each heading. */
function sectionsOf(tokens: Tokens): Section[] {
  const anchors = new Anchors();
  const sections: { -readonly [K in keyof Section]: Section[K] }[] = [];
  tokens.forEach((token, index) => {
    const inline = tokens[index + 1];
    if (token.type === 'heading_open' && inline) {
      const title = text(inline).trim();
      const anchor = anchors.of(text(inline));
      const level = Number(token.tag.slice(1));
      if (level > 1) token.attrSet('id', anchor);
      sections.push({ level, title, anchor: level > 1 ? anchor : '', text: '' });
    }
    const section = sections.at(-1);
    // A head that says nothing is no head.
    if (token.type === 'th_open' && inline?.content === '') token.tag = tokens[index + 2]!.tag = 'td';
    if (token.type === 'table_open') token.meta = section ? `Table: ${section.title}` : 'Table';
    if (!section) return;
    if (token.type === 'inline' && tokens[index - 1]?.type !== 'heading_open') section.text += ` ${text(token)}`;
    if (token.type === 'fence') section.text += ` ${token.content}`;
  });
  return sections.map((section) => ({ ...section, text: section.text.replace(/\s+/gu, ' ').trim() }));
}

/** Lets a link lead to the page that shows what it names; one to a file that no page shows loses its address. */
function redirect(token: Token, from: string, places: Places): void {
  const name = token.type === 'image' ? 'src' : 'href';
  const target = token.type === 'link_open' || token.type === 'image' ? token.attrGet(name) : null;
  if (target === null || /^([a-z]+:|#)/iu.test(target)) return;
  const [path = '', anchor] = target.split('#', 2);
  const file = posix.normalize(posix.join(posix.dirname(from), decodeURIComponent(path)));
  if (token.type === 'image') return token.attrSet(name, places.picture(file));
  const page = places.page(file);
  token.attrSet(name, page === undefined ? '' : anchor === undefined ? page : `${page}#${anchor}`);
}

/** Takes links without an address out, and leaves their words. */
function unlink(tokens: Tokens): void {
  for (const token of tokens) {
    const children = token.children ?? [];
    let dropping = false;
    token.children = children.filter((child) => {
      if (child.type === 'link_open') dropping = child.attrGet('href') === '';
      const dropped = dropping && /^link_/u.test(child.type);
      if (child.type === 'link_close') dropping = false;
      return !dropped;
    });
  }
}
