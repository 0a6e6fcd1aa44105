/** Puts the tabs and the panels of the screens into index.html: one of each for a row of the package's screens. */
import type { Plugin } from 'vite';

/** The part of a row that is used here. */
interface Row {
  readonly task: string;
  readonly tag: string;
  readonly label: string;
  /** What it does, where the reader brings its model. */
  readonly brought?: string;
}

const TABS = '<!-- tabs -->';
const PANELS = '<!-- panels -->';
/** Links to the screens whose tabs do not show at first. */
const MORE = '<!-- more -->';
/** Stands in the first panel until the page's script has arrived. */
const STARTING = '<!-- starting -->';

export function screens(): Plugin {
  return {
    name: 'cloze-screens',
    transformIndexHtml: {
      order: 'pre',
      async handler(html, { path }) {
        if (!path.endsWith('/index.html')) return html;
        // Not before the page is built: unit tests read this configuration without a built package.
        const { SCREENS } = await import('cloze/screens');
        return fillIn(html, SCREENS);
      },
    },
  };
}

/** The page with its tabs and panels; the first one is shown. */
export function fillIn(html: string, rows: readonly Row[]): string {
  const starting = new RegExp(`${STARTING}(.*)`, 'u').exec(html);
  if (![TABS, PANELS, MORE].every((place) => html.includes(place)) || !starting)
    throw new Error('index.html has no place for screens');
  const tabs = rows.map(({ task, label, brought }, index) => {
    const selected = index === 0 ? 'aria-selected="true"' : 'aria-selected="false" tabindex="-1"';
    return `<button type="button" role="tab" id="tab-${task}" data-task="${task}" aria-controls="panel-${task}" ${selected}${brought === undefined ? '' : ' hidden'}>${label}</button>`;
  });
  const more = rows
    .filter(({ brought }) => brought !== undefined)
    .map(({ task, label, brought }) => `<li><a href="#task=${task}">${label}</a> <span>${brought}</span></li>`);
  const panels = rows.map(({ task, tag }, index) => {
    const [hidden, content] = index === 0 ? ['', starting[1]!.trim()] : [' hidden', ''];
    return `<section role="tabpanel" id="panel-${task}" aria-labelledby="tab-${task}"${hidden}>
        <${tag} full>${content}</${tag}>
      </section>`;
  });
  return html
    .replace(starting[0], '')
    .replace(TABS, () => tabs.join('\n        '))
    .replace(MORE, () => more.join('\n            '))
    .replace(PANELS, () => panels.join('\n      '));
}
