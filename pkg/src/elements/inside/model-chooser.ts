/** Which model is looked into: one of the page's own, the one that the screen was given, or another that this browser keeps. */
import { html, type TemplateResult } from 'lit';
import { live } from 'lit/directives/live.js';
import { insideWords } from '../../words/inside.js';
import type { LinkController } from '../controllers/link.js';
import type { ModelOffer, ScreenHost } from '../controllers/screen-parts.js';
import { keptModels, type KeptModel } from './models.js';
import type { InsideState, OwnModel } from './schema.js';
import type { ModelKey } from './view.js';

const say = insideWords.models;

/** An element whose model can be changed. */
type ChangeableHost = ScreenHost & {
  model: ScreenHost['model'];
  modelName: string | undefined;
  token: string | undefined;
};

/** The choice of the model. */
export class ModelChooser {
  /** What this browser keeps, as of the last look. */
  #kept: readonly KeptModel[] = [];

  constructor(
    private readonly host: ScreenHost,
    private readonly link: LinkController<InsideState>,
    /** Another model was chosen, and the element has it. */
    private readonly changed: () => void,
  ) {
    void this.#look();
  }

  /** What the reader chose. */
  get chosen(): ModelKey {
    const { model } = this.host;
    return model === undefined || model === null ? this.link.current.own : 'given';
  }

  /** What may stand beside the model: the page's own, and what is kept. */
  get others(): readonly { readonly id: string; readonly name: string }[] {
    return [
      { id: 'bert', name: say.options.bert },
      { id: 'gpt', name: say.options.gpt },
      ...this.#kept.map(({ model }) => ({ id: model, name: model })),
    ];
  }

  /** The list. */
  render(): TemplateResult {
    const { host, chosen } = this;
    const given = typeof host.model === 'string' ? host.model : 'given';
    const now = chosen === 'given' ? given : chosen;
    const options = [...this.others];
    if (chosen === 'given' && !options.some(({ id }) => id === now))
      options.push({ id: now, name: host.modelName ?? now });
    return html`<div class="field chooser" data-hue=${now === 'gpt' ? 'gpt' : 'bert'}>
      <label for="reader">${say.label}</label>
      <select
        id="reader"
        aria-describedby="reader-about"
        @focus=${() => void this.#look()}
        @change=${(event: Event) => void this.#choose((event.target as HTMLSelectElement).value)}
      >
        ${options.map(({ id, name }) => html`<option value=${id} .selected=${live(id === now)}>${name}</option>`)}
      </select>
      <p class="small muted" id="reader-about">${say.more}</p>
    </div>`;
  }

  async #look(): Promise<void> {
    this.#kept = await keptModels();
    this.host.requestUpdate();
  }

  async #choose(id: string): Promise<void> {
    const own = id === 'bert' || id === 'gpt';
    if (own) this.link.change({ own: id satisfies OwnModel });
    const kept = this.#kept.find(({ model }) => model === id);
    if (own ? this.chosen !== 'given' : !kept) return;
    const detail: ModelOffer | undefined = kept && { model: kept.model, name: kept.model, bytes: kept.bytes };
    const event = new CustomEvent('cloze-offer', { detail, bubbles: true, composed: true, cancelable: true });
    const host = this.host as ChangeableHost;
    // A page that gives screens their models itself prevents the event's default.
    if (host.dispatchEvent(event)) {
      host.model = detail?.model;
      host.modelName = detail?.name;
      host.token = undefined;
    }
    await host.updateComplete;
    this.changed();
  }
}
