/** `<cloze-models>`: loads models from a hub, an address or a disk, gives them to screens, and shows what is kept. */
import {
  html,
  LitElement,
  nothing,
  type CSSResultGroup,
  type PropertyDeclarations,
  type PropertyValues,
  type TemplateResult,
} from 'lit';
import {
  droppedFiles,
  env,
  openModel,
  type ModelInfo,
  type OpenedModel,
  type PipelineOptions,
  type StoredModel,
} from '../../index.js';
import { words } from '../../words/index.js';
import { modelsWords } from '../../words/screens/models.js';
import { headProperties, shows, type Appearance, type Shown } from '../appearance.js';
import { emit } from '../controllers/host.js';
import { refusedState } from '../controllers/link.js';
import { ModelController } from '../controllers/model.js';
import { isCoded, isStop, problemText, ProblemController } from '../controllers/problem.js';
import { ToldController } from '../controllers/told.js';
import { MODEL_ROWS, tagOf, type ScreenTask } from '../rows.js';
import { merge } from '../state.js';
import { screen } from '../styles/index.js';
import { AccessTokens, originOf } from './access-tokens.js';
import { keptList } from './kept-list.js';
import {
  renderExamples,
  renderField,
  renderLoaded,
  renderProgress,
  type LoadedModel,
  type TextField,
} from './load-form.js';
import { choiceAt, choiceFrom, choiceOf, fits, OWN, type ModelChoice } from './model-choice.js';
import { folderPicker, pickFiles, renderDisk } from './pick.js';
import { modelsSchema, type ModelsState } from './schema.js';
import { modelsStyles } from './styles.js';
import { rowsOf, TOLD } from './told.js';
import { renderUses } from './uses.js';

const say = modelsWords;

/** A screen is given a model. */
export interface ModelUse {
  readonly task: ScreenTask;
  readonly choice: ModelChoice;
  /** Only if one was typed for the very origin that the model comes from, and it was chosen here, not by a link. */
  readonly token?: string;
}

/** Errors that speak of the access, not of the address. */
const ACCESS = new Set(['unauthorized', 'gated']);

/**
 * The Models screen.
 *
 * @fires cloze-change - the address in the text box changed; `detail` is the state
 * @fires cloze-use - a screen is to use a model; `detail` is a {@link ModelUse}
 * @fires cloze-open - a screen is to be shown; `detail` is its name
 * @fires cloze-hub - another hub was named; `detail` is its address
 * @fires cloze-loaded - a model was loaded; `detail` is its `ModelInfo`
 * @fires cloze-error - a load failed; `detail` is the error
 */
export class ClozeModels extends LitElement {
  static override properties: PropertyDeclarations = {
    dtype: {},
    build: {},
    threads: { type: Number },
    hub: {},
    model: {},
    models: {},
    tasks: {},
    kept: {},
    ...headProperties,
    address: { state: true },
    choices: { state: true },
    uses: { state: true },
    statusText: { state: true },
    loaded: { state: true },
  };
  static override styles: CSSResultGroup = [screen, modelsStyles];

  /** How the weights are stored: `q8` (default), `q4` or `fp32`. */
  declare dtype: PipelineOptions['dtype'];
  /** Which WebAssembly build runs; chosen by the browser's abilities when left out. */
  declare build: PipelineOptions['build'];
  /** How many threads to use at most. */
  declare threads: number | undefined;

  /** Where names are looked up (`env.remote_host`). */
  declare hub: string;
  /** What stands in the box at first. */
  declare model: string | undefined;
  /** Models that are offered. */
  declare models: string | undefined;
  /** Screens that can be given a model. */
  declare tasks: string | undefined;
  /** Whether what is kept is listed. */
  declare kept: 'show' | 'none' | undefined;
  declare full: boolean;
  declare compact: boolean;
  declare theme: Appearance['theme'];
  declare heading: Shown;
  declare explain: Shown;

  declare protected address: string;
  /** Kept, opened and named models, by id. */
  declare protected choices: ReadonlyMap<string, ModelChoice>;
  /** The model of each screen, by id. */
  declare protected uses: Readonly<Record<ScreenTask, string>>;
  declare protected statusText: string;
  /** The model that was loaded last. */
  declare protected loaded: LoadedModel | undefined;

