/** What is set before a run: model, size, what BERT learns, and the rest under Settings. */
import { html, nothing, type TemplateResult } from 'lit';
import { live } from 'lit/directives/live.js';
import type { RunCost, TrainArchitecture, TrainSettings, TrainSize } from '../../../training/core-types.js';
import { trainWords } from '../../../words/train.js';
import { commas, number, parameters, size as bytes } from '../../format.js';
import { select } from '../../inside/attention/controls.js';
import { numberSetting } from '../../widgets/number-setting.js';
import { choice, problemBelow } from '../../widgets/parts.js';
import {
  ARCHITECTURES,
  FLAGS,
  NUMBERS,
  SIZES,
  TOKENIZERS,
  type Changes,
  type Choice,
  type FlagKey,
  type NumberKey,
} from './settings.js';

const say = trainWords.scratch;

/** What a size costs with what is set. */
export interface SizeCost {
  readonly cost: RunCost | undefined;
  /** Of 100 steps on this device, once it was measured. */
  readonly seconds: number | undefined;
}

/** What the form shows. */
export interface Form {
  readonly choice: Choice;
  /** The settings that a run would have; undefined while the core is fetched. */
  readonly settings: TrainSettings | undefined;
  readonly costs: ReadonlyMap<TrainSize, SizeCost>;
  readonly name: string;
  readonly named: string | undefined;
  problem(id: string): string | undefined;
  choose(change: Partial<Pick<Choice, 'architecture' | 'size'>>): void;
  set(changes: Changes): void;
  unset(): void;
  rename(name: string): void;
  refuse(key: string, why: string): void;
}

/** Model and size. */
export function renderModel({ choice: { architecture, size }, costs, choose }: Form): TemplateResult {
  return html`<fieldset class="field">
      <legend>${say.model.label}</legend>
      <div class="cards models">
        ${ARCHITECTURES.map((name) =>
          card('architecture', name, architecture === name, () => choose({ architecture: name }), {
            title: say.model.names[name],
            lines: [say.model.predicts[name]],
          }),
        )}
      </div>
    </fieldset>
    <fieldset class="field">
      <legend>${say.size.label}</legend>
      <div class="cards">
        ${SIZES.map((name) =>
          card('size', name, size === name, () => choose({ size: name }), {
            title: say.size.names[name],
            lines: [say.size.suits[name], ...costLines(costs.get(name))],
          }),
        )}
      </div>
    </fieldset>`;
}

function card(
  group: string,
  value: string,
  checked: boolean,
  choose: () => void,
  { title, lines }: { title: string; lines: readonly string[] },
): TemplateResult {
  return html`<label class="card">
    <input type="radio" name=${group} value=${value} .checked=${live(checked)} @change=${choose} />
    <span class="face">
      <strong>${title}</strong>
      ${lines.map((text) => html`<span class="small">${text}</span>`)}
    </span>
  </label>`;
}

function costLines(found: SizeCost | undefined): string[] {
  if (!found?.cost) return [say.size.counting];
  const { weights, memory_bytes } = found.cost;
  const { seconds } = found;
  return [
    commas(say.size.weights(parameters(weights)), say.size.memory(bytes(memory_bytes))),
    seconds === undefined ? say.size.unmeasured : say.size.seconds(duration(seconds)),
  ];
}

/** Seconds, or minutes where there are many. */
export const duration = (seconds: number): string =>
  seconds < 120
    ? `${number(seconds, seconds < 10 ? 1 : 0)}\u00a0s`
    : seconds < 7200
      ? `${number(seconds / 60, 0)}\u00a0min`
      : `${number(seconds / 3600, 1)}\u00a0h`;

/** What BERT learns; nothing for the others. */
export function renderBert({
  settings,
  choice: { architecture },
  set,
  problem,
}: Form): TemplateResult | typeof nothing {
  if (architecture !== 'bert' || !settings) return nothing;
  const flag = (key: FlagKey): TemplateResult =>
    html`<label class="choice">
      <input
        type="checkbox"
        id=${key}
        .checked=${live(settings.bert[key])}
        ?disabled=${key === 'always_mask' && !settings.bert.mlm}
        aria-describedby=${key === 'mlm' ? 'mlm-problem' : nothing}
        @change=${(event: Event) => set({ [key]: (event.target as HTMLInputElement).checked })}
      />
      <span>${say.bert[key].label} <span class="small muted">${say.bert[key].about}</span></span>
    </label>`;
  return html`<fieldset class="field" id="bert">
    <legend>${say.bert.label}</legend>
    ${FLAGS.map(flag)} ${problemBelow('mlm', problem('mlm'))}
  </fieldset>`;
}

