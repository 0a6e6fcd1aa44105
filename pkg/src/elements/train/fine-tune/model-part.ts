/** The second step of fine-tuning: which model, and how it learns. */
import { html, nothing, type TemplateResult } from 'lit';
import { trainWords } from '../../../words/train.js';
import { words } from '../../../words/index.js';
import { count } from '../../format.js';
import { papers } from '../../papers.js';
import { help } from '../../widgets/parts.js';
import { choosable, renderModelChoice, type Choosable } from '../model-choice.js';
import type { TrainRuns } from '../runs.js';
import { NumberBoxes, plain, setOf, valuesOf } from '../values.js';
import type { Format } from './draft.js';
import { FIELDS, type TuneValues } from './settings.js';

const say = trainWords.fineTune;

/** What the part needs of its view. */
interface Around {
  requestUpdate(): void;
  /** A setting was changed: it stands in links. */
  setChanged(set: string): void;
  readonly runs: TrainRuns;
}

/** A setting that is a number. */
type NumberName = Exclude<keyof typeof FIELDS, 'model' | 'compare'>;

/** The model and the settings. */
export class ModelPart {
  values: TuneValues = valuesOf(FIELDS, '');
  readonly #boxes: NumberBoxes<typeof FIELDS>;

  constructor(private readonly around: Around) {
    this.#boxes = new NumberBoxes(
      FIELDS,
      (key, value) => this.change({ [key]: value }),
      () => around.requestUpdate(),
    );
  }

  /** Takes what a link has. */
  takeSet(set: string): void {
    this.values = valuesOf(FIELDS, set);
    this.around.requestUpdate();
  }

  change(change: Partial<TuneValues>): void {
    this.values = { ...this.values, ...change };
    this.around.setChanged(setOf(FIELDS, this.values));
    this.around.requestUpdate();
  }

  /** The chosen model; undefined for a run that is not here. */
  get model(): Choosable | undefined {
    return choosable(this.around.runs.list).find(({ id }) => id === this.values.model);
  }

  /** Whether a model can learn a format. */
  suits({ architecture }: Choosable, format: Format): boolean {
    if (architecture === 'elmo') return format === 'tagging';
    return architecture === 'bert' || format === 'sentence' || format === 'pair';
  }

  /** Another model; an ELMo's layers, of which nothing else learns, take longer steps, and more of them. */
  #choose(id: string): void {
    const before = this.model?.architecture === 'elmo';
    this.change({ model: id });
    const elmo = this.model?.architecture === 'elmo';
    const { epochs, learning_rate } = FIELDS;
    if (elmo) this.change({ epochs: 30, learning_rate: 0.01 });
    else if (before) this.change({ epochs: epochs.default, learning_rate: learning_rate.default });
  }

  /** The control that keeps it from being started. */
  problemAt(format: Format): string | undefined {
    const { model } = this;
    if (!model || !this.suits(model, format)) return 'model';
    return this.#boxes.refused;
  }

  render(format: Format, busy: boolean): TemplateResult {
    const { values, model } = this;
    const gpt = model?.architecture === 'gpt';
    const layers = model?.layers ?? FIELDS.trained_layers.max;
    type Words = { readonly label: string; readonly about: string | TemplateResult };
    const box = (key: NumberName, about: Words): TemplateResult => this.#boxes.render(key, values, about, busy);
    const { settings, lambda } = say;
    const elmo = model?.architecture === 'elmo';
    const aboutModel = say.models[elmo ? 'elmoAbout' : gpt ? 'gptAbout' : 'bertAbout'];
    return html`<section aria-labelledby="model-title">
      <h4 id="model-title">${say.model}</h4>
      <div class="settings">
        ${renderModelChoice(choosable(this.around.runs.list), values.model, {
          disabled: busy,
          choose: (id) => this.#choose(id),
          about: aboutModel,
          problem: model && !this.suits(model, format) ? say.models[elmo ? 'onlyTags' : 'onlyBert'] : undefined,
          usable: (one) => this.suits(one, format),
        })}
        ${
          // Of an ELMo only the mix of its layers learns.
          elmo
            ? nothing
            : this.#boxes.render(
                'trained_layers',
                values,
                { label: say.layers.label, about: say.layers.about(count(layers, 'layer')) },
                busy,
                layers,
              )
        }
        ${
          gpt
            ? box('lm_weight', {
                label: lambda.label,
                about: html`${lambda.about} ${help(lambda.help, papers.gpt)}`,
              })
            : nothing
        }
      </div>
      ${
        gpt && values.lm_weight > 0
          ? html`<label class="choice">
              <input
                type="checkbox"
                id="compare"
                ?disabled=${busy}
                .checked=${values.compare === 'yes'}
                @change=${(event: Event) =>
                  this.change({ compare: (event.target as HTMLInputElement).checked ? 'yes' : 'no' })}
              />
              <span>${say.compare.label} <span class="small muted">${say.compare.about}</span></span>
            </label>`
          : nothing
      }
      <details>
        <summary>
          ${words.frame.settings}
          <span class="muted">${settings.summary(count(values.epochs, 'epoch'), plain(values.learning_rate))}</span>
        </summary>
        <div class="inside">
          <div class="settings">
            ${(['epochs', 'batch_size', 'learning_rate', 'held_out', 'seed'] as const).map((key) =>
              box(key, settings[key]),
            )}
          </div>
        </div>
      </details>
    </section>`;
  }
}
