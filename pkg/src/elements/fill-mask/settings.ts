/** The settings of the Fill mask screen. */
import { html, type TemplateResult } from 'lit';
import { words } from '../../words/index.js';
import { fillMaskWords } from '../../words/screens/fill-mask.js';
import type { LinkController } from '../controllers/link.js';
import { count } from '../format.js';
import { papers } from '../papers.js';
import { words as listed } from '../state.js';
import { stateNumber } from '../widgets/number-setting.js';
import { choice, help, problemBelow } from '../widgets/parts.js';
import { resetSettings } from '../widgets/reset.js';
import { fillMaskSchema, ORDERS, type FillMaskState } from './schema.js';

const say = fillMaskWords;

/** The settings, folded away; `targetsProblem` is what is wrong with the words to compare. */
export function renderSettings(
  link: LinkController<FillMaskState>,
  targetsProblem: string | undefined,
): TemplateResult {
  const { joint, targets } = link.current;
  return html`<details>
    <summary>${words.frame.settings} <span class="muted">${inWords(link.current)}</span></summary>
    <div class="inside">
      <fieldset class="field">
        <legend>${say.orders.legend} ${help(say.orders.help, papers.maskPredict)}</legend>
        ${ORDERS.map((order) => {
          const { name, about } = say.orders[order];
          const choose = (): void => link.change({ joint: order });
          return choice({ name: 'joint', label: name, about, checked: joint === order, choose });
        })}
      </fieldset>
      <div class="settings">
        <div class="setting">
          <label for="targets">${say.targets}</label>
          <input
            id="targets"
            dir="auto"
            type="text"
            autocomplete="off"
            autocapitalize="off"
            placeholder=${say.targetsPlaceholder}
            .value=${targets}
            ?disabled=${joint !== 'independent'}
            aria-invalid=${targetsProblem ? 'true' : 'false'}
            aria-describedby="targets-about targets-problem"
            @input=${(event: Event) => link.change({ targets: (event.target as HTMLInputElement).value })}
          />
          <p class="small muted" id="targets-about">${say.targetsAbout}</p>
          ${problemBelow('targets', targetsProblem)}
        </div>
        ${stateNumber(link, fillMaskSchema, 'top_k', { label: say.candidates, about: say.candidatesAbout })}
      </div>
      ${resetSettings(link, fillMaskSchema, ['text'])}
    </div>
  </details>`;
}

function inWords({ joint, targets, top_k }: FillMaskState): string {
  const compared = listed(targets);
  const shown = joint === 'independent' && compared.length > 0 ? compared.join(' / ') : count(top_k, 'candidate');
  return say.settings(say.orders[joint].name, shown);
}
