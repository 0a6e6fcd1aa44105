/**
 * What the screens that run a model have in common: a model that loads when it is needed, one run at a time that can be
 * stopped, errors beside the control that caused them, a state that can be put in a link, and the frame of the page.
 */
import { html, LitElement, nothing, type PropertyDeclarations, type PropertyValues, type TemplateResult } from 'lit';
import {
  LoadControl,
  type ModelArgument,
  type ModelInfo,
  type PipelineOptions,
  type ProgressInfo,
  type RuntimeInfo,
} from '../index.js';
import { copyText } from './clipboard.js';
import { count, timeLeft, transferred } from './format.js';
import { factList } from './parts.js';
import { shared } from './styles.js';
import { defaults, merge, toFragment, type Schema } from './state.js';
import { tokens } from './tokens.css.js';

/** What the screens need of every pipeline. */
export interface AnyPipeline {
  readonly info: ModelInfo;
  readonly runtime: RuntimeInfo;
  dispose(): unknown;
}

/** Something that went wrong and where it is said. */
export interface Problem {
  /** The control it stands beside; `load` for the model, `run` for all else. */
  readonly at: string;
  readonly message: string;
  readonly code: string;
}

/** What {@link ClozeElement.renderTextBox} shows. */
export interface TextBox {
  readonly id: string;
  readonly label: string;
  readonly rows: number;
  readonly value: string;
  readonly change: (text: string) => void;
  readonly placeholder?: string;
  readonly spellcheck?: boolean;
  /** Ids of further descriptions. */
  readonly describedBy?: string;
  /** A control to its right. */
  readonly beside?: TemplateResult;
}

/** An example of a screen: a name for its chip, and the state it sets. */
export interface Example<S> {
  readonly name: string;
  readonly state: Partial<S>;
}

type LoadState = 'idle' | 'loading' | 'ready' | 'failed';

/** The part of a `ClozeError` that is used here; also true of errors from another copy of the package. */
interface CodedError {
  readonly code: string;
  readonly message: string;
}

const isCoded = (error: unknown): error is CodedError =>
  error instanceof Error && typeof (error as Partial<CodedError>).code === 'string';

/** Errors whose cause is the model or its files, not what was typed. */
const LOAD_CODES = new Set([
  'network',
  'not_found',
  'gated',
  'unauthorized',
  'rate_limited',
  'hash_mismatch',
  'invalid_config',
  'invalid_weights',
  'truncated_weights',
  'missing_tensor',
  'shape_mismatch',
  'invalid_tokenizer',
  'unsupported_browser',
]);

/**
 * Base of the four elements. `S` is the state, `P` the pipeline, `R` the result.
 *
 * @fires cloze-change - the state changed; `detail` is the state
 * @fires cloze-progress - the model is being fetched; `detail` is a `ProgressInfo`
 * @fires cloze-ready - the model is there; `detail` is `{info, runtime}`
 * @fires cloze-result - a run ended; `detail` is the result
 * @fires cloze-error - a run or a load failed; `detail` is the error
 */
export abstract class ClozeElement<S extends object, P extends AnyPipeline, R> extends LitElement {
  static override properties: PropertyDeclarations = {
    model: {},
    modelName: { attribute: 'model-name' },
    token: { attribute: false },
    dtype: {},
    build: {},
    threads: { type: Number },
    autorun: { type: Boolean },
    shareUrl: { attribute: false },
    loadState: { state: true },
    running: { state: true },
    problem: { state: true },
    result: { state: true },
    statusText: { state: true },
    refused: { state: true },
  };
  static override styles = [tokens, shared];

