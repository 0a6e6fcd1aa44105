/**
 * A screen that runs a model, put together from the other controllers: what is typed and set, a model that loads when it
 * is needed, one run at a time, and problems beside the controls that caused them.
 */
import type { PropertyDeclarations, ReactiveController, TemplateResult } from 'lit';
import type { ModelArgument, ModelInfo, PipelineOptions, RuntimeInfo } from '../../index.js';
import { untilAborted } from '../../page/abort.js';
import { words } from '../../words/index.js';
import { onLanguage } from '../../words/language.js';
import { copyText } from '../clipboard.js';
import { count } from '../format.js';
import type { Linkable } from '../links.js';
import { emit, focusControl, type Host } from './host.js';
import { LinkController } from './link.js';
import { ModelController } from './model.js';
import { isCoded, isLoadCode, ProblemController, problemText, sentence, type Problem } from './problem.js';
import { RunController } from './run.js';

/** A model that a screen offers beside its own: nothing of it is fetched before it is taken. */
export interface ModelOffer {
  /** What `pipeline` takes. */
  readonly model: string;
  readonly name: string;
  /** What is fetched, in bytes. */
  readonly bytes: number;
  /** Whose server it comes from, where that is not the page's own. */
  readonly from?: string;
}

/** What is said of a screen for which no model comes with the package. */
export interface Invitation {
  /** What its model must have been trained for. */
  readonly needs: string;
  /** Some that suit, with a few words on each. */
  readonly offers: readonly (ModelOffer & { readonly about: string })[];
}

/** What the screens need of every pipeline. */
export interface AnyPipeline {
  readonly info: ModelInfo;
  readonly runtime: RuntimeInfo;
  dispose(): unknown;
}

/** An example of a screen: a name for its chip, and the state it sets. */
export interface Example<S> {
  readonly name: string;
  readonly state: Partial<S>;
}

/** The model that gave an answer, as it was then: the screen may have another one by now. */
export interface Answerer {
  /** What it is called; the empty text is the one that comes with the package. */
  readonly name: string;
  readonly info: ModelInfo;
  readonly runtime: RuntimeInfo;
}

/** Name and value of something that the page says of a run. */
export type Fact = readonly [name: string, value: string];

/** The properties of every screen that runs a model, for its `static properties`. */
export const screenProperties: PropertyDeclarations = {
  model: {},
  modelName: { attribute: 'model-name' },
  token: { attribute: false },
  dtype: {},
  build: {},
  threads: { type: Number },
  autorun: { type: Boolean },
  shareUrl: { attribute: false },
};

/** An element with {@link screenProperties}. */
export interface ScreenHost extends Host {
  /** Folder, hub id, files (as a property) or nothing (the model that comes with the package). */
  readonly model: ModelArgument;
  /** What to call it on the screen, where `model` is no text or a long one. */
  readonly modelName: string | undefined;
  /** For the origin that `model` comes from, if it asks for one. Only a property: it is to stand nowhere. */
  readonly token: string | undefined;
  /** How the weights are stored: `q8` (default), `q4` or `fp32`. */
  readonly dtype: PipelineOptions['dtype'];
  /** Which WebAssembly build runs; chosen by the browser's abilities when left out. */
  readonly build: PipelineOptions['build'];
  /** How many threads to use at most. */
  readonly threads: number | undefined;
  /**
   * Runs once as soon as the model is there. The model is loaded when the element is first seen: one below the fold waits
   * until the reader scrolls to it; `load()` or `run()` begin at once.
   */
  readonly autorun: boolean;
  /** A better model, offered on screens that write. */
  readonly offer?: ModelOffer | undefined;
  /** Set by the page to say what the link of this screen is; otherwise the page's address with a fragment. */
  readonly shareUrl: (() => string) | undefined;
}