  readonly #problem = new ProblemController(this);
  /** The load under way, else the model that was loaded last: a screen that is given it has it at once. */
  readonly #model = new ModelController<OpenedModel>(this, { open: (options) => this.#open(options) });
  /** What is being loaded, or was. */
  #choice: ModelChoice = OWN;
  readonly #told = new ToldController(this, TOLD);
  /** The model that the page named last. */
  #named: unknown;
  readonly #tokens = new AccessTokens();
  /** What was loaded on this page can do. */
  readonly #infos = new Map<string, ModelInfo>();
  #stopHearing: (() => void) | undefined;

  constructor() {
    super();
    this.full = false;
    this.compact = false;
    this.hub = env.remote_host;
    this.address = '';
    this.choices = new Map([[OWN.id, OWN]]);
    this.uses = Object.fromEntries(MODEL_ROWS.map(({ task }) => [task, OWN.id])) as Record<ScreenTask, string>;
    this.statusText = '';
  }

  // ---- for the page -----------------------------------------------------------------------------------------------

  /** What may stand in a link. Never the token. */
  get state(): ModelsState {
    return { model: this.address };
  }
  set state(given: { model?: string | null }) {
    const { state, problems } = merge(modelsSchema, this.state, given);
    this.address = state.model;
    if (problems.length > 0) throw refusedState(this, problems);
  }

  /** The same as {@link state}. */
  get shareState(): ModelsState {
    return this.state;
  }

  /** Loads what stands in the text box; whether that worked. */
  async run(): Promise<boolean> {
    const address = this.address.trim();
    if (address === '') return this.#refuse('model', say.load.noModel);
    if (!isWebAddress(this.hub)) return this.#refuse('hub', say.load.noHub);
    return this.#load(choiceAt(address), 'model');
  }

  /** Opens files that were dropped on the page; call it in the event's own turn. */
  async openDropped(data: DataTransfer | null): Promise<boolean> {
    // Asked first, before anything else is waited for: browsers forget a drop.
    const files = droppedFiles(data);
    try {
      return await this.openFiles(await files);
    } catch (error) {
      this.#fail(error, 'disk');
      return false;
    }
  }

  /** Opens files or a folder from this device's disk, which are read where they are. */
  async openFiles(files: File[] | FileSystemDirectoryHandle): Promise<boolean> {
    return this.#load(choiceFrom(files), 'disk');
  }

  /** Gives a screen the model of an address, as from a link: never with a token. The empty text is the page's own. */
  use(task: ScreenTask, address: string): void {
    this.#give(task, this.choices.get(address) ?? choiceAt(address), '');
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#told.warnOfUnknown((this.constructor as typeof LitElement).observedAttributes);
    this.#stopHearing = keptList.watch({ kept: (list) => this.#take(list), failed: () => this.#take([]) });
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#stopHearing?.();
  }

