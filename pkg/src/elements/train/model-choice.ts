/** Which model a view starts from: one of the page's own, or a run that this browser keeps. */
import { html, nothing, type TemplateResult } from 'lit';
import { live } from 'lit/directives/live.js';
import { DEFAULT_LAYERS } from '../../files/sources/default-models.js';
import type { LearnerModel } from '../../training/types.js';
import { trainWords } from '../../words/train.js';
import { count } from '../format.js';
import { problemBelow } from '../widgets/parts.js';
import type { ListedRun, TrainRuns } from './runs.js';

const say = trainWords.modelChoice;

/** A model that can be chosen. */
export interface Choosable {
  /** As it stands in links: `bert`, `gpt`, or the id of a run. */
  readonly id: string;
  /** For people. */
  readonly name: string;
  readonly architecture: 'bert' | 'gpt' | 'elmo';
  readonly layers: number;
}

/** The page's own, then the kept runs that have learnt something; `only` leaves out what reads otherwise. */
export function choosable(runs: readonly ListedRun[], only?: 'gpt'): readonly Choosable[] {
  const own = (id: 'bert' | 'gpt'): Choosable => ({ id, name: say[id], architecture: id, layers: DEFAULT_LAYERS[id] });
  const kept = runs.flatMap(({ id, name, steps, settings: { architecture, num_layers } }): Choosable[] =>
    architecture !== 'xlnet' && steps > 0
      ? [{ id, name: say.run(name, count(steps, 'step')), architecture, layers: num_layers }]
      : [],
  );
  return [own('bert'), own('gpt'), ...kept].filter(({ architecture }) => !only || architecture === only);
}

/** What is given to the host for it. A run that is open is taken as it is now. */
export async function modelOf({ id }: Choosable, runs: TrainRuns): Promise<LearnerModel> {
  return id === 'bert' || id === 'gpt' ? id : runs.folder(id);
}

/** The list. */
export function renderModelChoice(
  all: readonly Choosable[],
  chosen: string,
  around: {
    readonly disabled: boolean;
    readonly choose: (id: string) => void;
    readonly about: string | TemplateResult;
    readonly usable?: (one: Choosable) => boolean;
    /** What is wrong with the choice. */
    readonly problem?: string | undefined;
  },
): TemplateResult {
  const { disabled, choose, about, usable = () => true, problem } = around;
  const gone = !all.some(({ id }) => id === chosen);
  return html`<div class="field chooser">
    <label for="model">${say.label}</label>
    <select
      id="model"
      ?disabled=${disabled}
      aria-describedby="model-about model-problem"
      @change=${(event: Event) => choose((event.target as HTMLSelectElement).value)}
    >
      ${gone ? html`<option value=${chosen} selected>${say.unknown}</option>` : nothing}
      ${all.map(
        (one) =>
          html`<option value=${one.id} ?disabled=${!usable(one)} .selected=${live(one.id === chosen)}>
            ${one.name}
          </option>`,
      )}
    </select>
    <p class="small muted" id="model-about">${about}</p>
    ${problemBelow('model', gone ? say.gone : problem)}
  </div>`;
}
