/** Runs to begin with: a text, a model and settings that show one thing, in the time that is said. */
import { html, nothing, type TemplateResult } from 'lit';
import type { TextName } from '../../../training/data.js';
import { trainWords } from '../../../words/train.js';
import { setOf, type Choice } from './settings.js';

const say = trainWords.scratch.presets;

/** What each shows. */
export type PresetName = 'words' | 'pairs';

/** A run to begin with. */
export interface Preset {
  readonly text: TextName;
  readonly choice: Choice;
}

/** What each is made of. */
export const PRESETS: Readonly<Record<PresetName, Preset>> = {
  words: { text: 'grimm', choice: { architecture: 'gpt', size: 'small', changes: { steps: 400 } } },
  pairs: { text: 'countries', choice: { architecture: 'bert', size: 'small', changes: {} } },
};

/** The presets, and what is to be seen in the one that is chosen. */
export function renderPresets(
  choice: Choice,
  text: TextName | undefined,
  take: (preset: Preset) => void,
): TemplateResult {
  const now = setOf(choice, text);
  const all = Object.entries(PRESETS) as [PresetName, Preset][];
  const chosen = all.find(([, preset]) => setOf(preset.choice, preset.text) === now)?.[0];
  return html`<div class="field">
    <div class="row" role="group" aria-label=${say.label}>
      <span class="small muted" aria-hidden="true">${say.label}</span>
      ${all.map(
        ([name, preset]) =>
          html`<button
            type="button"
            class="chip"
            aria-pressed=${name === chosen ? 'true' : 'false'}
            data-preset=${name}
            @click=${() => take(preset)}
          >
            ${say.names[name]} <span class="muted">${say.times[name]}</span>
          </button>`,
      )}
    </div>
    ${chosen === undefined ? nothing : html`<p class="small">${say.about[chosen]}</p>`}
  </div>`;
}
