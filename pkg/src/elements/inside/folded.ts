/** Long tables that are folded away: what is in them is made when they are unfolded. */
import { html, nothing, type TemplateResult } from 'lit';
import type { Frame } from './view.js';

/** Those that are unfolded. */
const open = new Set<string>();

/** A heading and what it unfolds; `key` tells it apart from the others. */
export function folded(key: string, heading: string, content: () => TemplateResult, { update }: Frame): TemplateResult {
  const toggle = (event: Event): void => {
    const unfolded = (event.target as HTMLDetailsElement).open;
    if (unfolded === open.has(key)) return;
    if (unfolded) open.add(key);
    else open.delete(key);
    update();
  };
  return html`<details @toggle=${toggle}>
    <summary>${heading}</summary>
    <div class="numbers" tabindex="0" role="group" aria-label=${heading}>${open.has(key) ? content() : nothing}</div>
  </details>`;
}