  /** Folder, hub id, files (as a property) or nothing (the model that comes with the package). */
  declare model: ModelArgument;
  /** What to call it on the screen, where `model` is no text or a long one. */
  declare modelName: string | undefined;
  /** For the origin that `model` comes from, if it asks for one. Only a property: it is to stand nowhere. */
  declare token: string | undefined;
  /** How the weights are stored: `q8` (default), `q4` or `fp32`. */
  declare dtype: PipelineOptions['dtype'];
  /** Which WebAssembly build runs; chosen by the browser's abilities when left out. */
  declare build: PipelineOptions['build'];
  /** How many threads to use at most. */
  declare threads: number | undefined;
  /** Runs once as soon as the model is there. */
  declare autorun: boolean;
  /** Set by the page to say what the link of this screen is; otherwise the page's address with a fragment. */
  declare shareUrl: (() => string) | undefined;

  declare protected loadState: LoadState;
  declare protected running: boolean;
  declare protected problem: Problem | undefined;
  declare protected result: R | undefined;
  declare protected statusText: string;
  /** Settings that hold something that is no value, by key: they keep what was typed. */
  declare protected refused: Readonly<Record<string, string>>;

  /** The name of the task in links. */
  protected abstract readonly task: string;
  protected abstract readonly schema: Schema;
  /** The run button's name. */
  protected abstract readonly verb: string;
  /** What the run is called while it runs. */
  protected abstract readonly doing: string;
  protected abstract readonly examples: readonly Example<S>[];

  protected pipe: P | undefined;
  #state: S | undefined;
  #loading: Promise<P> | undefined;
  #loadAbort: AbortController | undefined;
  #runAbort: AbortController | undefined;
  #observer: IntersectionObserver | undefined;
  #progress: ProgressInfo | undefined;
  #progressFrame = 0;
  /** What a load warned of, by code; said until the next one. */
  readonly #warnings = new Map<string, string>();
  #control = new LoadControl();
  #autorunDone = false;

