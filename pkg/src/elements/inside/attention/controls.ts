/** What is set on the view `attention`. */
import { html, nothing, type TemplateResult } from 'lit';
import { live } from 'lit/directives/live.js';
import { insideWords } from '../../../words/inside.js';
import { choice, textBox } from '../../widgets/parts.js';
import type { Frame } from '../view.js';
import { headOf, type AttentionResult } from './compute.js';
import type { AttentionState } from './schema.js';

const say = insideWords.attention;

/** A list of values, of which one holds. */
interface Select {
  readonly id: string;
  readonly label: string;
  readonly value: string;
  readonly options: readonly { readonly id: string; readonly name: string }[];
  readonly disabled?: boolean;
  choose(value: string): void;
}

/** A list with its label. */
export const select = ({ id, label, value, options, disabled = false, choose }: Select): TemplateResult =>
  html`<div class="field">
    <label for=${id}>${label}</label>
    <select
      id=${id}
      ?disabled=${disabled}
      @change=${(event: Event) => choose((event.target as HTMLSelectElement).value)}
    >
      ${options.map((one) => html`<option value=${one.id} .selected=${live(one.id === value)}>${one.name}</option>`)}
    </select>
  </div>`;

const numbered = (most: number): { id: string; name: string }[] =>
  Array.from({ length: most }, (_, at) => ({ id: String(at + 1), name: String(at + 1) }));

/** The settings. */
export function renderControls(frame: Frame, result: AttentionResult | undefined): TemplateResult {
  return html`${renderBeside(frame)} ${result ? renderMatrix(frame, result) : nothing}`;
}

function renderBeside({ state, change, problem, others }: Frame): TemplateResult {
  const { beside, text2, model2 } = state;
  const values = ['nothing', 'text', 'model'] as const;
  const known = others.some(({ id }) => id === model2) ? others : [...others, { id: model2, name: model2 }];
  return html`<fieldset class="field">
      <legend>${say.beside.legend}</legend>
      <div class="choices">
        ${values.map((value) =>
          choice({
            name: 'beside',
            label: say.beside[value],
            checked: beside === value,
            // An empty box would be refused at once.
            choose: () => change({ beside: value, ...(value === 'text' && text2 === '' && { text2: state.text }) }),
          }),
        )}
      </div>
    </fieldset>
    ${
      beside === 'text'
        ? textBox({
            id: 'text2',
            label: say.text2,
            rows: 2,
            value: text2,
            problem: problem('text2'),
            change: (typed) => change({ text2: typed }),
          })
        : nothing
    }
    ${
      beside === 'model'
        ? select({
            id: 'model2',
            label: say.model2,
            value: model2,
            options: known,
            choose: (id) => change({ model2: id }),
          })
        : nothing
    }`;
}

function renderMatrix({ state, change }: Frame, [first]: AttentionResult): TemplateResult {
  const { as, mix, threshold, specials } = state;
  const { num_layers, num_heads, layer } = first!;
  const ways = ['arcs', 'matrix'] as const;
  const mixes = (['head', 'mean', 'rollout'] as const).map((id) => ({ id, name: say.mix[id] }));
  return html`<div class="controls">
    <fieldset class="field">
      <legend>${say.as.legend}</legend>
      <div class="choices">
        ${ways.map((way) =>
          choice({ name: 'as', label: say.as[way], checked: as === way, choose: () => change({ as: way }) }),
        )}
      </div>
    </fieldset>
    ${select({
      id: 'mix',
      label: say.mix.label,
      value: mix,
      options: mixes,
      choose: (value) => change({ mix: value as AttentionState['mix'] }),
    })}
    ${select({
      id: 'layer',
      label: say.layer,
      value: String(layer + 1),
      options: numbered(num_layers),
      choose: (value) => change({ layer: Number(value) }),
    })}
    ${select({
      id: 'head',
      label: say.head,
      value: String(headOf(state, first!) + 1),
      options: numbered(num_heads),
      disabled: mix !== 'head',
      choose: (value) => change({ head: Number(value) }),
    })}
    <div class="field">
      <label for="threshold">${say.threshold(Math.round(threshold * 100))}</label>
      <input
        id="threshold"
        type="range"
        min="0"
        max="1"
        step="0.01"
        .value=${live(String(threshold))}
        aria-valuetext=${say.percent(Math.round(threshold * 100))}
        ?disabled=${as !== 'arcs'}
        @input=${(event: Event) => change({ threshold: (event.target as HTMLInputElement).valueAsNumber })}
      />
    </div>
    <label class="choice">
      <input
        type="checkbox"
        id="specials"
        .checked=${live(specials)}
        @change=${(event: Event) => change({ specials: (event.target as HTMLInputElement).checked })}
      />
      <span>${say.specials}</span>
    </label>
  </div>`;
}
