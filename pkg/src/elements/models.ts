/** `<cloze-models>`: loads models from a hub, an address or a disk, gives them to screens, and shows what is kept. */
import {
  css,
  html,
  LitElement,
  nothing,
  type PropertyDeclarations,
  type PropertyValues,
  type TemplateResult,
} from 'lit';
import { live } from 'lit/directives/live.js';
import { repeat } from 'lit/directives/repeat.js';
import {
  architectureName,
  droppedFiles,
  env,
  type ModelInfo,
  type PipelineOptions,
  type StoredModel,
} from '../index.js';
import { AccessTokens, originOf } from './access-tokens.js';
import { parameters, size, timeLeft, transferred } from './format.js';
import { keptList } from './kept-list.js';
import {
  choiceAt,
  choiceFrom,
  choiceOf,
  fits,
  mayUse,
  OWN,
  SCREENS,
  type ModelChoice,
  type ScreenTask,
} from './model-choice.js';
import { ModelLoading } from './model-loading.js';
import { shared } from './styles.js';
import { tokens } from './tokens.css.js';

/** What is typed on the Models screen, as far as it may stand in a link. */
export interface ModelsState {
  /** Hub id or address. */
  model: string;
}

/** A screen is given a model. */
export interface ModelUse {
  readonly task: ScreenTask;
  readonly choice: ModelChoice;
  /** Only if one was typed for the very origin that the model comes from, and it was chosen here, not by a link. */
  readonly token?: string;
}

/** A box for one line of text. */
interface TextField {
  readonly id: 'model' | 'token' | 'hub';
  readonly label: string;
  readonly value: string;
  readonly change: (text: string) => void;
  /** Once it is left or Enter pressed, not with each letter. */
  readonly late?: boolean;
  readonly about: string;
  readonly placeholder?: string;
  readonly secret?: boolean;
}

/** Models that people often ask for. */
const EXAMPLES: readonly { readonly id: string; readonly about: string }[] = [
  { id: 'google-bert/bert-base-uncased', about: '440 MB' },
  { id: 'distilbert/distilgpt2', about: '353 MB' },
  { id: 'openai-community/gpt2', about: '548 MB' },
];

/** Errors that speak of the access, not of the address. */
const ACCESS = new Set(['unauthorized', 'gated']);

