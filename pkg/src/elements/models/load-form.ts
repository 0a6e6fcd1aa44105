/** The form of the Models screen: which model, from where, with which token; and how the load of it stands. */
import { html, nothing, type TemplateResult } from 'lit';
import { architectureName, type ModelInfo, type ProgressInfo } from '../../index.js';
import { words } from '../../words/index.js';
import { modelsWords } from '../../words/screens/models.js';
import { commas, parameters, size, timeLeft, transferred } from '../format.js';
import { progressBar } from '../widgets/loading.js';
import { problemBelow } from '../widgets/parts.js';
import type { ModelRow, ScreenTask } from '../rows.js';
import type { ModelChoice } from './model-choice.js';

const say = modelsWords.load;

/** A box for one line of text. */
export interface TextField {
  readonly id: 'model' | 'token' | 'hub';
  readonly label: string;
  readonly value: string;
  readonly change: (text: string) => void;
  /** What is wrong with it. */
  readonly problem: string | undefined;
  /** Once it is left or Enter pressed, not with each letter. */
  readonly late?: boolean;
  readonly about: string;
  readonly placeholder?: string;
  readonly secret?: boolean;
}

/** The box with its problem and what it is for. */
export function renderField(field: TextField): TemplateResult {
  const { id, problem, late = false, change } = field;
  const valueOf = (event: Event): string => (event.target as HTMLInputElement).value;
  return html`<div class="field">
    <label for=${id}>${field.label}</label>
    <input
      id=${id}
      type=${field.secret ? 'password' : 'text'}
      autocomplete="off"
      autocapitalize="none"
      spellcheck="false"
      placeholder=${field.placeholder ?? ''}
      .value=${field.value}
      aria-invalid=${problem !== undefined ? 'true' : 'false'}
      aria-describedby="${id}-problem ${id}-about"
      @input=${(event: Event) => late || change(valueOf(event))}
      @change=${(event: Event) => late && change(valueOf(event))}
    />
    ${problemBelow(id, problem)}
    <p class="small muted" id="${id}-about">${field.about}</p>
  </div>`;
}

/** A load under way. */
export interface LoadProgress {
  readonly choice: ModelChoice;
  readonly progress: ProgressInfo | undefined;
  readonly paused: boolean;
  readonly togglePause: () => void;
  readonly cancel: () => void;
}

/** How far a load is, with the buttons to hold it up and to end it. */
export function renderProgress({ choice, progress, paused, togglePause, cancel }: LoadProgress): TemplateResult {
  const { loaded, total, rate, seconds_left } = progress?.whole ?? progress ?? {};
  const doing = paused ? say.isPaused(choice.name) : (progress?.message ?? say.asking(choice.name));
  const amount = loaded === undefined ? '' : transferred(loaded, total, paused ? undefined : rate);
  const left = seconds_left === undefined || paused ? '' : commas('', timeLeft(seconds_left));
  return html`<div class="field loading">
    <span id="loading-words">${amount ? words.frame.progress(doing, `${amount}${left}`) : doing}</span>
    ${progressBar(loaded, total)}
    <div class="row">
      ${
        choice.local
          ? nothing
          : html`<button type="button" id="pause" @click=${togglePause}>${paused ? say.resume : say.pause}</button>`
      }
      <button type="button" id="cancel" @click=${cancel}>${say.cancel}</button>
    </div>
  </div>`;
}

/** A model that was loaded, and the screens that were given it. */
export interface LoadedModel {
  readonly choice: ModelChoice;
  readonly info: ModelInfo;
  readonly screens: readonly ModelRow[];
  /** Shows a screen. */
  readonly open: (task: ScreenTask) => void;
}

/** What was loaded, and who uses it. */
export function renderLoaded({ choice, info, screens, open }: LoadedModel): TemplateResult {
  const { model_type, num_hidden_layers, weight_bytes } = info;
  const memory = size(weight_bytes);
  const facts = say.loaded(architectureName(model_type), num_hidden_layers, parameters(info.parameters), memory);
  return html`<div class="loaded">
    <p><strong>${choice.name}</strong>${facts}</p>
    <p class="small">${screens.length > 0 ? say.usedBy(screens.map(({ label }) => label)) : say.noHead}</p>
    ${
      screens.length > 0
        ? html`<div class="row">
            ${screens.map(
              ({ task, label }) =>
                html`<button type="button" id="open-${task}" @click=${() => open(task)}>${say.open(label)}</button>`,
            )}
          </div>`
        : nothing
    }
  </div>`;
}

/** Models that people often ask for, with the size of their weights in MB. */
const EXAMPLES: readonly { readonly id: string; readonly megabytes: number }[] = [
  { id: 'google-bert/bert-base-uncased', megabytes: 440 },
  { id: 'distilbert/distilgpt2', megabytes: 353 },
  { id: 'openai-community/gpt2', megabytes: 548 },
];

/** Models that people often ask for, or those that the page names, as chips; nothing where it wants none. */
export function renderExamples(named: unknown, choose: (id: string) => void): TemplateResult | typeof nothing {
  const examples: readonly { id: string; megabytes?: number }[] = Array.isArray(named)
    ? named.map((id: string) => EXAMPLES.find((one) => one.id === id) ?? { id })
    : EXAMPLES;
  if (examples.length === 0) return nothing;
  return html`<div class="row" role="group" aria-label=${words.frame.examples}>
    <span class="small muted" aria-hidden="true">${words.frame.tryOne}</span>
    ${examples.map(
      ({ id, megabytes }) =>
        html`<button type="button" class="chip" @click=${() => choose(id)}>
          ${megabytes === undefined ? id : modelsWords.example(id.split('/')[1]!, megabytes)}
        </button>`,
    )}
  </div>`;
}