/** What a screen says for itself. */
export interface ScreenParts<S, P, R> {
  examples(): readonly Example<S>[];
  /** What stands on the screen at first, where it is not the first example. */
  start?(): Partial<S>;
  /** The run button's name. */
  verb(): string;
  /** What the run is called while it runs. */
  doing(): string;
  /** Loads this screen's pipeline. */
  open(options: PipelineOptions): Promise<P>;
  /** Does the task; a rejection with code `aborted` counts as stopped. */
  perform(pipe: P, signal: AbortSignal): Promise<R>;
  /** Why the run cannot start, judged without the model; undefined if it can. */
  check(): Problem | undefined;
  /** Which control an error of the model core belongs to; `details` are the facts of the case. */
  placeOf(code: string, details: Readonly<Record<string, unknown>>): string;
  /** One sentence about the result, for the status line. */
  summary(result: R): string;
  /** What `Copy` copies; undefined while there is nothing. */
  copyable(): string | undefined;
  /** What is said of the run below the results. */
  facts(): readonly Fact[];
  renderAbout(): TemplateResult;
  renderInput(): TemplateResult;
  renderResults(): TemplateResult;
  renderSettings?(): TemplateResult;
  /** Which models the screen asks the reader for, if none comes with the package. */
  readonly invitation?: () => Invitation;
  /** Whether the answer is shown while it comes, in the place of the one before. */
  readonly streams?: true;
  /** Whether the results have the whole width, below the input. */
  readonly wide?: true;
  /** Whether it now runs without a model: none is loaded then, and `perform` is given none. */
  modelless?(): boolean;
  /** What the model depends on beside the host's settings: another value lets it go, and loads it anew if it was wanted. */
  needs?(): string | undefined;
  /** Whether what failed can only be fetched anew by the page as a whole: then it is reloaded in the place of a retry. */
  reloads?(): boolean;
  /** Further buttons, before Stop: that one leaves a gap while nothing runs. */
  renderActions?(): TemplateResult | undefined;
  /** What a link says of the screen, where it is not the state as it is. */
  shared?(): S;
  /** What a link to this screen shows, in words. */
  linkContent?(): string;
  /** What the status line says after `Stop`. */
  stoppedSummary?(): string;
  /** This screen's own words for an error, where they help more than the general ones. */
  wording?(code: string): string | undefined;
  /** Called before each run, whoever asked for it. */
  beforeRun?(): void;
  /** Called once the model is there. */
  opened?(pipe: P): void;
  /** Called when a run is stopped or fails; a screen may keep the part that is there. */
  interrupted?(error: unknown): void;
  /** Called on every change of the state. */
  changed?(before: S): void;
}

/** The settings of a load that are the host's. */
const loadSettings = ({ token, dtype, build, threads }: ScreenHost): PipelineOptions => ({
  ...(token ? { token } : {}),
  ...(dtype ? { dtype } : {}),
  ...(build ? { build } : {}),
  ...(threads ? { threads } : {}),
});

/**
 * The screen of a task. `S` is the state, `P` the pipeline, `R` the result. It fires on its host:
 *
 * - `cloze-change`: the state changed; `detail` is the state
 * - `cloze-progress`: the model is being fetched; `detail` is a `ProgressInfo`
 * - `cloze-ready`: the model is there; `detail` is `{info, runtime}`
 * - `cloze-result`: a run ended; `detail` is the result
 * - `cloze-error`: a run or a load failed; `detail` is the error
 */
export class ScreenController<S extends object, P extends AnyPipeline, R> implements ReactiveController {
  readonly link: LinkController<S>;
  readonly model: ModelController<P>;
  readonly problem: ProblemController;
  readonly runs: RunController;
  /** The last result, until another run begins to show its own. */
  result: R | undefined;
  /** Whose answer is shown. */
  answerer: Answerer | undefined;
  #status = '';
  #autorunDone = false;
  /** What the model depends on, as of the last update. */
  #inputs: readonly unknown[] | undefined;
  #needs: string | undefined;
  #token: string | undefined;
  #lacked = false;
  #stopHearing: (() => void) | undefined;