/** Everything else. */
export function renderSettings(form: Form): TemplateResult {
  const { settings, choice: chosen, set, unset } = form;
  const changed = Object.keys(chosen.changes).filter((key) => !(FLAGS as readonly string[]).includes(key)).length;
  return html`<details id="settings">
    <summary>${say.settings} <span class="muted">${say.settingsNow(changed)}</span></summary>
    <div class="inside">
      ${
        settings &&
        html`<div class="settings">
          ${(Object.keys(NUMBERS) as NumberKey[])
            .filter((key) => key !== 'mlm_probability' || (settings.architecture === 'bert' && settings.bert.mlm))
            .map((key) => numberRow(key, form, settings))}
          <div class="setting">
            ${select({
              id: 'optimizer',
              label: say.optimizer.label,
              value: settings.optimizer.muon ? 'muon' : 'adamw',
              options: (['adamw', 'muon'] as const).map((id) => ({ id, name: say.optimizer.names[id] })),
              choose: (optimizer) => set({ optimizer: optimizer as 'muon' }),
            })}
            <p class="small muted">${say.optimizer.about}</p>
          </div>
          <div class="setting">
            ${select({
              id: 'tokenizer',
              label: say.tokenizer.label,
              value: settings.tokenizer,
              options: TOKENIZERS.map((id) => ({ id, name: say.tokenizer.names[id] })),
              choose: (tokenizer) => set({ tokenizer: tokenizer as 'characters' }),
            })}
            <p class="small muted">${say.tokenizer.about}</p>
          </div>
        </div>`
      }
      ${renderName(form)}
      <div class="row">
        <button type="button" id="reset" aria-disabled=${changed === 0 ? 'true' : 'false'} @click=${unset}>
          ${say.reset}
        </button>
      </div>
    </div>
  </details>`;
}

function numberRow(key: NumberKey, { problem, set, refuse }: Form, settings: TrainSettings): TemplateResult {
  const { min, max, read, ...row } = NUMBERS[key];
  const value = read(settings);
  return numberSetting({
    id: key,
    ...say.numbers[key],
    // Shares come from 32-bit numbers.
    value:
      Number(value.toPrecision(6)) === Math.fround(value) || Number.isInteger(value)
        ? value
        : Number(value.toPrecision(6)),
    min,
    max,
    step: 'whole' in row ? 1 : 'any',
    problem: problem(key),
    change: (given) => set({ [key]: given! }),
    refuse: (why) => refuse(key, why),
  });
}

function renderName({ name, named, rename }: Form): TemplateResult {
  return html`<div class="field">
    <label for="name">${say.name.label}</label>
    <input
      id="name"
      type="text"
      maxlength="80"
      placeholder=${name}
      .value=${live(named ?? '')}
      aria-describedby="name-about"
      @input=${(event: Event) => rename((event.target as HTMLInputElement).value)}
    />
    <p class="small muted" id="name-about">${say.name.about}</p>
  </div>`;
}

/** What happens when the tab is left. */
export const renderLeaving = (value: 'go_on' | 'pause', choose: (value: 'go_on' | 'pause') => void): TemplateResult =>
  html`<fieldset class="field">
    <legend>${say.left.label}</legend>
    <div class="choices">
      ${(['go_on', 'pause'] as const).map((way) =>
        choice({ name: 'left', label: say.left[way], checked: value === way, choose: () => choose(way) }),
      )}
    </div>
  </fieldset>`;

/** What of a choice differs from its size, in words: for the name of a run. */
export function differences({
  architecture,
  changes,
}: {
  architecture: TrainArchitecture;
  changes: Changes;
}): string[] {
  return Object.entries(changes).flatMap(([key, value]) => {
    if (key === 'mlm' || key === 'nsp' || key === 'always_mask') {
      if (architecture !== 'bert') return [];
      if (key === 'always_mask') return value ? [say.bert.always_mask.label] : [];
      return value ? [] : [say.without(key.toUpperCase())];
    }
    if (key === 'tokenizer') return [say.tokenizer.names[value as 'characters']];
    if (key === 'optimizer') return [say.optimizer.names[value as 'muon']];
    return [say.differs(say.numbers[key as NumberKey].label, String(value))];
  });
}
