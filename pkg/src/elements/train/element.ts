/** `<cloze-train>`: models learn in the page. All but its state is fetched when it is first seen. */
import { html, LitElement, nothing, type CSSResultGroup, type PropertyDeclarations, type TemplateResult } from 'lit';
import type { PipelineOptions } from '../../index.js';
import { words } from '../../words/index.js';
import { headProperties, shows, type Appearance, type Shown } from '../appearance.js';
import { LinkController } from '../controllers/link.js';
import { ToldController } from '../controllers/told.js';
import { screen } from '../styles/index.js';
import { trainSchema, type TrainState, type TrainViewName } from './schema.js';
import { stateAfter, stateOf, TOLD, viewsOf, type NAMES } from './told.js';
import type { Train } from './train.js';

/**
 * Trains models.
 *
 * @fires cloze-change - what is set changed; `detail` is the state
 * @fires cloze-use - a screen is to use a model that was trained here; `detail` is a `ModelUse`
 * @fires cloze-open - a screen is to be shown; `detail` is its name
 * @fires cloze-error - an attribute cannot be used; `detail` is the error
 */
export class ClozeTrain extends LitElement {
  static override properties: PropertyDeclarations = {
    build: {},
    threads: { type: Number },
    ...headProperties,
    shareUrl: { attribute: false },
    view: {},
    views: {},
    set: {},
    architecture: {},
    size: {},
    text: {},
    steps: { type: Number },
    seed: { type: Number },
    lesson: {},
    autorun: { type: Boolean, reflect: true },
  };
  static override styles: CSSResultGroup = [screen];

  declare build: PipelineOptions['build'];
  declare threads: number | undefined;
  declare shareUrl: (() => string) | undefined;
  declare full: boolean;
  declare compact: boolean;
  declare theme: Appearance['theme'];
  declare heading: Shown;
  declare explain: Shown;
  declare view: TrainViewName | undefined;
  declare views: string | undefined;
  declare set: string | undefined;
  declare architecture: (typeof NAMES.architecture)[number] | undefined;
  declare size: (typeof NAMES.size)[number] | undefined;
  declare text: (typeof NAMES.text)[number] | undefined;
  declare steps: number | undefined;
  declare seed: number | undefined;
  declare lesson: (typeof NAMES.lesson)[number] | undefined;
  declare autorun: boolean;

  /** The rest of the screen, once it is here. */
  #train: Train | undefined;
  #arriving: Promise<Train> | undefined;
  #failed = false;
  #observer: IntersectionObserver | undefined;

  readonly #link = new LinkController<TrainState>(
    this,
    { task: 'train', schema: trainSchema },
    {
      start: () => {
        this.#told.read();
        return stateOf(this.#told.told);
      },
      changed: (before) => this.#train?.changed(before),
    },
  );
  readonly #told = new ToldController(this, TOLD);

  constructor() {
    super();
    this.full = false;
    this.compact = false;
    this.autorun = false;
  }

  /** What is set, as plain JSON. Setting merges the keys; throws on those that do not exist, and values it cannot use. */
  get state(): TrainState {
    return this.#link.state;
  }
  set state(given: Partial<TrainState>) {
    this.#link.merge(given);
  }

  /** The same as `state`. */
  get shareState(): TrainState {
    return this.state;
  }

  /** Begins what the view that is shown does. */
  async run(): Promise<void> {
    await (await this.#arrive()).run();
  }

  /** Opens a text that was dropped on the page, if the view that is shown takes one; call it in the event's own turn. */
  takeDropped(data: DataTransfer): boolean {
    return this.#train?.takeDropped(data) ?? false;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#told.warnOfUnknown((this.constructor as typeof LitElement).observedAttributes);
    this.#observer = new IntersectionObserver((entries) => {
      if (!entries.some(({ isIntersecting }) => isIntersecting)) return;
      this.#observer?.disconnect();
      void this.#arrive().catch(() => undefined);
    });
    this.#observer.observe(this);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#observer?.disconnect();
  }

  protected override willUpdate(): void {
    // The first look at the state reads what the page says at first.
    const { current } = this.#link;
    const before = this.#told.told;
    if (!this.#told.read()) return;
    const setOf = (view: TrainViewName): string =>
      view === current.view ? current.set : (this.#train?.setOf(view) ?? '');
    const { told } = this.#told;
    this.#link.change(this.hasUpdated ? stateAfter(before, told, setOf) : stateOf(told));
  }

  protected override render(): TemplateResult {
    const { fetching, notFetched } = words.insideTab;
    return html`<div class="screen">
      <header class="about">
        ${shows(this, 'heading') ? html`<h2>${words.labels.train}</h2>` : nothing}
        ${this.#train || this.#failed ? nothing : html`<p class="muted">${fetching}</p>`}
        ${
          this.#failed
            ? html`<div class="problem" role="alert"><p>${notFetched}</p></div>
                <div class="row">
                  <button type="button" @click=${() => location.reload()}>${words.frame.reload}</button>
                </div>`
            : nothing
        }
        ${this.#told.render()} ${this.#train?.renderAbout(viewsOf(this.#told.told)) ?? nothing}
      </header>
      ${this.#train?.render() ?? nothing}
    </div>`;
  }

  #arrive(): Promise<Train> {
    return (this.#arriving ??= import('./train.js').then(
      ({ Train }) => {
        this.#train = new Train(this, this.#link);
        this.requestUpdate();
        if (this.autorun && this.isConnected) void this.#train.run({ unasked: true });
        return this.#train;
      },
      (cause: unknown) => {
        // Browsers may remember that a module could not be fetched, and never ask again: the page is reloaded.
        this.#failed = true;
        this.requestUpdate();
        throw cause;
      },
    ));
  }
}
