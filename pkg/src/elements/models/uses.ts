/** Which model each screen uses, and which it could. */
import { html, nothing, type TemplateResult } from 'lit';
import { live } from 'lit/directives/live.js';
import { repeat } from 'lit/directives/repeat.js';
import { modelsWords } from '../../words/screens/models.js';
import type { ModelRow, ScreenTask } from '../rows.js';
import { mayUse, type ModelChoice } from './model-choice.js';

/** The models that there are, and those in use. */
export interface Uses {
  /** The screens that are listed. */
  readonly screens: readonly ModelRow[];
  readonly choices: readonly ModelChoice[];
  /** The model of each screen, by id. */
  readonly uses: Readonly<Record<ScreenTask, string>>;
  readonly choose: (task: ScreenTask, id: string) => void;
}

/** A list of models for each screen. */
export function renderUses(uses: Uses): TemplateResult {
  const screens = uses.screens.filter(isOffered(uses));
  if (screens.length === 0) return html`${nothing}`;
  return html`<section aria-labelledby="uses-title">
    <h3 id="uses-title">${modelsWords.uses}</h3>
    <div class="uses">${screens.map((screen) => renderUse(screen, uses))}</div>
  </section>`;
}

/** A screen whose model the reader brings is listed once there is one that it may use. */
const isOffered =
  ({ choices }: Uses) =>
  (screen: ModelRow): boolean =>
    screen.brought === undefined || choices.some((choice) => choice.id !== '' && mayUse(choice, screen));

function renderUse(screen: ModelRow, { choices, uses, choose }: Uses): TemplateResult {
  const { task, label, brought } = screen;
  const called = ({ id, name }: ModelChoice): string => (id === '' && brought !== undefined ? modelsWords.none : name);
  return html`<div class="field">
    <label for="use-${task}">${label}</label>
    <select id="use-${task}" @change=${(event: Event) => choose(task, (event.target as HTMLSelectElement).value)}>
      ${repeat(
        choices.filter((choice) => mayUse(choice, screen)),
        ({ id }) => id,
        // Once a person has picked one, the attribute says nothing any more.
        (choice) =>
          html`<option value=${choice.id} .selected=${live(choice.id === uses[task])}>${called(choice)}</option>`,
      )}
    </select>
  </div>`;
}
