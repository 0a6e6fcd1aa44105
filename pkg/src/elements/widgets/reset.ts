/** Settings back to what they were at first. */
import { html, type TemplateResult } from 'lit';
import { words } from '../../words/index.js';
import type { LinkController } from '../controllers/link.js';
import { defaults, type Schema } from '../state.js';

/** A button that sets everything but what is `typed` to its default, or to what `suits` the model. */
export function resetSettings<S extends object>(
  link: LinkController<S>,
  schema: Schema<S>,
  typed: readonly (keyof S)[],
  suits: Partial<S> = {},
): TemplateResult {
  const first = { ...defaults<S>(schema), ...suits };
  const changed = (Object.keys(schema) as (keyof S)[]).filter(
    (key) => !typed.includes(key) && (link.current[key] !== first[key] || link.refusal(String(key)) !== undefined),
  );
  // Disabled in name alone: else the button would lose the focus as it is pressed.
  const nothing = changed.length === 0;
  const reset = (): void => link.merge(Object.fromEntries(changed.map((key) => [key, first[key]])) as Partial<S>);
  return html`<div class="row">
    <button type="button" id="reset" aria-disabled=${nothing} @click=${reset}>${words.frame.reset}</button>
  </div>`;
}
