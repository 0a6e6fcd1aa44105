/** Tables of the elements, from the manifest that the package's build makes of their source. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { escaped } from './highlight.ts';

interface Named {
  readonly name: string;
  readonly description?: string;
  readonly type?: { readonly text: string };
  readonly default?: string;
}

interface Member extends Named {
  readonly kind: 'field' | 'method';
  readonly readonly?: boolean;
  readonly parameters?: readonly Named[];
  readonly return?: { readonly type: { readonly text: string } };
}

/** What the manifest says of an element. */
export interface Element extends Named {
  readonly tagName: string;
  readonly path: string;
  readonly attributes: readonly (Named & { readonly fieldName?: string })[];
  readonly members: readonly Member[];
  readonly events: readonly Named[];
  readonly slots?: readonly Named[];
  readonly cssParts?: readonly Named[];
  readonly cssProperties?: readonly Named[];
}

/** What a key of a screen's state takes, in words, and what stands there at first. */
export interface Values {
  readonly takes: string;
  readonly first: string;
}

/** Reads the manifest of the built package. */
export function manifest(): Element[] {
  const file = createRequire(import.meta.url).resolve('cloze/custom-elements.json');
  const { modules } = JSON.parse(readFileSync(file, 'utf8')) as {
    modules: { path: string; declarations: Omit<Element, 'path'>[] }[];
  };
  return modules.flatMap(({ path, declarations }) => declarations.map((one) => ({ ...one, path })));
}

/** In each of these places of an element's description stand things with names. */
const LISTS = ['attributes', 'members', 'events', 'slots', 'cssParts', 'cssProperties'] as const;

/** What all of the elements have in the same words. */
export function shared(elements: readonly Element[]): Element {
  const [first, ...others] = elements;
  if (!first) throw new Error('the manifest has no elements');
  const alike = (one: Named, other: Named): boolean => one.name === other.name && one.description === other.description;
  const lists = LISTS.map((list) => [
    list,
    (first[list] ?? []).filter((one) => others.every((other) => other[list]?.some((two) => alike(one, two)))),
  ]);
  return { ...first, ...(Object.fromEntries(lists) as Pick<Element, (typeof LISTS)[number]>) };
}

/** The element without what `common` has. */
export function without(element: Element, common: Element): Element {
  const lists = LISTS.map((list) => [
    list,
    (element[list] ?? []).filter((one) => !common[list]?.some(({ name }) => name === one.name)),
  ]);
  return { ...element, ...(Object.fromEntries(lists) as Pick<Element, (typeof LISTS)[number]>) };
}

/** The tables, each with a caption. `values` says of an attribute what it takes, where that is known. */
export function tables(element: Element, of: string, values: (attribute: string) => Values | undefined): string {
  const { attributes, members, events } = element;
  const attributed = new Set(attributes.map(({ fieldName }) => fieldName));
  const described = (named: Named): string => inline(named.description ?? '');
  const parts = [
    table(of, 'Attributes', ['Attribute', 'Takes', 'At first', ''], attributes, (one) => {
      const known = values(one.name);
      return [known ? escaped(known.takes) : code(one.type?.text), known ? code(known.first) : '', described(one)];
    }),
    table(
      of,
      'Properties',
      ['Property', 'Type', ''],
      members.filter(({ kind, name }) => kind === 'field' && !attributed.has(name)),
      (one) => [code(one.type?.text), `${one.readonly ? 'Read only. ' : ''}${described(one)}`],
    ),
    table(
      of,
      'Methods',
      ['Method', 'Gives', ''],
      members.filter(({ kind }) => kind === 'method'),
      (one) => [code(one.return?.type.text), described(one)],
    ),
    table(of, 'Events', ['Event', 'Detail', ''], events, (one) => [
      code(/^CustomEvent<(.*)>$/su.exec(one.type?.text ?? '')?.[1] ?? one.type?.text),
      described(one),
    ]),
    table(of, 'Slots', ['Slot', ''], element.slots ?? [], (one) => [described(one)]),
    table(of, 'Parts', ['Part', ''], element.cssParts ?? [], (one) => [described(one)]),
    table(of, 'Custom properties', ['Property', ''], element.cssProperties ?? [], (one) => [described(one)]),
  ];
  return parts.join('\n');
}

function table<T extends Named>(
  of: string,
  caption: string,
  heads: readonly string[],
  rows: readonly T[],
  cells: (row: T) => readonly string[],
): string {
  if (rows.length === 0) return '';
  const filled = rows.map(cells);
  // A column in which nothing stands is left out.
  const kept = heads.map((_, column) => column === 0 || filled.some((row) => row[column - 1] !== ''));
  const head = heads
    .filter((_, column) => kept[column])
    .map((one) => (one === '' ? '<td></td>' : `<th scope="col">${one}</th>`))
    .join('');
  const body = rows.map((row, index) => {
    const others = filled[index]!.filter((_, column) => kept[column + 1]).map((cell) => `<td>${cell}</td>`);
    return `<tr><th scope="row">${code(row.name || '(default)')}</th>${others.join('')}</tr>`;
  });
  return `<div class="scroll" tabindex="0" role="group" aria-label="${escaped(`${caption} of ${of}`)}"><table class="named">
<caption>${caption}</caption><thead><tr>${head}</tr></thead>
<tbody>${body.join('\n')}</tbody></table></div>`;
}

const code = (text = ''): string => (text === '' ? '' : `<code>${escaped(text)}</code>`);
/** A sentence of a comment: what stands between backticks is code. */
const inline = (text: string): string => escaped(text).replace(/`([^`]+)`/gu, '<code>$1</code>');
