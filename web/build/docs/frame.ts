/** What stands around the content of every page: head, search, the list of pages, the contents, and what comes next. */
import { escaped } from './highlight.ts';
import type { Content } from './markdown.ts';
import { CHINESE_PAGES, groupsIn, otherOf, PAGES, type Page } from './pages.ts';
import { WORDS } from './words.ts';

/** The address of a page from another one: with the file's name, as the pages may be read from a disk. */
export const addressOf = ({ name }: Page): string => `./${name}.html`;

/** A page as HTML; `script` is the address of the script of all pages. */
export function framed(page: Page, { html, sections }: Content, script: string): string {
  const language = page.language ?? 'en';
  const say = WORDS[language];
  const other = otherOf(page);
  const otherTag = WORDS[other.language ?? 'en'].tag;
  const [auto, light, dark] = say.themes;
  const whole = (page.of ?? page).name === 'index' ? say.documentation : `${page.title} · Cloze`;
  const summary = sections[0]?.text.slice(0, 155) ?? '';
  return `<!doctype html>
<html lang="${say.tag}">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <meta name="color-scheme" content="light dark" />
    <title>${escaped(whole)}</title>
    <meta name="description" content="${escaped(summary)}" />
    <meta name="theme-color" content="#fbfaf6" media="(prefers-color-scheme: light)" />
    <meta name="theme-color" content="#161513" media="(prefers-color-scheme: dark)" />
    <link rel="icon" href="../favicon.svg" type="image/svg+xml" />
    <script src="../theme-first.js"></script>
    <link rel="stylesheet" href="./docs.css" />
    <script type="module" src="${script}"></script>
  </head>
  <body class="docs">
    <a class="skip" href="#content">${say.skip}</a>
    <header class="masthead">
      <p class="name"><a href="../index.html">Cloze</a> <a href="./${language === 'zh' ? 'index.zh' : 'index'}.html">${say.docs}</a></p>
      <search id="search" class="search" hidden>
        <label for="search-box">${say.searchLabel}</label>
        <input id="search-box" type="search" placeholder="${say.searchBox}" autocomplete="off" spellcheck="false" aria-describedby="search-hint" aria-keyshortcuts="Control+K" />
        <p id="search-hint" class="hint">${say.searchHint}</p>
        <div id="found" hidden>
          <p id="found-status" role="status"></p>
          <ol id="found-list"></ol>
        </div>
      </search>
      <p class="other"><a id="other-language" href="${addressOf(other)}" hreflang="${otherTag}" lang="${otherTag}">${say.other}</a></p>
      <fieldset class="theme" id="theme">
        <legend>${say.theme}</legend>
        <label><input type="radio" name="theme" value="auto" checked /><span>${auto}</span></label>
        <label><input type="radio" name="theme" value="light" /><span>${light}</span></label>
        <label><input type="radio" name="theme" value="dark" /><span>${dark}</span></label>
      </fieldset>
    </header>
    <div class="columns">
      <nav class="pages" aria-label="${say.pages}">
        <details open>
          <summary>${say.allPages}</summary>
${groupsIn(language)
  .map(({ title: group, pages }) => list(group, pages, page))
  .join('\n')}
        </details>
      </nav>
      ${contents(sections, say.onThisPage)}
      <script src="./folds.js"></script>
      <main id="content" tabindex="-1">
        <article class="prose">
${html}
        </article>
        ${around(page)}
      </main>
    </div>
    <footer>
      <p><a href="../index.html">${say.playground}</a> · <a href="${say.teachersPage}">${say.teachers}</a> · ${say.licence}</p>
    </footer>
  </body>
</html>
`;
}

function list(title: string, pages: readonly Page[], here: Page): string {
  const items = pages.map((page) => {
    const current = page === here ? ' aria-current="page"' : '';
    const foreign = (page.language ?? 'en') === (here.language ?? 'en') ? '' : ' hreflang="en"';
    const mark = foreign === '' ? '' : WORDS[here.language ?? 'en'].inEnglish;
    return `            <li><a href="${addressOf(page)}"${foreign}${current}>${escaped(page.title)}${mark}</a></li>`;
  });
  return `          <h2>${escaped(title)}</h2>\n          <ul>\n${items.join('\n')}\n          </ul>`;
}

/** The pages before and after. */
function around(page: Page): string {
  const all = page.language === 'zh' ? CHINESE_PAGES : PAGES;
  const at = all.indexOf(page);
  const say = WORDS[page.language ?? 'en'];
  const link = (other: Page | undefined, rel: string, label: string): string =>
    other === undefined
      ? ''
      : `<a rel="${rel}" href="${addressOf(other)}"><span>${label}</span> ${escaped(other.title)}</a>`;
  return `<nav class="around" aria-label="${say.around}">${link(all[at - 1], 'prev', say.before)}${link(all[at + 1], 'next', say.next)}</nav>`;
}

/** The page's headings, where there are several. */
function contents(sections: Content['sections'], heading: string): string {
  const shown = sections.filter(({ level }) => level === 2 || level === 3);
  if (shown.filter(({ level }) => level === 2).length < 2) return '';
  const items = shown.map(
    ({ level, title, anchor }) => `<li class="level-${level}"><a href="#${anchor}">${escaped(title)}</a></li>`,
  );
  return `<nav class="contents" aria-label="${heading}">
        <details open><summary>${heading}</summary>
          <ul>${items.join('\n          ')}</ul>
        </details>
      </nav>`;
}