  constructor(
    readonly host: ScreenHost,
    readonly screen: Linkable,
    readonly parts: ScreenParts<S, P, R>,
  ) {
    host.addController(this);
    this.problem = new ProblemController(host);
    this.runs = new RunController(host);
    this.link = new LinkController<S>(host, screen, {
      start: () => parts.start?.() ?? parts.examples()[0]?.state ?? {},
      changed: (before) => {
        if (this.problem.current?.at !== 'load') this.problem.clear();
        parts.changed?.(before);
      },
    });
    this.model = new ModelController<P>(host, {
      open: (options) => parts.open({ ...options, ...loadSettings(host) }),
      began: () => {
        if (this.problem.current?.at === 'load') this.problem.clear();
        if (!this.running) this.announce(words.frame.loading);
      },
      progressed: (progress) => emit(host, 'cloze-progress', progress),
      ready: (pipe) => this.#opened(pipe),
      // Another screen may wait for the same model, and the load goes on for it.
      stopped: () => this.announce(words.frame.loadingStopped),
      failed: (error) => this.#fail(error, 'load'),
      eager: () => host.autorun,
      needless: () => this.lacking || parts.modelless?.() === true,
    });
    host.addEventListener('keydown', this.#onKey);
  }

  // ---- for the screen -------------------------------------------------------------------------------------------

  /** The state itself, for reading. */
  get current(): S {
    return this.link.current;
  }

  /** The model's pipeline, once it is there. */
  get pipe(): P | undefined {
    return this.model.model;
  }

  /** What the model is called; the empty text is the one that comes with the package. */
  get modelName(): string {
    const { model, modelName } = this.host;
    if (model === undefined || model === null) return '';
    return modelName ?? (typeof model === 'string' ? model : words.models.filesFromDevice);
  }

  /** Whether there is no model: none comes with the package, and none was given. */
  get lacking(): boolean {
    const { model } = this.host;
    return this.parts.invitation !== undefined && (model === undefined || model === null);
  }

  /** Whether the model has read nothing but English, as those that the package knows have. */
  get englishOnly(): boolean {
    const { model, offer } = this.host;
    return !this.lacking && (this.modelName === '' || model === offer?.model);
  }

  /** Whether a retry reloads the page. */
  get reloads(): boolean {
    return this.parts.reloads?.() === true;
  }

  /** Whether a run is under way. */
  get running(): boolean {
    return this.runs.running;
  }

  /** What is being done, for all to see and for screen readers. */
  get status(): string {
    return this.#status;
  }

  /** Says what is being done. */
  announce(text: string): void {
    this.#status = text;
    this.host.requestUpdate();
  }

  /** Moves the focus to a control. */
  focus(id: string): void {
    focusControl(this.host, id);
  }

  // ---- for the page ---------------------------------------------------------------------------------------------

  /** Loads the model if it is not there yet. */
  async load(): Promise<void> {
    if (!this.parts.modelless?.()) await this.model.load();
  }

  /**
   * Does the task with what is typed; a run that is under way is replaced. Resolves with the result, if there is one.
   * One that is `unasked` leaves the focus where it is, whatever goes wrong.
   */
  async run({ unasked = false } = {}): Promise<R | undefined> {
    this.parts.beforeRun?.();
    const refused = this.link.firstRefusal;
    const problem = refused
      ? { at: refused.key, code: 'invalid_option', message: refused.why }
      : (this.parts.check() ?? this.#lack);
    if (problem) {
      this.problem.show(problem, unasked ? undefined : problem.at);
      this.announce('');
      await this.host.updateComplete;
      return undefined;
    }
    this.problem.clear();
    this.announce(
      this.pipe || this.parts.modelless?.() ? this.parts.doing() : words.frame.loadingFirst(this.parts.verb()),
    );
    let by: Answerer | undefined;
    const perform = async (signal: AbortSignal): Promise<R> => {
      const pipe = this.parts.modelless?.() ? undefined : await untilAborted(this.model.load(), signal);
      // The text may have changed while the model came.
      this.parts.beforeRun?.();
      by = pipe && { name: this.modelName, info: pipe.info, runtime: pipe.runtime };
      if (this.parts.streams) this.answerer = by;
      this.announce(this.parts.doing());
      return this.parts.perform(pipe!, signal);
    };
    return this.runs.run(perform, {
      done: (result) => {
        this.result = result;
        this.answerer = by;
        this.announce(this.parts.summary(result));
        emit(this.host, 'cloze-result', result);
      },
      stopped: (error) => {
        this.parts.interrupted?.(error);
        this.announce(this.parts.stoppedSummary?.() ?? words.frame.stopped);
      },
      failed: (error) => {
        this.parts.interrupted?.(error);
        // A load that failed has said so itself.
        if (this.model.state === 'failed') return;
        this.#fail(error, isCoded(error) ? this.parts.placeOf(error.code, error.details ?? {}) : 'run', unasked);
      },
    });
  }

  /** Stops the run, and the loading of the model if that is what it waits for. */
  stop(): void {
    this.runs.stop();
    this.model.stop();
  }

  // ---- for the frame --------------------------------------------------------------------------------------------

  /** Shows an example and runs it. */
  runExample(example: Example<S>): void {
    this.link.restart(example.state);
    // It may name another model: the one before is let go in the update, and whatever runs on it ends.
    void this.host.updateComplete.then(() => this.run());
  }

  /** Does again what failed. */
  retry(): void {
    if (this.reloads) return location.reload();
    const at = this.problem.current?.at;
    this.problem.clear();
    if (at === 'load') {
      this.#release();
      void this.load().catch(() => undefined);
    } else {
      void this.run();
    }
    this.focus('run');
  }

  /** Copies the result. */
  async copy(): Promise<void> {
    const text = this.parts.copyable();
    if (text === undefined) return;
    const copied = await copyText(text);
    this.announce(copied ? words.frame.copied(count(text.length, 'character')) : words.frame.cannotCopy);
  }

  /** Copies the link of this screen. */
  async share(): Promise<void> {
    const link = this.host.shareUrl?.() ?? this.link.address(this.parts.shared?.() ?? this.current);
    const content = this.parts.linkContent?.() ?? words.frame.linkContent;
    this.announce((await copyText(link)) ? words.frame.linkCopied(content) : words.frame.cannotCopyLink(link));
  }

  // ---- life -----------------------------------------------------------------------------------------------------

  hostConnected(): void {
    this.#stopHearing = onLanguage(() => this.#sayAgain());
  }

  hostDisconnected(): void {
    this.#stopHearing?.();
  }

  hostUpdate(): void {
    const { host } = this;
    const { model, dtype, build, threads, token } = host;
    const inputs = [model, dtype, build, threads];
    const needs = this.parts.needs?.();
    const changed =
      this.#inputs?.some((value, index) => !Object.is(value, inputs[index])) === true ||
      (this.#needs !== undefined && needs !== this.#needs) ||
      // A token that is taken away was for a load that is over or under way: that changes nothing.
      (token !== this.#token && Boolean(token));
    const first = this.#inputs === undefined;
    this.#inputs = inputs;
    this.#needs = needs;
    this.#token = token;
    if (first) this.#lacked = this.lacking;
    if (first || !changed) return;
    const wanted = this.model.wanted || this.problem.current?.at === 'load';
    const lacked = this.#lacked;
    this.#lacked = this.lacking;
    this.#release();
    this.problem.clear();
    if (this.lacking) return;
    if (lacked) this.model.watch();
    if (wanted) void this.load().catch(() => undefined);
  }

  /** What was said in another language is said again, or taken away; that a load failed stays. */
  #sayAgain(): void {
    if (this.problem.current?.at !== 'load') this.problem.clear();
    if (!this.running) this.announce(this.result === undefined ? '' : this.parts.summary(this.result));
  }

  /** That there is no model, as a problem. */
  get #lack(): Problem | undefined {
    if (!this.lacking) return undefined;
    return { at: 'model', code: 'no_model', message: words.bring.first(this.parts.verb()) };
  }

  #opened(pipe: P): void {
    if (!this.running) this.announce(words.frame.ready);
    emit(this.host, 'cloze-ready', { info: pipe.info, runtime: pipe.runtime });
    this.parts.opened?.(pipe);
    if (this.host.autorun && !this.#autorunDone && !this.running) queueMicrotask(() => void this.run());
    this.#autorunDone = true;
  }

  #release(): void {
    this.stop();
    this.model.release();
  }

  #fail(error: unknown, place: string, unasked = false): void {
    const code = isCoded(error) ? error.code : 'internal';
    const at = this.lacking ? 'model' : isLoadCode(code) ? 'load' : place;
    const message = sentence(this.parts.wording?.(code) ?? problemText(error));
    // The cause may be folded away in the settings: go there, as after any refused form.
    const focus = unasked || ['load', 'run'].includes(at) ? undefined : at;
    this.problem.show({ at, code, message }, focus);
    this.announce('');
    emit(this.host, 'cloze-error', error);
  }

  readonly #onKey = (event: KeyboardEvent): void => {
    if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey) || event.repeat) return;
    event.preventDefault();
    void this.run();
  };
}
