/** Names elements for the page. */
import { followLanguage } from './controllers/speaking.js';
import { ClozeHelp } from './widgets/help.js';

/** What elements are made of. */
const PARTS: readonly (readonly [string, CustomElementConstructor])[] = [['cloze-help', ClozeHelp]];

/** Defines elements with what they are made of; where there is no DOM, as in Node, nothing happens. */
export function define(...elements: readonly (readonly [string, CustomElementConstructor])[]): void {
  const registry = globalThis.customElements as CustomElementRegistry | undefined;
  if (registry) followLanguage();
  // Two copies of the package on one page: the first one stays.
  for (const [name, element] of [...PARTS, ...elements]) if (!registry?.get(name)) registry?.define(name, element);
}