  constructor() {
    super();
    this.autorun = false;
    this.loadState = 'idle';
    this.running = false;
    this.statusText = '';
    this.refused = {};
    this.addEventListener('keydown', this.#onKey);
  }

  // ---- what each screen says for itself -------------------------------------------------------------------------

  /** Loads this screen's pipeline. */
  protected abstract open(options: PipelineOptions): Promise<P>;
  /** Does the task; a rejection with code `aborted` counts as stopped. */
  protected abstract perform(pipe: P, signal: AbortSignal): Promise<R>;
  /** Why the run cannot start, judged without the model; undefined if it can. */
  protected abstract check(): Problem | undefined;
  /** Which control an error of the model core belongs to. */
  protected abstract placeOf(code: string): string;
  /** One sentence about the result, for the status line. */
  protected abstract summary(result: R): string;
  /** What `Copy` copies; undefined while there is nothing. */
  protected abstract copyable(): string | undefined;
  protected abstract renderAbout(): TemplateResult;
  protected abstract renderInput(): TemplateResult;
  protected abstract renderSettings(): TemplateResult | typeof nothing;
  protected abstract renderResults(): TemplateResult;
  protected abstract facts(): [string, string][];
  /** Further buttons, before Stop: that one leaves a gap while nothing runs. */
  protected renderActions(): TemplateResult | typeof nothing {
    return nothing;
  }
  /** Called when a run is stopped or fails; a screen may keep the part that is there. */
  protected interrupted(_error: unknown): void {}
  /** Called once the model is there. */
  protected opened(_pipe: P): void {}

  // ---- state ----------------------------------------------------------------------------------------------------

  /** Everything typed and set, as plain JSON. Setting merges the keys it knows; throws on values it cannot use. */
  get state(): S {
    return structuredClone(this.current);
  }
  set state(given: Partial<S>) {
    const { state, problems } = merge(this.schema, this.current, given);
    this.replaceState(state);
    this.refused = {};
    if (problems.length > 0) throw new TypeError(`${this.localName}: ${problems.join('; ')}`);
  }

  /** The state with what a run chose itself (the seed), so that it reproduces the result that is shown. */
  get shareState(): S {
    return this.state;
  }

  /** The state itself, for reading. */
  protected get current(): S {
    return (this.#state ??= { ...defaults<S>(this.schema), ...(this.examples[0]?.state ?? {}) });
  }

  /** Takes a new state over and tells the page. */
  protected replaceState(state: S): void {
    const before = this.current;
    this.#state = state;
    this.stateChanged(before);
    this.requestUpdate();
    this.emit('cloze-change', this.state);
  }

  /** Changes some keys. */
  protected change(change: Partial<S>): void {
    const { [Object.keys(change)[0]!]: _, ...others } = this.refused;
    this.refused = others;
    this.replaceState({ ...this.current, ...change });
  }

  /** Called on every change of the state. */
  protected stateChanged(_before: S): void {
    if (this.problem && this.problem.at !== 'load') this.problem = undefined;
  }

  /** A setting was given something that is no value. */
  protected refuse(key: string, why: string): void {
    this.refused = { ...this.refused, [key]: why };
  }

  // ---- model ----------------------------------------------------------------------------------------------------

  /** Loads the model if it is not there yet. */
  async load(): Promise<void> {
    await this.#pipeline();
  }

  #pipeline(): Promise<P> {
    return (this.#loading ??= this.#open());
  }

  async #open(): Promise<P> {
    const abort = new AbortController();
    this.#loadAbort = abort;
    this.#control = new LoadControl();
    this.#warnings.clear();
    this.loadState = 'loading';
    if (this.problem?.at === 'load') this.problem = undefined;
    if (!this.running) this.announce('Loading the model.');
    const options: PipelineOptions = {
      signal: abort.signal,
      control: this.#control,
      progress_callback: (progress: ProgressInfo) => this.#onProgress(progress),
      ...(this.token ? { token: this.token } : {}),
      ...(this.dtype ? { dtype: this.dtype } : {}),
      ...(this.build ? { build: this.build } : {}),
      ...(this.threads ? { threads: this.threads } : {}),
    };
    try {
      const pipe = await this.open(options);
      if (abort.signal.aborted) {
        pipe.dispose();
        throw new DOMException('Loading was stopped.', 'AbortError');
      }
      this.pipe = pipe;
      this.loadState = 'ready';
      if (!this.running) this.announce('The model is ready.');
      this.emit('cloze-ready', { info: pipe.info, runtime: pipe.runtime });
      this.opened(pipe);
      if (this.autorun && !this.#autorunDone && !this.running) queueMicrotask(() => void this.run());
      this.#autorunDone = true;
      return pipe;
    } catch (error) {
      // Thrown away by a change of model: the newer load speaks for itself.
      if (this.#loadAbort === abort) {
        this.#loading = undefined;
        if (abort.signal.aborted) {
          this.loadState = 'idle';
          // Another screen may wait for the same model, and the load goes on for it.
          this.announce('Loading was stopped for this screen.');
        } else {
          this.loadState = 'failed';
          this.#fail(error, 'load');
        }
      }
      throw error;
    } finally {
      if (this.#loadAbort === abort) this.#loadAbort = undefined;
      this.#progress = undefined;
      this.requestUpdate();
    }
  }

  #onProgress(progress: ProgressInfo): void {
    this.emit('cloze-progress', progress);
    if (progress.status === 'warning') this.#warnings.set(progress.code ?? '', progress.message);
    else this.#progress = progress;
    // Many small chunks: once a frame is enough.
    this.#progressFrame ||= requestAnimationFrame(() => {
      this.#progressFrame = 0;
      this.requestUpdate();
    });
  }

