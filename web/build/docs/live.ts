/** The page of the elements: its demos, which run, and the tables of what each element has. */
import type { Field, Schema } from 'cloze/screens';
import { WORDS, type Language } from './words.ts';
import { manifest, shared, tables, without, type Element, type Values } from './elements.ts';

/** Stands for the tables of an element, or of `all`. */
const PLACE = /^<!-- element: ([\w-]+) -->$/gmu;
/** HTML that runs in the page, and is shown below. */
const LIVE = /^```html live\n(.*?)^```$/gmsu;

/** Elements that are tools for more than a task, and the list of what is kept: they share less with the others. */
const TOOLS = ['cloze-train', 'cloze-models', 'cloze-kept-models'];

/** The page's Markdown with its demos and tables. */
export async function withElements(source: string, language: Language = 'en'): Promise<string> {
  const { SCREENS, stateAttributes } = await import('cloze/screens');
  const elements = manifest();
  const all = shared(elements.filter(({ tagName }) => !TOOLS.includes(tagName)));
  const values = (tag: string) => {
    const schema: Schema = SCREENS.find((row) => row.tag === tag)?.schema ?? {};
    const keys = stateAttributes(schema);
    return (attribute: string) => valuesOf(schema[keys.get(attribute) ?? '']);
  };
  const found = new Set<string>();
  const filled = source.replace(PLACE, (_, tag: string) => {
    found.add(tag);
    if (tag === 'all')
      return inEnglish(
        tables(all, 'all elements', () => undefined),
        language,
      );
    const element = elements.find(({ tagName }) => tagName === tag);
    if (!element) throw new Error(`the manifest has no <${tag}>`);
    return elementTables(element, all, values(tag), language);
  });
  const lost = elements.filter(({ tagName }) => !found.has(tagName) && tagName !== 'cloze-kept-models');
  if (lost.length > 0) throw new Error(`elements.md says nothing of ${lost.map(({ tagName }) => tagName).join(', ')}`);
  return filled.replace(LIVE, (_, html: string) => `${stage(html)}\n\n\`\`\`html\n${html}\`\`\``);
}

/** The tables' words are those of the sources. */
const inEnglish = (html: string, language: Language): string =>
  language === 'en' ? html : `<div lang="en">\n${html}\n</div>`;

function elementTables(
  element: Element,
  all: Element,
  values: (attribute: string) => Values | undefined,
  language: Language,
): string {
  const { tagName, path } = element;
  const own = TOOLS.includes(tagName) ? element : without(element, all);
  const imported = path.replace(/^dist\/(.*)\.js$/u, 'cloze/$1');
  return `<details class="has">
<summary>${WORDS[language].has(`<code>&lt;${tagName}&gt;</code>`)}</summary>
<p><code>import '${imported}'</code></p>
${inEnglish(tables(own, `<${tagName}>`, values), language)}
</details>`;
}

/** Markdown ends a block of HTML at an empty line. */
const stage = (html: string): string => `<div class="stage">\n${html.replaceAll(/\n\n+/gu, '\n').trim()}\n</div>`;

function valuesOf(field: Field | undefined): Values | undefined {
  if (!field) return undefined;
  return { takes: takes(field), first: field.default === null ? '' : String(field.default) };
}

/** What a field takes, in words. */
function takes(field: Field): string {
  switch (field.kind) {
    case 'flag':
      return 'true, false';
    case 'choice':
      return field.of.join(', ');
    case 'list':
      return `a JSON list of at most ${field.most} texts`;
    case 'number':
      return `${field.whole ? 'whole number' : 'number'}, ${field.min} to ${field.max}`;
    case 'seed':
      return 'whole number; another one each time where it is left out';
    case 'text':
      return 'text';
  }
}
