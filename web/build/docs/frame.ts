/** What stands around the content of every page: head, search, the list of pages, the contents, and what comes next. */
import { escaped } from './highlight.ts';
import type { Content } from './markdown.ts';
import { GROUPS, PAGES, type Page } from './pages.ts';

/** The address of a page from another one: with the file's name, as the pages may be read from a disk. */
export const addressOf = ({ name }: Page): string => `./${name}.html`;

/** A page as HTML; `script` is the address of the script of all pages. */
export function framed(page: Page, { html, sections }: Content, script: string): string {
  const whole = page.name === 'index' ? 'Cloze: documentation' : `${page.title} · Cloze`;
  const summary = sections[0]?.text.slice(0, 155) ?? '';
  return `<!doctype html>
<html lang="en">
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
    <a class="skip" href="#content">Skip to the content</a>
    <header class="masthead">
      <p class="name"><a href="../index.html">Cloze</a> <a href="./index.html">Docs</a></p>
      <search id="search" class="search" hidden>
        <label for="search-box">Search the docs</label>
        <input id="search-box" type="search" placeholder="Search" autocomplete="off" spellcheck="false" aria-describedby="search-hint" aria-keyshortcuts="Control+K" />
        <p id="search-hint" class="hint">Arrow keys go through what is found, Escape closes it. Ctrl+K comes here.</p>
        <div id="found" hidden>
          <p id="found-status" role="status"></p>
          <ol id="found-list"></ol>
        </div>
      </search>
      <fieldset class="theme" id="theme">
        <legend>Theme</legend>
        <label><input type="radio" name="theme" value="auto" checked /><span>Auto</span></label>
        <label><input type="radio" name="theme" value="light" /><span>Light</span></label>
        <label><input type="radio" name="theme" value="dark" /><span>Dark</span></label>
      </fieldset>
    </header>
    <div class="columns">
      <nav class="pages" aria-label="Pages">
        <details open>
          <summary>All pages</summary>
${GROUPS.map(({ title: group, pages }) => list(group, pages, page)).join('\n')}
        </details>
      </nav>
      ${contents(sections)}
      <script src="./folds.js"></script>
      <main id="content" tabindex="-1">
        <article class="prose">
${html}
        </article>
        ${around(page)}
      </main>
    </div>
    <footer>
      <p><a href="../index.html">The playground</a> · <a href="../teachers.html">For teachers</a> · MIT or Apache-2.0</p>
    </footer>
  </body>
</html>
`;
}

function list(title: string, pages: readonly Page[], here: Page): string {
  const items = pages.map((page) => {
    const current = page === here ? ' aria-current="page"' : '';
    return `            <li><a href="${addressOf(page)}"${current}>${escaped(page.title)}</a></li>`;
  });
  return `          <h2>${escaped(title)}</h2>\n          <ul>\n${items.join('\n')}\n          </ul>`;
}

/** The pages before and after. */
function around(page: Page): string {
  const at = PAGES.indexOf(page);
  const link = (other: Page | undefined, rel: string, label: string): string =>
    other === undefined
      ? ''
      : `<a rel="${rel}" href="${addressOf(other)}"><span>${label}</span> ${escaped(other.title)}</a>`;
  return `<nav class="around" aria-label="Previous and next">${link(PAGES[at - 1], 'prev', 'Before:')}${link(PAGES[at + 1], 'next', 'Next:')}</nav>`;
}

/** The page's headings, where there are several. */
function contents(sections: Content['sections']): string {
  const shown = sections.filter(({ level }) => level === 2 || level === 3);
  if (shown.filter(({ level }) => level === 2).length < 2) return '';
  const items = shown.map(
    ({ level, title, anchor }) => `<li class="level-${level}"><a href="#${anchor}">${escaped(title)}</a></li>`,
  );
  return `<nav class="contents" aria-label="On this page">
        <details open><summary>On this page</summary>
          <ul>${items.join('\n          ')}</ul>
        </details>
      </nav>`;
}