  protected override willUpdate(changed: PropertyValues): void {
    if (this.#told.read() && this.#told.told['model'] !== this.#named) {
      this.#named = this.#told.told['model'];
      if (typeof this.#named === 'string') this.address = this.#named;
    }
    // It is one for all of the page.
    if (changed.has('hub') && isWebAddress(this.hub)) env.remote_host = new URL(this.hub.trim()).href;
  }

  // ---- loading ----------------------------------------------------------------------------------------------------

  #open(options: PipelineOptions): Promise<OpenedModel> {
    const token = this.#tokenFor(this.#choice);
    return openModel(this.#choice.model, {
      ...options,
      ...(this.dtype ? { dtype: this.dtype } : {}),
      ...(this.build ? { build: this.build } : {}),
      ...(this.threads ? { threads: this.threads } : {}),
      ...(token === '' ? {} : { token }),
    });
  }

  /** Loads a model in place of the one under way, and gives it to the screens that it suits. */
  async #load(choice: ModelChoice, at: 'model' | 'disk'): Promise<boolean> {
    this.#problem.clear();
    this.loaded = undefined;
    this.statusText = say.load.loading(choice.name);
    this.#model.release();
    this.#choice = choice;
    const token = this.#tokenFor(choice);
    try {
      const { info } = await this.#model.load();
      this.#infos.set(choice.id, info);
      const screens = rowsOf(this.#told.told['tasks']).filter((one) => fits(info, one));
      for (const { task } of screens) this.#give(task, choice, token);
      if (screens.length === 0) this.#model.release();
      this.loaded = { choice, info, screens, open: (task) => this.#show(task) };
      this.statusText = say.load.ready(choice.name);
      emit(this, 'cloze-loaded', info);
    } catch (error) {
      // The words of a load that another one replaced are nobody's.
      if (choice !== this.#choice) return false;
      if (isStop(error)) this.statusText = choice.local ? say.load.stopped : say.load.stoppedKept;
      else this.#fail(error, at);
      return false;
    }
    await keptList.look();
    return true;
  }

  #fail(error: unknown, place: 'model' | 'disk'): void {
    const code = isCoded(error) ? error.code : 'internal';
    const at = ACCESS.has(code) ? 'token' : place;
    this.#problem.show({ at, code, message: problemText(error) }, at === 'disk' ? 'folder' : at);
    this.statusText = '';
    emit(this, 'cloze-error', error);
  }

  async #refuse(at: 'model' | 'hub', message: string): Promise<false> {
    this.#problem.show({ at, code: 'invalid_option', message }, at);
    await this.updateComplete;
    return false;
  }

  #give(task: ScreenTask, choice: ModelChoice, token: string): void {
    this.#know([choice]);
    this.uses = { ...this.uses, [task]: choice.id };
    // A model that no screen is to use is let go.
    if (this.#model.state === 'ready' && !Object.values(this.uses).includes(this.#choice.id)) this.#model.release();
    emit(this, 'cloze-use', { task, choice, ...(token === '' ? {} : { token }) } satisfies ModelUse);
  }

  /** What was typed for the server that a model comes from. */
  #tokenFor({ model }: ModelChoice): string {
    return this.#tokens.of(originOf(model, document.baseURI));
  }

  /** The server that the token box is about: that of the address above it, else the hub. */
  get #server(): string {
    return originOf(this.address, document.baseURI) ?? new URL(env.remote_host, document.baseURI).origin;
  }

  #setToken(token: string): void {
    this.#tokens.set(this.#server, token);
    this.requestUpdate();
  }

  #setHub(hub: string): void {
    if (hub === this.hub) return;
    this.hub = hub;
    if (this.#problem.current?.at === 'hub') this.#problem.clear();
    if (!isWebAddress(hub)) return;
    env.remote_host = new URL(hub.trim()).href;
    // What was typed for one hub is nothing for another.
    this.#tokens.clear();
    emit(this, 'cloze-hub', env.remote_host);
  }

  #take(kept: readonly StoredModel[]): void {
    const used = new Set(Object.values(this.uses));
    const others = [...this.choices.values()].filter(({ id, local }) => local || used.has(id));
    const complete = kept.filter((model) => model.source !== 'default' && model.complete);
    this.choices = new Map();
    this.#know([OWN, ...complete.map(choiceOf), ...others]);
  }

  #know(choices: readonly ModelChoice[]): void {
    this.choices = new Map([
      ...this.choices,
      ...choices.map((choice) => [choice.id, { ...choice, info: this.#infos.get(choice.id) }] as const),
    ]);
  }

  // ---- what is shown ----------------------------------------------------------------------------------------------

  protected override render(): TemplateResult {
    const loading = this.#model.state === 'loading' ? this.#choice.id : undefined;
    return html`<div class="screen">
      ${
        shows(this, 'heading') || shows(this, 'explain')
          ? html`<header class="about">
              ${shows(this, 'heading') ? html`<h2>${words.labels.models}</h2>` : nothing}
              ${shows(this, 'explain') ? html`<p>${say.about}</p>` : nothing}
            </header>`
          : nothing
      }
      <div class="columns">
        <div class="input">
          ${this.#renderLoad()}
          ${renderDisk(this.#problem.at('disk'), {
            pickFolder: () => void this.#pickFolder(),
            pickFiles: () => this.#pick(false),
          })}
          ${renderUses({
            screens: rowsOf(this.#told.told['tasks']),
            choices: [...this.choices.values()],
            uses: this.uses,
            choose: (task, id) => this.#choose(task, id),
          })}
        </div>
        ${
          this.#told.told['kept'] === 'none'
            ? nothing
            : html`<section class="results" aria-labelledby="kept-title">
                <h3 id="kept-title">${say.kept.title}</h3>
                <cloze-kept-models .loading=${loading} @cloze-resume=${this.#resume}></cloze-kept-models>
              </section>`
        }
      </div>
    </div>`;
  }

  #renderLoad(): TemplateResult {
    return html`<form class="input" aria-label=${say.load.form} @submit=${this.#submit} @keydown=${this.#onKey}>
      ${this.#told.render()} ${renderExamples(this.#told.told['models'], (id) => this.#setAddress(id))}
      ${this.#renderField({
        id: 'model',
        label: say.load.model,
        placeholder: say.load.placeholder,
        value: this.address,
        change: (text) => this.#setAddress(text),
        about: say.load.modelAbout,
      })}
      <details>
        <summary>${say.load.access} <span class="muted">${say.load.accessAbout}</span></summary>
        <div class="inside">
          ${this.#renderField({
            id: 'token',
            label: say.load.token,
            secret: true,
            value: this.#tokens.of(this.#server),
            change: (text) => this.#setToken(text),
            about: say.load.tokenAbout(new URL(this.#server).host),
          })}
          ${this.#renderField({
            id: 'hub',
            label: say.load.hub,
            value: this.hub,
            change: (text) => this.#setHub(text),
            late: true,
            about: say.load.hubAbout,
          })}
        </div>
      </details>
      <div class="row">
        <button type="submit" id="load" class="primary">${say.load.load}</button>
      </div>
      ${this.#renderDoing()}
    </form>`;
  }

  #renderField(field: Omit<TextField, 'problem'>): TemplateResult {
    return renderField({ ...field, problem: this.#problem.at(field.id) });
  }

  #renderDoing(): TemplateResult {
    const { state, progress, paused, warnings } = this.#model;
    const loading = state === 'loading';
    const warning = warnings.at(-1);
    const progressed = {
      choice: this.#choice,
      progress,
      paused,
      togglePause: () => this.#model.togglePause(),
      cancel: () => this.#model.stop(),
    };
    return html`<div class="doing">
      ${loading ? renderProgress(progressed) : nothing}
      <p role="status" class=${loading ? 'hidden-text' : 'muted'}>
        ${paused && loading ? say.load.paused : this.statusText}
      </p>
      ${warning ? html`<p class="small">${warning}</p>` : nothing} ${this.loaded ? renderLoaded(this.loaded) : nothing}
    </div>`;
  }

  // ---- what is done -----------------------------------------------------------------------------------------------

  #setAddress(address: string): void {
    this.address = address;
    this.#problem.clear();
    emit(this, 'cloze-change', this.state);
  }

  /** Asks the page for a screen; one that does not hear of it has it somewhere in sight, perhaps further up or down. */
  #show(task: ScreenTask): void {
    const event = new CustomEvent('cloze-open', { detail: task, bubbles: true, composed: true, cancelable: true });
    if (this.dispatchEvent(event)) document.querySelector(tagOf(task))?.scrollIntoView();
  }

  #choose(task: ScreenTask, id: string): void {
    const choice = this.choices.get(id);
    if (choice) this.#give(task, choice, this.#tokenFor(choice));
  }

  readonly #submit = (event: Event): void => {
    event.preventDefault();
    void this.run();
  };

  readonly #onKey = (event: KeyboardEvent): void => {
    if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey) || event.repeat) return;
    event.preventDefault();
    const target = event.target as HTMLInputElement;
    // It has not been left yet.
    if (target.id === 'hub') this.#setHub(target.value);
    void this.run();
  };

  readonly #resume = ({ detail }: CustomEvent<StoredModel>): void => {
    const choice = choiceOf(detail);
    this.#setAddress(choice.id);
    void this.#load(choice, 'model');
  };

  readonly #pickFolder = async (): Promise<void> => {
    const pick = folderPicker();
    if (!pick) return this.#pick(true);
    try {
      await this.openFiles(await pick());
    } catch (error) {
      // Chosen nothing.
      if (!isStop(error)) this.#fail(error, 'disk');
    }
  };

  #pick(folder: boolean): void {
    pickFiles(folder, (files) => void this.openFiles(files));
  }
}

const isWebAddress = (text: string): boolean => /^\s*https?:\/\//iu.test(text) && URL.canParse(text.trim());