  #dispose(): void {
    this.stop();
    this.#loadAbort?.abort();
    this.#loadAbort = undefined;
    this.#loading = undefined;
    this.loadState = 'idle';
    this.pipe?.dispose();
    this.pipe = undefined;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#observer = new IntersectionObserver((entries) => {
      if (!entries.some((entry) => entry.isIntersecting)) return;
      this.#observer?.disconnect();
      // Those who save data load a model only when they ask for it.
      const saves = (navigator as { connection?: { saveData?: boolean } }).connection?.saveData === true;
      if (!saves || this.autorun) whenIdle(() => this.isConnected && this.load().catch(() => undefined));
    });
    this.#observer.observe(this);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#observer?.disconnect();
    // Moved within the page: keep the model. Taken away: let it go.
    queueMicrotask(() => {
      if (!this.isConnected) this.#dispose();
    });
  }

  protected override willUpdate(changed: PropertyValues): void {
    if (!this.hasUpdated) return;
    // A token that is taken away was for a load that is over or under way: that changes nothing.
    if (
      ['model', 'dtype', 'build', 'threads'].some((name) => changed.has(name)) ||
      (changed.has('token') && this.token)
    ) {
      const wanted = this.#loading !== undefined || this.problem?.at === 'load';
      this.#dispose();
      this.problem = undefined;
      if (wanted) void this.load().catch(() => undefined);
    }
  }

  // ---- run ------------------------------------------------------------------------------------------------------

  /** Does the task with what is typed; a run that is under way is replaced. Resolves with the result, if there is one. */
  async run(): Promise<R | undefined> {
    const refusedKey = Object.keys(this.refused)[0];
    const problem = refusedKey
      ? { at: refusedKey, code: 'invalid_option', message: this.refused[refusedKey]! }
      : this.check();
    if (problem) {
      this.problem = problem;
      this.announce('');
      await this.updateComplete;
      this.focusControl(problem.at);
      return undefined;
    }
    this.#runAbort?.abort();
    const abort = new AbortController();
    this.#runAbort = abort;
    this.running = true;
    this.problem = undefined;
    this.announce(this.pipe ? this.doing : 'Loading the model first.');
    try {
      const pipe = await untilAborted(this.#pipeline(), abort.signal);
      this.announce(this.doing);
      const result = await this.perform(pipe, abort.signal);
      if (abort.signal.aborted && this.#runAbort !== abort) return undefined;
      this.result = result;
      this.announce(this.summary(result));
      this.emit('cloze-result', result);
      return result;
    } catch (error) {
      if (this.#runAbort !== abort) return undefined;
      this.interrupted(error);
      if (abort.signal.aborted || (isCoded(error) && error.code === 'aborted')) {
        this.announce(this.stoppedSummary());
      } else if (this.loadState !== 'failed') {
        this.#fail(error, isCoded(error) ? this.placeOf(error.code) : 'run');
      }
      return undefined;
    } finally {
      if (this.#runAbort === abort) {
        const stopHadFocus = this.renderRoot.querySelector('#stop') === this.shadowRoot?.activeElement;
        this.#runAbort = undefined;
        this.running = false;
        await this.updateComplete;
        if (stopHadFocus) this.focusControl('run');
      }
    }
  }

  /** Stops the run, and the loading of the model if that is what it waits for. */
  stop(): void {
    this.#runAbort?.abort();
    this.#loadAbort?.abort();
  }

  /** What the status line says after `Stop`. */
  protected stoppedSummary(): string {
    return 'Stopped.';
  }

  #fail(error: unknown, at: string): void {
    const code = isCoded(error) ? error.code : 'internal';
    const message = error instanceof Error ? error.message : String(error);
    this.problem = { at: LOAD_CODES.has(code) ? 'load' : at, code, message: sentence(this.wording(code) ?? message) };
    this.announce('');
    this.emit('cloze-error', error);
    // The cause may be folded away in the settings: go there, as after any refused form.
    if (!['load', 'run'].includes(this.problem.at))
      void this.updateComplete.then(() => this.focusControl(this.problem?.at ?? 'run'));
  }

  /** This screen's own words for an error, where they help more than the general ones. */
  protected wording(_code: string): string | undefined {
    return undefined;
  }

  /** Says what is being done, for all to see and for screen readers. */
  protected announce(text: string): void {
    this.statusText = text;
  }

  protected emit(type: string, detail: unknown): void {
    this.dispatchEvent(new CustomEvent(type, { detail, bubbles: true, composed: true }));
  }

  protected focusControl(id: string): void {
    const control = this.renderRoot.querySelector<HTMLElement>(`#${id}`);
    const folded = control?.closest('details');
    if (folded) folded.open = true;
    control?.focus();
  }

  readonly #onKey = (event: KeyboardEvent): void => {
    if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey) || event.repeat) return;
    event.preventDefault();
    void this.run();
  };

  /** What a link to this screen shows, in words. */
  protected get linkContent(): string {
    return 'Whoever opens it sees this screen.';
  }

  // ---- the frame of the page ------------------------------------------------------------------------------------

  protected override render(): TemplateResult {
    return html`<div class="screen">
      <header class="about">${this.renderAbout()} ${this.#renderModelName()}</header>
      <div class="columns">
        <div class="input">
          ${this.#renderExamples()} ${this.renderInput()}
          <div class="row">
            <button type="button" id="run" class="primary" @click=${() => void this.run()}>${this.verb}</button>
            ${this.renderActions()}
            <button type="button" id="stop" class=${this.running ? '' : 'away'} @click=${() => this.stop()}>
              Stop
            </button>
            <span class="keys" aria-hidden="true">${isApple() ? '⌘' : 'Ctrl'} + Enter</span>
          </div>
          ${this.#renderDoing()} ${this.renderSettings()}
        </div>
        <section class="results" aria-labelledby="results-title" aria-busy=${this.running ? 'true' : 'false'}>
          <div class="row spread">
            <h3 id="results-title">Results</h3>
            <div class="row">
              <button type="button" class="quiet" ?disabled=${this.copyable() === undefined} @click=${this.#copy}>
                Copy
              </button>
              <button type="button" class="quiet" @click=${this.#share}>Share link</button>
            </div>
          </div>
          ${this.renderResults()} ${this.#renderFacts()}
        </section>
      </div>
    </div>`;
  }

  /** Which model this screen uses, where it is not the one that the words above are about. */
  #renderModelName(): TemplateResult | typeof nothing {
    const name = this.modelName ?? (typeof this.model === 'string' ? this.model : '');
    return this.model && name !== ''
      ? html`<p class="small" id="model-name">Now with the model <span class="token">${name}</span>.</p>`
      : nothing;
  }

  #renderExamples(): TemplateResult {
    return html`<div class="row" role="group" aria-label="Examples">
      <span class="small muted" aria-hidden="true">Try</span>
      ${this.examples.map(
        (example) =>
          html`<button type="button" class="chip" @click=${() => this.#runExample(example)}>${example.name}</button>`,
      )}
    </div>`;
  }

  #runExample(example: Example<S>): void {
    this.refused = {};
    this.replaceState({ ...defaults<S>(this.schema), ...structuredClone(example.state) } as S);
    void this.run();
  }

  #renderDoing(): TemplateResult {
    const problem = this.problem && ['load', 'run'].includes(this.problem.at) ? this.problem : undefined;
    return html`<div class="doing">
      ${this.loadState === 'loading' ? this.#renderLoading() : nothing}
      ${[...this.#warnings.values()].map((warning) => html`<p class="small" data-warning>${sentence(warning)}</p>`)}
      <p role="status" class=${this.loadState === 'loading' ? 'hidden-text' : 'muted'}>${this.statusText}</p>
      ${
        problem
          ? html`<div class="problem" role="alert">
              <p>${problem.message}</p>
              <button type="button" id="retry" @click=${this.#retry}>Retry</button>
            </div>`
          : nothing
      }
    </div>`;
  }

  #renderLoading(): TemplateResult {
    const progress = this.#progress;
    const loaded = progress?.loaded;
    // Perhaps on another screen that waits for the same model.
    const { paused } = this.#control;
    const words = progress?.message ?? (paused ? 'Paused' : 'Starting the model’s worker');
    const amount = loaded !== undefined ? transferred(loaded, progress?.total, progress?.rate) : '';
    const left = progress?.seconds_left ? `, ${timeLeft(progress.seconds_left)}` : '';
    return html`<div class="field">
      <div class="row spread">
        <span id="loading-words">${words}${amount && !words.includes('MB') ? `: ${amount}${left}` : ''}</span>
        <span class="row">
          ${
            paused || (loaded !== undefined && !this.running)
              ? html`<button type="button" class="quiet" @click=${this.#pause}>
                  ${paused ? 'Resume loading' : 'Pause loading'}
                </button>`
              : nothing
          }
          ${this.running ? nothing : html`<button type="button" class="quiet" @click=${() => this.stop()}>Stop loading</button>`}
        </span>
      </div>
      ${
        loaded !== undefined && progress?.total
          ? html`<progress aria-labelledby="loading-words" max=${progress.total} .value=${loaded}></progress>`
          : html`<progress aria-labelledby="loading-words"></progress>`
      }
    </div>`;
  }

  readonly #pause = (): void => {
    if (this.#control.paused) this.#control.resume();
    else this.#control.pause();
    this.requestUpdate();
  };

  #renderFacts(): TemplateResult | typeof nothing {
    const facts = this.facts();
    return facts.length > 0 ? factList(facts) : nothing;
  }

  /** The problem that stands beside a control, for `aria-invalid` and its words. */
  protected problemAt(id: string): string | undefined {
    return this.problem?.at === id ? this.problem.message : undefined;
  }

  /** A labelled box for text, with its problem below it. */
  protected renderTextBox(box: TextBox): TemplateResult {
    const {
      id,
      label,
      rows,
      value,
      change,
      placeholder = '',
      spellcheck = true,
      describedBy = '',
      beside = nothing,
    } = box;
    const area = html`<textarea
      id=${id}
      rows=${rows}
      spellcheck=${spellcheck ? 'true' : 'false'}
      placeholder=${placeholder}
      .value=${value}
      aria-invalid=${this.problemAt(id) ? 'true' : 'false'}
      aria-describedby="${id}-problem ${describedBy}"
      @input=${(event: Event) => change((event.target as HTMLTextAreaElement).value)}
    ></textarea>`;
    return html`<div class="field">
      <label for=${id}>${label}</label>
      ${beside === nothing ? area : html`<div class="with-control">${area}${beside}</div>`} ${this.renderProblem(id)}
    </div>`;
  }

  /** The words of {@link problemAt}; the control refers to them by `aria-describedby="<id>-problem"`. */
  protected renderProblem(id: string): TemplateResult {
    const message = this.problemAt(id);
    return html`<div id="${id}-problem" role="alert">
      ${message ? html`<div class="problem"><p>${message}</p></div>` : nothing}
    </div>`;
  }

  readonly #retry = (): void => {
    const at = this.problem?.at;
    this.problem = undefined;
    if (at === 'load') {
      this.#dispose();
      void this.load().catch(() => undefined);
    } else {
      void this.run();
    }
    this.focusControl('run');
  };

  readonly #copy = async (): Promise<void> => {
    const text = this.copyable();
    if (text === undefined) return;
    this.announce(
      (await copyText(text))
        ? `Copied: ${count(text.length, 'character')}.`
        : 'The browser does not allow copying here. Select the text and copy it by hand.',
    );
  };

  readonly #share = async (): Promise<void> => {
    const link = this.shareUrl?.() ?? new URL(toFragment(this.task, this.schema, this.shareState), location.href).href;
    this.announce(
      (await copyText(link))
        ? `Link copied. ${this.linkContent}`
        : `The browser does not allow copying here. The link: ${link}`,
    );
  };
}

/** Waits for `promise`, or rejects as soon as `signal` aborts. */
function untilAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = (): void => reject(new DOMException('Stopped.', 'AbortError'));
    if (signal.aborted) return stop();
    signal.addEventListener('abort', stop, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
  });
}

/** Messages end as sentences do. */
const sentence = (text: string): string => (/[.!?…]$/u.test(text) ? text : `${text}.`);

const isApple = (): boolean => /mac|iphone|ipad/iu.test(navigator.platform);

function whenIdle(action: () => unknown): void {
  if (typeof requestIdleCallback === 'function') requestIdleCallback(action, { timeout: 1000 });
  else setTimeout(action, 200);
}
