/**
 * A screen that runs a model, put together from the other controllers: what is typed and set, a model that loads when it
 * is needed, one run at a time, and problems beside the controls that caused them.
 */
import type { ReactiveController } from 'lit';
import type { PipelineOptions } from '../../index.js';
import { untilAborted } from '../../page/abort.js';
import { words } from '../../words/index.js';
import { onLanguage } from '../../words/language.js';
import { isFull } from '../appearance.js';
import { copyText } from '../clipboard.js';
import { count } from '../format.js';
import { number, unnumber } from '../landmarks.js';
import type { Linkable } from '../links.js';
import type { Schema } from '../state.js';
import { Beginning, type Example } from './beginning.js';
import { emit, focusControl } from './host.js';
import { LinkController } from './link.js';
import { ModelController } from './model.js';
import { isCoded, isLoadCode, ProblemController, problemText, sentence, type Problem } from './problem.js';
import { recording, type HeardCall } from './recording.js';
import { RunController } from './run.js';
import type { Ran } from './saved-run.js';
import type { Answerer, AnyPipeline, ScreenHost, ScreenParts } from './screen-parts.js';

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
  readonly beginning: Beginning<S>;
  readonly link: LinkController<S>;
  readonly model: ModelController<P>;
  readonly problem: ProblemController;
  readonly runs: RunController;
  /** The last result, until another run begins to show its own. */
  result: R | undefined;
  /** Whose answer is shown. */
  answerer: Answerer | undefined;
  /** What that run asked of its pipeline, and which model the page named then. */
  #ran: Ran | undefined;
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
    this.beginning = new Beginning<S>(host, screen.schema as Schema<S>, parts);
    this.link = new LinkController<S>(host, screen, {
      start: () => this.beginning.state,
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
    return modelName ?? (typeof model === 'string' ? model : words.frame.filesFromDevice);
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

  /** The examples that are offered. */
  get examples(): readonly Example<S>[] {
    return this.beginning.examples;
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

  /** Merges what the page gives into the state; throws on what it cannot use, having taken the rest. */
  set(given: Partial<S>): void {
    this.link.merge({ ...this.parts.withdrawn?.(given), ...given });
  }

  /** An attribute was set, changed or removed. Until somebody typed, all of them together say what stands on the screen. */
  attributeChanged(name: string, text: string | null): void {
    const change = this.beginning.take(name, text);
    if (!change) return;
    if (this.link.untouched) this.link.begin();
    else this.set(change);
  }

  /** All as at first: what is typed and set, and no result. The model stays. */
  reset(): void {
    this.runs.stop();
    this.problem.clear();
    this.result = undefined;
    this.answerer = undefined;
    this.announce('');
    this.link.begin();
  }

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
    let ran: Ran | undefined;
    const perform = async (signal: AbortSignal): Promise<R> => {
      const pipe = this.parts.modelless?.() ? undefined : await untilAborted(this.model.load(), signal);
      // The text may have changed while the model came.
      this.parts.beforeRun?.();
      by = pipe && { name: this.modelName, info: pipe.info, runtime: pipe.runtime };
      if (this.parts.streams) this.answerer = by;
      this.announce(this.parts.doing());
      const { model, dtype } = this.host;
      const heard = (call: HeardCall): void => void (ran = { call, of: { model, dtype } });
      return this.parts.perform(pipe ? recording(pipe, heard) : pipe!, signal);
    };
    return this.runs.run(perform, {
      done: (result) => {
        this.result = result;
        this.answerer = by;
        this.#ran = ran;
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

  /** Whether the run whose result is shown can be saved. */
  get savable(): boolean {
    return this.result !== undefined && this.answerer !== undefined && this.#ran !== undefined;
  }

  /** Hands the run over as a file, which `cloze replay` runs again. */
  async save(): Promise<void> {
    const { answerer } = this;
    if (!answerer || !this.#ran || this.result === undefined) return;
    const saving = await import('./saved-run.js').catch(() => undefined);
    const link = this.host.shareUrl ? this.#link : '';
    this.announce(saving ? await saving.saveRun(this.#ran, answerer, this.screen.task, link) : words.frame.cannotSave);
  }

  get #link(): string {
    const { shareUrl = '' } = this.host;
    const state = this.parts.shared?.() ?? this.current;
    return typeof shareUrl === 'function' ? shareUrl() : this.link.address(state, shareUrl);
  }

  /** Copies the link of this screen. */
  async share(): Promise<void> {
    const link = this.#link;
    const content = this.parts.linkContent?.() ?? words.frame.linkContent;
    this.announce((await copyText(link)) ? words.frame.linkCopied(content) : words.frame.cannotCopyLink(link));
  }

  // ---- life -----------------------------------------------------------------------------------------------------

  hostConnected(): void {
    // A page of full screens shows one at a time.
    if (!isFull(this.host)) number(this.host);
    this.#stopHearing = onLanguage(() => this.#sayAgain());
  }

  hostDisconnected(): void {
    unnumber(this.host);
    this.#stopHearing?.();
  }

  hostUpdate(): void {
    const { host } = this;
    if (this.link.untouched && this.beginning.changed) this.link.begin();
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
    return { at: 'model', code: 'no_model', message: this.parts.invitation!().lack(this.parts.verb()) };
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
    if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey) || event.repeat || this.host.matches(':disabled'))
      return;
    event.preventDefault();
    void this.run();
  };
}