/**
 * The Models screen.
 *
 * @fires cloze-change - the address in the text box changed; `detail` is the state
 * @fires cloze-use - a screen is to use a model; `detail` is a {@link ModelUse}
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
    address: { state: true },
    choices: { state: true },
    uses: { state: true },
    problem: { state: true },
    statusText: { state: true },
    loaded: { state: true },
  };
  static override styles = [
    tokens,
    shared,
    css`
      .uses {
        display: grid;
        gap: 0.75rem 1.25rem;
        grid-template-columns: repeat(auto-fill, minmax(min(100%, 14rem), 1fr));
      }
      .or {
        display: grid;
        gap: 0.5rem;
        justify-items: start;
        padding: 1rem;
        border: 1px dashed var(--cloze-control);
        border-radius: var(--cloze-radius);
      }
      .loaded {
        display: grid;
        gap: 0.5rem;
        justify-items: start;
        padding: 0.75rem 1rem;
        background: var(--cloze-inset);
        border-radius: var(--cloze-radius);
      }
      .loaded p,
      .loading span {
        overflow-wrap: anywhere;
      }
      section {
        display: grid;
        gap: 0.75rem;
      }
    `,
  ];

  /** How the weights are stored: `q8` (default), `q4` or `fp32`. */
  declare dtype: PipelineOptions['dtype'];
  /** Which WebAssembly build runs; chosen by the browser's abilities when left out. */
  declare build: PipelineOptions['build'];
  /** How many threads to use at most. */
  declare threads: number | undefined;

  /** Where names are looked up (`env.remote_host`). */
  declare hub: string;

  declare protected address: string;
  /** Kept, opened and named models, by id. */
  declare protected choices: ReadonlyMap<string, ModelChoice>;
  /** The model of each screen, by id. */
  declare protected uses: Readonly<Record<ScreenTask, string>>;
  declare protected problem: { readonly at: 'model' | 'token' | 'hub' | 'disk'; readonly message: string } | undefined;
  declare protected statusText: string;
  /** The model that was loaded last, and the screens that were given it. */
  declare protected loaded:
    { readonly choice: ModelChoice; readonly info: ModelInfo; readonly screens: readonly string[] } | undefined;

  readonly #loading = new ModelLoading(this);
  readonly #tokens = new AccessTokens();
  /** What was loaded on this page can do. */
  readonly #infos = new Map<string, ModelInfo>();
  #stopHearing: (() => void) | undefined;

  constructor() {
    super();
    this.hub = env.remote_host;
    this.address = '';
    this.choices = new Map([[OWN.id, OWN]]);
    this.uses = { 'fill-mask': '', 'next-sentence': '', generate: '', summarize: '' };
    this.statusText = '';
  }

  // ---- for the page -----------------------------------------------------------------------------------------------

  /** What may stand in a link. Never the token. */
  get state(): ModelsState {
    return { model: this.address };
  }
  set state({ model }: { model?: string | null }) {
    if (model === undefined) return;
    if (model !== null && typeof model !== 'string') throw new TypeError('cloze-models: model must be a text');
    this.address = model ?? '';
  }

  /** The same as {@link state}. */
  get shareState(): ModelsState {
    return this.state;
  }

  /** Loads what stands in the text box; whether that worked. */
  async run(): Promise<boolean> {
    const address = this.address.trim();
    if (address === '') {
      this.problem = {
        at: 'model',
        message: 'Type a model’s name on the hub, such as openai-community/gpt2, or the address of its folder.',
      };
      await this.updateComplete;
      this.#focus('model');
      return false;
    }
    if (!isWebAddress(this.hub)) {
      this.problem = { at: 'hub', message: 'A hub’s address begins with https://, such as https://huggingface.co/.' };
      await this.updateComplete;
      this.#focus('hub');
      return false;
    }
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
    this.#stopHearing = keptList.watch({ kept: (list) => this.#take(list), failed: () => this.#take([]) });
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#stopHearing?.();
  }

  protected override willUpdate(changed: PropertyValues): void {
    // It is one for all of the page.
    if (changed.has('hub') && isWebAddress(this.hub)) env.remote_host = new URL(this.hub.trim()).href;
  }

  // ---- loading ----------------------------------------------------------------------------------------------------

  async #load(choice: ModelChoice, at: 'model' | 'disk'): Promise<boolean> {
    this.problem = undefined;
    this.loaded = undefined;
    this.statusText = `Loading ${choice.name}.`;
    const token = this.#tokenFor(choice);
    const outcome = await this.#loading.load(choice, {
      ...(this.dtype ? { dtype: this.dtype } : {}),
      ...(this.build ? { build: this.build } : {}),
      ...(this.threads ? { threads: this.threads } : {}),
      ...(token === '' ? {} : { token }),
    });
    if (!outcome.loaded) {
      if ('stopped' in outcome)
        this.statusText = choice.local
          ? 'Stopped.'
          : 'Stopped. What has arrived is kept; the next load goes on from there.';
      else this.#fail(outcome.error, at);
      return false;
    }
    const { info } = outcome;
    this.#infos.set(choice.id, info);
    const screens = SCREENS.filter(({ task }) => fits(info, task));
    for (const { task } of screens) this.#give(task, choice, token);
    if (screens.length === 0) this.#loading.letGoUnless([]);
    this.loaded = { choice, info, screens: screens.map(({ name }) => name) };
    this.statusText = `${choice.name} is ready.`;
    this.#emit('cloze-loaded', info);
    await keptList.look();
    return true;
  }

  #fail(error: unknown, at: 'model' | 'disk'): void {
    const message = error instanceof Error ? error.message : String(error);
    const access = ACCESS.has((error as { code?: string }).code ?? '');
    this.problem = { at: access ? 'token' : at, message };
    this.statusText = '';
    this.#emit('cloze-error', error);
    void this.updateComplete.then(() => this.#focus(access ? 'token' : at === 'model' ? 'model' : 'folder'));
  }

  #give(task: ScreenTask, choice: ModelChoice, token: string): void {
    this.#know([choice]);
    this.uses = { ...this.uses, [task]: choice.id };
    this.#loading.letGoUnless(Object.values(this.uses));
    this.#emit('cloze-use', { task, choice, ...(token === '' ? {} : { token }) } satisfies ModelUse);
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
    if (this.problem?.at === 'hub') this.problem = undefined;
    if (!isWebAddress(hub)) return;
    env.remote_host = new URL(hub.trim()).href;
    // What was typed for one hub is nothing for another.
    this.#tokens.clear();
    this.#emit('cloze-hub', env.remote_host);
  }

  #take(kept: readonly StoredModel[]): void {
    const used = new Set(Object.values(this.uses));
    const others = [...this.choices.values()].filter(({ id, local }) => local || used.has(id));
    this.choices = new Map();
    this.#know([
      OWN,
      ...kept.filter(({ source, complete }) => source !== 'default' && complete).map(choiceOf),
      ...others,
    ]);
  }

  #know(choices: readonly ModelChoice[]): void {
    this.choices = new Map([
      ...this.choices,
      ...choices.map((choice) => [choice.id, { ...choice, info: this.#infos.get(choice.id) }] as const),
    ]);
  }

  #emit(type: string, detail: unknown): void {
    this.dispatchEvent(new CustomEvent(type, { detail, bubbles: true, composed: true }));
  }

  #focus(id: string): void {
    const control = this.renderRoot.querySelector<HTMLElement>(`#${id}`);
    const folded = control?.closest('details');
    if (folded) folded.open = true;
    control?.focus();
  }

  // ---- what is shown ----------------------------------------------------------------------------------------------

  protected override render(): TemplateResult {
    return html`<div class="screen">
      <header class="about">
        <h2>Models</h2>
        <p>
          Any BERT or GPT-2, and their relatives, in Hugging Face’s layout or as GGUF. A model from an address is
          fetched once and kept in this browser; one from this device’s disk is read where it is. Text never leaves the
          page, whichever model reads it.
        </p>
      </header>
      <div class="columns">
        <div class="input">${this.#renderLoad()} ${this.#renderDisk()} ${this.#renderUses()}</div>
        <section class="results" aria-labelledby="kept-title">
          <h3 id="kept-title">Kept in this browser</h3>
          <cloze-kept-models .loading=${this.#loading.choice?.id} @cloze-resume=${this.#resume}></cloze-kept-models>
        </section>
      </div>
    </div>`;
  }

  #renderLoad(): TemplateResult {
    return html`<form class="input" aria-label="Load a model" @submit=${this.#submit} @keydown=${this.#onKey}>
      <div class="row" role="group" aria-label="Examples">
        <span class="small muted" aria-hidden="true">Try</span>
        ${EXAMPLES.map(
          ({ id, about }) =>
            html`<button type="button" class="chip" @click=${() => this.#setAddress(id)}>
              ${id.split('/')[1]}, ${about}
            </button>`,
        )}
      </div>
      ${this.#renderField({
        id: 'model',
        label: 'Model',
        placeholder: 'owner/name or https://…',
        value: this.address,
        change: (text) => this.#setAddress(text),
        about:
          'A name on the Hugging Face hub (owner/name, with @revision if you like), or the address of a folder or of one weight file.',
      })}
      <details>
        <summary>Access token and hub <span class="muted">for models that need one, and for mirrors</span></summary>
        <div class="inside">
          ${this.#renderField({
            id: 'token',
            label: 'Token',
            secret: true,
            value: this.#tokens.of(this.#server),
            change: (text) => this.#setToken(text),
            about: `For ${new URL(this.#server).host} alone; no other server is sent it. It is forgotten when this page is closed or the hub is changed, and is in no link.`,
          })}
          ${this.#renderField({
            id: 'hub',
            label: 'Hub',
            value: this.hub,
            change: (text) => this.#setHub(text),
            late: true,
            about: 'Where names like owner/name are looked up: Hugging Face, or a mirror of it.',
          })}
        </div>
      </details>
      <div class="row">
        <button type="submit" id="load" class="primary">Load</button>
      </div>
      ${this.#renderDoing()}
    </form>`;
  }

  #renderField({
    id,
    label,
    value,
    change,
    about,
    placeholder = '',
    secret = false,
    late = false,
  }: TextField): TemplateResult {
    return html`<div class="field">
      <label for=${id}>${label}</label>
      <input
        id=${id}
        type=${secret ? 'password' : 'text'}
        autocomplete="off"
        autocapitalize="none"
        spellcheck="false"
        placeholder=${placeholder}
        .value=${value}
        aria-invalid=${this.problem?.at === id ? 'true' : 'false'}
        aria-describedby="${id}-problem ${id}-about"
        @input=${(event: Event) => late || change((event.target as HTMLInputElement).value)}
        @change=${(event: Event) => late && change((event.target as HTMLInputElement).value)}
      />
      ${this.#renderProblem(id)}
      <p class="small muted" id="${id}-about">${about}</p>
    </div>`;
  }

  #renderDisk(): TemplateResult {
    return html`<section class="or" aria-label="From this device">
      <p class="small">
        Or drop a model’s folder or its files anywhere on this page. They are read where they are; nothing is copied or
        sent.
      </p>
      <div class="row">
        <button type="button" id="folder" aria-describedby="disk-problem" @click=${this.#pickFolder}>
          Choose a folder
        </button>
        <button type="button" id="files" aria-describedby="disk-problem" @click=${() => this.#pick(false)}>
          Choose files
        </button>
      </div>
      ${this.#renderProblem('disk')}
    </section>`;
  }

  #renderProblem(at: 'model' | 'token' | 'hub' | 'disk'): TemplateResult {
    const message = this.problem?.at === at ? this.problem.message : undefined;
    return html`<div id="${at}-problem" role="alert">
      ${message ? html`<div class="problem"><p>${message}</p></div>` : nothing}
    </div>`;
  }

  #renderDoing(): TemplateResult {
    const { choice, warning } = this.#loading;
    return html`<div class="doing">
      ${choice ? this.#renderProgress(choice) : nothing}
      <p role="status" class=${choice ? 'hidden-text' : 'muted'}>
        ${this.#loading.paused && choice ? 'Paused.' : this.statusText}
      </p>
      ${warning ? html`<p class="small">${warning}</p>` : nothing} ${this.#renderLoaded()}
    </div>`;
  }

  #renderProgress(choice: ModelChoice): TemplateResult {
    const { progress, paused } = this.#loading;
    const { loaded, total, rate, seconds_left } = progress ?? {};
    const words = paused ? `${choice.name} is paused` : (progress?.message ?? `Asking for ${choice.name}`);
    const amount = loaded === undefined ? '' : transferred(loaded, total, paused ? undefined : rate);
    const left = seconds_left === undefined || paused ? '' : `, ${timeLeft(seconds_left)}`;
    return html`<div class="field loading">
      <span id="loading-words">${words}${amount && `: ${amount}${left}`}</span>
      ${
        loaded !== undefined && total
          ? html`<progress aria-labelledby="loading-words" max=${total} .value=${loaded}></progress>`
          : html`<progress aria-labelledby="loading-words"></progress>`
      }
      <div class="row">
        ${choice.local ? nothing : html`<button type="button" id="pause" @click=${() => this.#loading.togglePause()}>${paused ? 'Resume' : 'Pause'}</button>`}
        <button type="button" id="cancel" @click=${() => this.#loading.cancel()}>Cancel</button>
      </div>
    </div>`;
  }

  #renderLoaded(): TemplateResult | typeof nothing {
    if (!this.loaded) return nothing;
    const { choice, info, screens } = this.loaded;
    return html`<div class="loaded">
      <p>
        <strong>${choice.name}</strong>: ${architectureName(info.model_type)}, ${info.num_hidden_layers} layers,
        ${parameters(info.parameters)} parameters, ${size(info.weight_bytes)} in memory.
      </p>
      <p class="small">
        ${
          screens.length > 0
            ? `Now used by ${screens.join(' and ')}.`
            : 'It has no head for any of the screens: it was made for something else than filling masks, judging next sentences or writing.'
        }
      </p>
    </div>`;
  }

  #renderUses(): TemplateResult {
    return html`<section aria-labelledby="uses-title">
      <h3 id="uses-title">Which model each screen uses</h3>
      <div class="uses">
        ${SCREENS.map(({ task, name }) => {
          const choices = [...this.choices.values()].filter((choice) => mayUse(choice, task));
          return html`<div class="field">
            <label for="use-${task}">${name}</label>
            <select
              id="use-${task}"
              @change=${(event: Event) => this.#choose(task, (event.target as HTMLSelectElement).value)}
            >
              ${repeat(
                choices,
                ({ id }) => id,
                // Once a person has picked one, the attribute says nothing any more.
                ({ id, name: model }) =>
                  html`<option value=${id} .selected=${live(id === this.uses[task])}>${model}</option>`,
              )}
            </select>
          </div>`;
        })}
      </div>
    </section>`;
  }

  // ---- what is done -----------------------------------------------------------------------------------------------

  #setAddress(address: string): void {
    this.address = address;
    this.problem = undefined;
    this.#emit('cloze-change', this.state);
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
    const picker = (window as { showDirectoryPicker?: () => Promise<FileSystemDirectoryHandle> }).showDirectoryPicker;
    if (!picker) return this.#pick(true);
    const folder = await picker.call(window).catch((error: unknown) => {
      // Chosen nothing.
      if (!(error instanceof DOMException && error.name === 'AbortError')) this.#fail(error, 'disk');
      return undefined;
    });
    if (folder) await this.openFiles(folder);
  };

  /** The picker that every browser has. */
  #pick(folder: boolean): void {
    const input = document.createElement('input');
    input.type = 'file';
    input.multiple = true;
    input.webkitdirectory = folder;
    input.addEventListener('change', () => {
      if (input.files && input.files.length > 0) void this.openFiles([...input.files]);
    });
    input.click();
  }
}

const isWebAddress = (text: string): boolean => /^\s*https?:\/\//iu.test(text) && URL.canParse(text.trim());

declare global {
  interface HTMLElementTagNameMap {
    'cloze-models': ClozeModels;
  }
}
